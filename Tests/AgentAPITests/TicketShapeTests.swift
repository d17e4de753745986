// A ticket on the wire is what clients of this API expect.

import AgentAPI
import Foundation
import HelpdeskDomain
import Hummingbird
import ReplicaCore
import Testing

@Suite struct TicketShapeTests {
  static let keys: Set<String> = [
    "url", "id", "external_id", "via", "created_at", "updated_at", "generated_timestamp", "type",
    "subject", "raw_subject", "description", "priority", "status", "custom_status_id", "recipient",
    "requester_id", "submitter_id", "assignee_id", "organization_id", "group_id",
    "collaborator_ids", "follower_ids", "email_cc_ids", "forum_topic_id", "problem_id",
    "has_incidents", "is_public", "due_at", "tags", "custom_fields", "fields",
    "satisfaction_rating", "sharing_agreement_ids", "followup_ids", "ticket_form_id", "brand_id",
    "allow_channelback", "allow_attachments", "from_messaging_channel", "version",
  ]

  @Test func aNewTicketHasAllKeysAndNullWhereEmpty() async throws {
    try await APIFixture().run { api in
      let answer = try await api.post(
        "/api/v2/tickets.json",
        #"{"ticket":{"subject":"Hot phone","comment":{"body":"It burns."}}}"#)
      #expect(answer.status == 201)
      let ticket = try answer.object("ticket")
      #expect(Set(ticket.keys) == Self.keys)
      for key in ["external_id", "priority", "assignee_id", "due_at", "satisfaction_rating"] {
        #expect(ticket[key] is NSNull, "\(key)")
      }
      #expect(ticket["description"] as? String == "It burns.")
      #expect(ticket["created_at"] as? String == "2026-09-21T14:13:20Z")
      #expect(answer.header("Location") == ticket["url"] as? String)
      let audit = try answer.object("audit")
      let events = try #require(audit["events"] as? [[String: Any]])
      #expect(events.first?["type"] as? String == "Comment")
      #expect(events.contains { $0["type"] as? String == "Create" })
      #expect(audit["ticket_id"] as? NSNumber == ticket["id"] as? NSNumber)
    }
  }

  @Test func aDescriptionThatIsAPrivateCommentIsNotForViewers() async throws {
    try await APIFixture().run { api in
      for (flag, isShown) in [("true", true), ("false", false)] {
        let made = try await api.post(
          "/api/v2/tickets",
          #"{"ticket":{"subject":"S","comment":{"body":"between us","public":\#(flag)}}}"#)
        let id = try #require(try made.object("ticket")["id"] as? NSNumber)
        for (token, sees) in [("viewer-token", isShown), ("agent-token", true)] {
          for path in ["tickets/\(id)", "tickets/show_many?ids=\(id)"] {
            let answer = try await api.get("/api/v2/\(path)", auth: "Bearer \(token)")
            #expect(answer.text.contains("between us") == sees, "\(path) for \(token)")
          }
        }
      }
    }
  }

  @Test func putAndPatchChangeOnlyWhatIsGiven() async throws {
    try await APIFixture().run { api in
      let id = try await api.ticket("Écran cassé", #","priority":"high","tags":["vip"]"#)
      for (method, status) in [("PUT", "open"), ("PATCH", "pending")] {
        let answer = try await api.send(
          .init(rawValue: method) ?? .get, "/api/v2/tickets/\(id).json",
          #"{"ticket":{"status":"\#(status)","additional_tags":["\#(status)"]}}"#)
        #expect(answer.status == 200, "\(answer.text)")
        let ticket = try answer.object("ticket")
        #expect(ticket["status"] as? String == status)
        #expect(ticket["priority"] as? String == "high")
        #expect((ticket["tags"] as? [String])?.contains("vip") == true)
        let events = try #require(try answer.object("audit")["events"] as? [[String: Any]])
        let change = try #require(events.first { $0["field_name"] as? String == "status" })
        #expect(change["type"] as? String == "Change")
        #expect(change["value"] as? String == status)
        let tags = try #require(events.first { $0["field_name"] as? String == "tags" })
        #expect((tags["previous_value"] as? [String])?.contains(status) == false)
      }
      let cleared = try await api.send(
        .put, "/api/v2/tickets/\(id)",
        #"{"ticket":{"priority":null,"remove_tags":["vip"],"comment":{"body":"x","public":false}}}"#
      )
      #expect(try cleared.object("ticket")["priority"] is NSNull)
      let comments = try await api.get("/api/v2/tickets/\(id)/comments.json").list("comments")
      #expect(comments.count == 2)
      #expect(comments.last?["public"] as? Bool == false)
    }
  }

  @Test func aWriteThatChangesNothingStillAnswersWithAnAudit() async throws {
    try await APIFixture().run { api in
      let id = try await api.ticket()
      let answer = try await api.send(.put, "/api/v2/tickets/\(id)", #"{"ticket":{}}"#)
      #expect(answer.status == 200)
      #expect((try answer.object("audit")["events"] as? [Any])?.isEmpty == true)
    }
  }

  @Test func theVersionComesBackAsTheVectorItWas() async throws {
    try await APIFixture().run { api in
      let id = try await api.ticket()
      let shown = try await api.get("/api/v2/tickets/\(id).json").object("ticket")
      let version = try #require(shown["version"] as? String)
      let answer = try await api.send(
        .put, "/api/v2/tickets/\(id)",
        #"{"ticket":{"status":"open","version":"\#(version)"}}"#)
      #expect(answer.status == 200)
      guard case .updateTicket(_, let edit) = await api.desk.commands.last else {
        Issue.record("no update was submitted")
        return
      }
      #expect(edit.version?.vector == VersionVector([Slot(7): 1]))
      let wrong = try await api.send(
        .put, "/api/v2/tickets/\(id)", #"{"ticket":{"version":"!!"}}"#)
      #expect(wrong.status == 422)
    }
  }

  @Test func checkboxesAreTrueAndFalse() async throws {
    try await APIFixture().run { api in
      let field = try await api.post(
        "/api/v2/ticket_fields", #"{"ticket_field":{"title":"Knows","type":"checkbox"}}"#
      ).object("ticket_field")
      let id = try #require(field["id"] as? NSNumber)
      let ticket = try await api.ticket("a", #","custom_fields":[{"id":\#(id),"value":true}]"#)
      let shown = try await api.get("/api/v2/tickets/\(ticket)").object("ticket")
      let fields = try #require(shown["custom_fields"] as? [[String: Any]])
      #expect(fields.first?["value"] as? Bool == true)
      #expect(try await api.get("/api/v2/tickets/\(ticket)").text.contains(#""value":true"#))
    }
  }

  @Test func auditsTellTheHistoryInOrder() async throws {
    try await APIFixture().run { api in
      let id = try await api.ticket()
      _ = try await api.send(.put, "/api/v2/tickets/\(id)", #"{"ticket":{"status":"open"}}"#)
      let audits = try await api.get("/api/v2/tickets/\(id)/audits.json").list("audits")
      #expect(audits.count == 2)
      let events = try #require(audits[1]["events"] as? [[String: Any]])
      #expect(events.first?["previous_value"] as? String == "new")
      let one = try #require(audits[1]["id"] as? NSNumber)
      let shown = try await api.get("/api/v2/tickets/\(id)/audits/\(one).json").object("audit")
      #expect(shown["id"] as? NSNumber == one)
    }
  }

  @Test func deletedIsGoneAndTheAnswerIsEmpty() async throws {
    try await APIFixture().run { api in
      let id = try await api.ticket()
      let gone = try await api.send(.delete, "/api/v2/tickets/\(id).json", "{}")
      #expect(gone.status == 204)
      #expect(gone.bytes.isEmpty)
      #expect(try await api.get("/api/v2/tickets/\(id).json").status == 404)
    }
  }

  @Test func theSuffixMakesNoDifference() async throws {
    try await APIFixture().run { api in
      let id = try await api.ticket()
      let with = try await api.get("/api/v2/tickets/\(id).json?include=users")
      let without = try await api.get("/api/v2/tickets/\(id)?include=users")
      #expect(with.bytes == without.bytes)
      #expect(with.status == 200)
    }
  }

  @Test func sideloadsStandBesideTheTickets() async throws {
    try await APIFixture().run { api in
      var user = UserRecord(
        id: MemoryAuthenticator.agent, name: "Ann", role: .agent, roleDot: Dot(Slot(7), 1),
        active: true)
      user.email = "agent@paris.example"
      await api.desk.put(user)
      _ = try await api.ticket()
      let answer = try await api.get(
        "/api/v2/tickets.json?include=users,groups,organizations&page[size]=10")
      #expect(try answer.list("users").first?["name"] as? String == "Ann")
      #expect(try answer.list("groups").isEmpty)
      #expect(try answer.list("organizations").isEmpty)
    }
  }

  @Test func jobsTellEachRowsFate() async throws {
    try await APIFixture().run { api in
      let made = try await api.post(
        "/api/v2/tickets/create_many.json",
        #"{"tickets":[{"subject":"a","comment":{"body":"a"}},{"subject":"no comment"}]}"#
      ).object("job_status")
      #expect(made["status"] as? String == "completed")
      let results = try #require(made["results"] as? [[String: Any]])
      #expect(results[0]["id"] is NSNumber)
      #expect(results[1]["error"] as? String == "RecordInvalid")
      let id = try #require(results[0]["id"] as? NSNumber)
      let updated = try await api.send(
        .put, "/api/v2/tickets/update_many.json?ids=\(id),990007",
        #"{"ticket":{"status":"solved"}}"#
      ).object("job_status")
      let rows = try #require(updated["results"] as? [[String: Any]])
      #expect(rows[0]["success"] as? Bool == true)
      #expect(rows[1]["success"] as? Bool == false)
      let job = try #require(updated["id"] as? String)
      #expect(try await api.get("/api/v2/job_statuses/\(job).json").status == 200)
      #expect(
        try await api.get("/api/v2/job_statuses/\(job)", auth: "Bearer admin-token").status == 404)
    }
  }

  @Test func incrementalCursorsBelongToTheirNode() async throws {
    try await APIFixture().run { api in
      for _ in 0..<3 { _ = try await api.ticket() }
      let first = try await api.get(
        "/api/v2/incremental/tickets/cursor.json?start_time=0&per_page=2")
      #expect(try first.list("tickets").count == 2)
      #expect(try first.json()["end_of_stream"] as? Bool == false)
      let url = try #require(try first.json()["after_url"] as? String)
      let path = url.replacingOccurrences(of: "http://localhost", with: "")
      let second = try await api.get(path)
      #expect(try second.list("tickets").count == 1)
      #expect(try second.json()["end_of_stream"] as? Bool == true)
      let foreign = Data("8:1".utf8).base64EncodedString()
      #expect(
        try await api.get("/api/v2/incremental/tickets/cursor?cursor=\(foreign)").status == 400)
    }
  }
}
