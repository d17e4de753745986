// Who belongs to an organization: counts and pages of a real node.

import Foundation
import Testing

@testable import NodeRuntime

@Suite(.serialized)
struct OrganizationMembershipTests {
  @Test func membershipsOfOrganizationsAreCountedAsTheyAreShown() async throws {
    try await DeskBench.run { bench in
      let organization = try await bench.made(
        "/api/v2/organizations", #"{"organization":{"name":"Sunrise"}}"#, "organization")
      var members: [Int64] = []
      var others: [Int64] = []
      for number in 0..<10 {
        let belongs = number % 4 == 3
        let more = belongs ? #","organization_id":\#(organization)"# : ""
        let id = try await bench.made(
          "/api/v2/users",
          #"{"user":{"name":"u\#(number)","email":"u\#(number)@sunrise.example"\#(more)}}"#, "user")
        if belongs { members.append(id) } else { others.append(id) }
      }
      let path = "/api/v2/organization_memberships"
      let page = try await bench.get("\(path)?per_page=1")
      #expect(page["count"] as? Int == members.count)
      #expect(DeskBench.ids(page, "organization_memberships") == [members[0]])
      #expect(page["next_page"] is String)
      let pages = try await bench.walked("\(path)?page[size]=1", "organization_memberships")
      #expect(pages.filter { !$0.isEmpty } == members.map { [$0] })
      #expect(pages.count == members.count)
      for (user, count) in [(members[0], 1), (others[0], 0)] {
        let own = try await bench.get("/api/v2/users/\(user)/organization_memberships")
        #expect(own["count"] as? Int == count)
        #expect(DeskBench.ids(own, "organization_memberships").count == count)
      }
    }
  }

  /// Clients name a user's organization instead of looking for its id.
  @Test func aUsersOrganizationMayBeGivenByItsName() async throws {
    try await DeskBench.run { bench in
      let firm = try await bench.made(
        "/api/v2/organizations", #"{"organization":{"name":"Sunrise"}}"#, "organization")
      func organization(_ answer: DeskBench.Answer) throws -> Any? {
        (try answer.json()["user"] as? [String: Any])?["organization_id"]
      }
      let named = #""organization":{"name":" SUNRISE "}"#
      let made = try await bench.ask(
        "POST", "/api/v2/users", #"{"user":{"name":"Una","email":"una@x.example",\#(named)}}"#)
      #expect(try organization(made) as? Int64 == firm, "\(made.text)")
      let other = try await bench.made("/api/v2/users", #"{"user":{"name":"Bo"}}"#, "user")
      for body in [named, #""organization":{"name":"Nope"},"organization_id":\#(firm)"#] {
        let changed = try await bench.ask(
          "PUT", "/api/v2/users/\(other)", #"{"user":{\#(body)}}"#)
        #expect(try organization(changed) as? Int64 == firm, "\(changed.text)")
        _ = try await bench.ask(
          "PUT", "/api/v2/users/\(other)", #"{"user":{"organization_id":null}}"#)
      }
      let again = try await bench.ask(
        "POST", "/api/v2/users/create_or_update",
        #"{"user":{"name":"Cy","email":"cy@x.example",\#(named)}}"#)
      #expect(try organization(again) as? Int64 == firm, "\(again.text)")
      for path in ["create_many", "create_or_update_many"] {
        let many = try await bench.ask(
          "POST", "/api/v2/users/\(path)",
          #"{"users":[{"name":"\#(path)",\#(named)},{"name":"X","organization":{"name":"Y"}}]}"#)
        let job = try #require(try many.json()["job_status"] as? [String: Any])
        let results = try #require(job["results"] as? [[String: Any]])
        let id = try #require(results.first?["id"] as? Int64, "\(many.text)")
        #expect(
          try organization(try await bench.ask("GET", "/api/v2/users/\(id)")) as? Int64 == firm)
        #expect(results.last?["id"] as? Int64 == nil, "\(many.text)")
      }
      for wrong in [#"{"name":"Nope"}"#, #"{"name":""}"#, "{}", #""Sunrise""#] {
        let refused = try await bench.ask(
          "POST", "/api/v2/users", #"{"user":{"name":"X","organization":\#(wrong)}}"#)
        #expect(refused.status == 422, "\(wrong): \(refused.text)")
        #expect(refused.text.contains("organization"), "\(wrong)")
      }
    }
  }
}
