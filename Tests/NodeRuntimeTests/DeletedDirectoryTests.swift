// Organizations and customers that were deleted, or are suspended, as clients of a real node meet
// them.

import Foundation
import ReplicaCore
import Testing

@testable import NodeRuntime

@Suite(.serialized)
struct DeletedDirectoryTests {
  /// An organization with a customer and a ticket of hers, and then without itself.
  private struct Gone {
    let bench: DeskBench
    let firm: Int64
    let user: Int64
    let ticket: Int64

    init(_ bench: DeskBench) async throws {
      self.bench = bench
      firm = try await bench.made(
        "/api/v2/organizations", #"{"organization":{"name":"Sunrise"}}"#, "organization")
      user = try await bench.made(
        "/api/v2/users",
        #"{"user":{"name":"Una","email":"una@sunrise.example","organization_id":\#(firm)}}"#,
        "user")
      ticket = try await bench.ticket("Before", #","requester_id":\#(user)"#)
      let deleted = try await bench.ask("DELETE", "/api/v2/organizations/\(firm)")
      #expect(deleted.status == 204)
    }

    /// The organization of the row under `key` of an answer.
    func organization(_ answer: DeskBench.Answer, _ key: String) throws -> Any? {
      (try answer.json()[key] as? [String: Any])?["organization_id"]
    }
  }

  @Test func whoseOrganizationWasDeletedGetsTicketsAllTheSame() async throws {
    try await DeskBench.run { bench in
      let gone = try await Gone(bench)
      for requester in [
        #""requester_id":\#(gone.user)"#,
        #""requester":{"name":"Una","email":"una@sunrise.example"}"#,
      ] {
        let made = try await bench.ask(
          "POST", "/api/v2/tickets", #"{"ticket":{"comment":{"body":"x"},\#(requester)}}"#)
        #expect(made.status == 201, "\(made.text)")
        #expect(try gone.organization(made, "ticket") is NSNull)
      }
      let many = try await bench.ask(
        "POST", "/api/v2/tickets/create_many",
        #"{"tickets":[{"requester_id":\#(gone.user),"comment":{"body":"x"}}]}"#)
      let job = try #require(try many.json()["job_status"] as? [String: Any])
      let results = try #require(job["results"] as? [[String: Any]])
      #expect(results.first?["id"] is NSNumber, "\(many.text)")

      let token = try await bench.running.node.freshToken(RowID(gone.user)).text
      let request = try await bench.client.ask(
        "POST", "/api/v2/requests", #"{"request":{"subject":"S","comment":{"body":"x"}}}"#,
        auth: "Bearer \(token)")
      #expect(request.status == 201, "\(request.text)")
      #expect(try gone.organization(request, "request") is NSNull)

      let named = try await bench.ask(
        "POST", "/api/v2/tickets",
        #"{"ticket":{"organization_id":\#(gone.firm),"comment":{"body":"x"}}}"#)
      #expect(named.status == 422)
      #expect(named.text.contains("organization_id"))
    }
  }

  @Test func nobodyIsShownWithADeletedOrganization() async throws {
    try await DeskBench.run { bench in
      let gone = try await Gone(bench)
      #expect(
        try gone.organization(try await bench.ask("GET", "/api/v2/users/\(gone.user)"), "user")
          is NSNull)
      for path in [
        "organization_memberships", "users/\(gone.user)/organization_memberships",
      ] {
        let answer = try await bench.get("/api/v2/\(path)")
        #expect(DeskBench.ids(answer, "organization_memberships").isEmpty, "\(path)")
        #expect(answer["count"] as? Int == 0, "\(path)")
      }
      for list in ["users", "tickets"] {
        let answer = try await bench.ask("GET", "/api/v2/organizations/\(gone.firm)/\(list)")
        #expect(answer.status == 404, "\(list)")
      }
      for (query, found) in [
        ("type:user organization:\(gone.firm)", []),
        ("type:user organization:none name:Una", [gone.user]),
      ] {
        let answer = try await bench.get("/api/v2/search?query=\(query.inQuery)")
        #expect(DeskBench.ids(answer, "results") == found, "\(query)")
      }
      let export = try await bench.get("/api/v2/incremental/users/cursor?start_time=0")
      let rows = try #require(export["users"] as? [[String: Any]])
      let row = try #require(rows.first { $0["id"] as? Int64 == gone.user })
      #expect(row["organization_id"] is NSNull)
    }
  }

  /// A ticket is a record of its time: everything that looks for it by the organization agrees.
  @Test func ticketsOfADeletedOrganizationStayWithIt() async throws {
    try await DeskBench.run { bench in
      let gone = try await Gone(bench)
      let shown = try await bench.ask("GET", "/api/v2/tickets/\(gone.ticket)")
      #expect(try gone.organization(shown, "ticket") as? Int64 == gone.firm)
      let query = "type:ticket organization:\(gone.firm)".inQuery
      let found = try await bench.get("/api/v2/search?query=\(query)")
      #expect(DeskBench.ids(found, "results") == [gone.ticket])
      let none = "type:ticket organization:none".inQuery
      #expect(DeskBench.ids(try await bench.get("/api/v2/search?query=\(none)"), "results") == [])
      let export = try await bench.get("/api/v2/incremental/tickets/cursor?start_time=0")
      let rows = try #require(export["tickets"] as? [[String: Any]])
      #expect(rows.first?["organization_id"] as? Int64 == gone.firm)
      // Clients send whole rows back.
      let again = try await bench.ask(
        "PUT", "/api/v2/tickets/\(gone.ticket)",
        #"{"ticket":{"organization_id":\#(gone.firm),"priority":"high"}}"#)
      #expect(again.status == 200, "\(again.text)")
    }
  }

  @Test func theAddressOfADeletedCustomerIsFree() async throws {
    try await DeskBench.run { bench in
      var number = 0
      /// A customer who was deleted: the id and the address.
      func deleted() async throws -> (id: Int64, email: String) {
        number += 1
        let email = "gil\(number)@x.example"
        let id = try await bench.made(
          "/api/v2/users",
          #"{"user":{"name":"Gil","email":"\#(email)","external_id":"crm-\#(number)"}}"#, "user")
        #expect(try await bench.ask("DELETE", "/api/v2/users/\(id)").status == 200)
        return (id, email)
      }
      func ids(_ answer: DeskBench.Answer, _ key: String, _ field: String) throws -> [Int64] {
        let row = try answer.json()[key] as? [String: Any]
        if let one = row?[field] as? Int64 { return [one] }
        return row?[field] as? [Int64] ?? []
      }
      for (more, field) in [
        (#""requester":{"name":"New","email":"EMAIL"}"#, "requester_id"),
        (#""collaborators":["EMAIL"]"#, "collaborator_ids"),
        (#""additional_collaborators":[{"email":"EMAIL","name":"N"}]"#, "collaborator_ids"),
        (#""email_ccs":[{"user_email":"EMAIL","action":"put"}]"#, "collaborator_ids"),
      ] {
        let (id, email) = try await deleted()
        let members = more.replacingOccurrences(of: "EMAIL", with: email)
        let made = try await bench.ask(
          "POST", "/api/v2/tickets", #"{"ticket":{"comment":{"body":"x"},\#(members)}}"#)
        #expect(made.status == 201, "\(members): \(made.text)")
        let found = try ids(made, "ticket", field)
        #expect(found.count == 1 && !found.contains(id), "\(members)")
      }
      let (byAddress, email) = try await deleted()
      let search = "/api/v2/users/search?query=\("email:\(email)".inQuery)"
      #expect(DeskBench.ids(try await bench.get(search), "users").isEmpty)
      for member in [#""email":"\#(email)""#, #""external_id":"crm-\#(number)""#] {
        let answer = try await bench.ask(
          "POST", "/api/v2/users/create_or_update", #"{"user":{"name":"New",\#(member)}}"#)
        #expect(answer.status == 201, "\(member): \(answer.text)")
        #expect(try ids(answer, "user", "id") != [byAddress])
      }
      let (inBulk, other) = try await deleted()
      let many = try await bench.ask(
        "POST", "/api/v2/users/create_or_update_many",
        #"{"users":[{"name":"New","email":"\#(other)"}]}"#)
      let job = try #require(try many.json()["job_status"] as? [String: Any])
      let result = try #require((job["results"] as? [[String: Any]])?.first)
      let made = try #require(result["id"] as? Int64, "\(many.text)")
      #expect(made != inBulk)
    }
  }

  /// Who is suspended may not write; the desk may still work for them.
  @Test func aSuspendedCustomerMayBeTheRequester() async throws {
    try await DeskBench.run { bench in
      let id = try await bench.made(
        "/api/v2/users",
        #"{"user":{"name":"Sy","email":"sy@x.example","suspended":true}}"#, "user")
      for requester in [
        #""requester_id":\#(id)"#, #""requester":{"name":"Sy","email":"sy@x.example"}"#,
      ] {
        let made = try await bench.ask(
          "POST", "/api/v2/tickets", #"{"ticket":{"comment":{"body":"x"},\#(requester)}}"#)
        #expect(made.status == 201, "\(made.text)")
        let ticket = try made.json()["ticket"] as? [String: Any]
        #expect(ticket?["requester_id"] as? Int64 == id)
      }
      let other = try await bench.ticket()
      let moved = try await bench.ask(
        "PUT", "/api/v2/tickets/\(other)", #"{"ticket":{"requester_id":\#(id)}}"#)
      #expect(moved.status == 200, "\(moved.text)")
      #expect(try await bench.ask("DELETE", "/api/v2/users/\(id)").status == 200)
      let gone = try await bench.ask(
        "POST", "/api/v2/tickets",
        #"{"ticket":{"comment":{"body":"x"},"requester_id":\#(id)}}"#)
      #expect(gone.status == 422)
    }
  }
}
