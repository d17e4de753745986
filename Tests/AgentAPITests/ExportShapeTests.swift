// The shapes of exports, imports, merges and requests, as clients know them.

import AgentAPI
import Foundation
import HelpdeskDomain
import Hummingbird
import ReplicaCore
import Testing

@Suite struct ExportShapeTests {
  static let kinds = ["tickets", "ticket_events", "users", "organizations"]

  @Test(arguments: kinds)
  func everyExportHasBothStyles(kind: String) async throws {
    try await APIFixture().run { api in
      let path = "/api/v2/incremental/\(kind)"
      let byCursor = try await api.get("\(path)/cursor.json?start_time=0").json()
      #expect(byCursor[kind] is [Any], "the array is there when it is empty")
      #expect(byCursor["before_cursor"] is NSNull)
      #expect(byCursor["end_of_stream"] as? Bool == true)
      let cursor = try #require(byCursor["after_cursor"] as? String)
      #expect((byCursor["after_url"] as? String)?.contains("cursor=\(cursor)") == true)
      let byTime = try await api.get("\(path).json?start_time=0").json()
      #expect(byTime["count"] as? Int == (byTime[kind] as? [Any])?.count)
      #expect(byTime["end_time"] is Int)
      let next = try #require(byTime["next_page"] as? String)
      #expect(next.contains("/api/v2/incremental/\(kind).json?"))
      let again = try await api.get(String(next.drop { $0 != "/" }.dropFirst(2).drop { $0 != "/" }))
      #expect(again.status == 200, "next_page is followed as it is: \(again.text)")
    }
  }

  @Test func aCursorOfAnotherNodeNamesIt() async throws {
    try await APIFixture().run { api in
      // "99:5"
      let answer = try await api.get("/api/v2/incremental/users/cursor?cursor=OTk6NQ")
      #expect(answer.status == 400)
      #expect(answer.text.contains("slot 99"))
      for wrong in ["x", "OTk6LTU", ""] {
        let path = "/api/v2/incremental/users/cursor?cursor=\(wrong)"
        #expect(try await api.get(path).status == 400)
      }
    }
  }

  @Test func aCursorOfAnotherExportIsRefused() async throws {
    try await APIFixture().run { api in
      let first = try await api.get("/api/v2/incremental/tickets/cursor?start_time=0").json()
      let cursor = try #require(first["after_cursor"] as? String)
      for kind in ["users", "organizations", "ticket_events"] {
        for path in ["\(kind)/cursor", kind] {
          let answer = try await api.get("/api/v2/incremental/\(path)?cursor=\(cursor)")
          #expect(answer.status == 400)
          #expect(try answer.json()["description"] as? String ?? "" != "")
        }
      }
      #expect(try await api.get("/api/v2/incremental/tickets?cursor=\(cursor)").status == 200)
    }
  }

  @Test func theCursorStreamGivesEachRowOnce() async throws {
    try await APIFixture().run { api in
      var made: [Int64] = []
      for number in 0..<5 { made.append(try await api.ticket("t\(number)")) }
      var seen: [Int64] = []
      var path = "/api/v2/incremental/tickets/cursor?start_time=0&per_page=2"
      while true {
        let page = try await api.get(path).json()
        for row in try #require(page["tickets"] as? [[String: Any]]) {
          seen.append(try #require(row["id"] as? NSNumber).int64Value)
        }
        if page["end_of_stream"] as? Bool == true { break }
        let cursor = try #require(page["after_cursor"] as? String)
        path = "/api/v2/incremental/tickets/cursor?cursor=\(cursor)&per_page=2"
      }
      #expect(seen == made)
    }
  }

  @Test func eventsHoldCommentsWhereTheyAreAskedFor() async throws {
    try await APIFixture().run { api in
      let id = try await api.ticket()
      _ = try await api.send(
        .put, "/api/v2/tickets/\(id)",
        #"{"ticket":{"status":"pending","additional_tags":["vip"],"comment":{"body":"Warten"}}}"#)
      let path = "/api/v2/incremental/ticket_events?start_time=0"
      let plain = try await api.get(path).list("ticket_events")
      #expect(plain.map { $0["ticket_id"] as? Int64 } == [id, id])
      let children = try #require(plain.last?["child_events"] as? [[String: Any]])
      #expect(children.first?["comment_present"] as? Bool == true)
      #expect(children.first?["body"] == nil)
      let status = try #require(children.first { $0["status"] != nil })
      #expect(status["status"] as? String == "pending")
      #expect(status["previous_value"] as? String == "new")
      let tags = try #require(children.first { $0["tags"] != nil })
      #expect(tags["added_tags"] as? [String] == ["vip"])
      let full = try await api.get(path + "&include=comment_events").list("ticket_events")
      let comment = (full.last?["child_events"] as? [[String: Any]])?.first
      #expect(comment?["body"] as? String == "Warten")
      #expect(comment?["public"] as? Bool == true)
    }
  }

  @Test func exportedSearchesArePagedByCursorAlone() async throws {
    try await APIFixture().run { api in
      for number in 0..<3 { _ = try await api.ticket("pump \(number)") }
      let path = "/api/v2/search/export?query=pump&filter[type]=ticket"
      let page = try await api.get(path + "&page[size]=2").json()
      #expect((page["results"] as? [Any])?.count == 2)
      #expect((page["meta"] as? [String: Any])?["has_more"] as? Bool == true)
      #expect(page["count"] == nil)
      #expect(try await api.get(path + "&page[size]=1000").status == 200)
      #expect(try await api.get(path + "&page[size]=1001").status == 400)
      let without = try await api.get("/api/v2/search/export?query=pump")
      #expect(without.status == 400)
      #expect(without.text.contains("filter[type]"))
    }
  }

  @Test func aMergeIsAJob() async throws {
    try await APIFixture().run { api in
      let (target, source) = (try await api.ticket("a"), try await api.ticket("b"))
      let answer = try await api.post(
        "/api/v2/tickets/\(target)/merge", #"{"ids":[\#(source)],"target_comment":"Same"}"#)
      let job = try answer.object("job_status")
      #expect(job["status"] as? String == "completed")
      let result = try #require((job["results"] as? [[String: Any]])?.first)
      #expect(result["id"] as? Int64 == source)
      #expect(result["success"] as? Bool == true)
      guard case .mergeTickets(let merge)? = await api.desk.commands.last else {
        Issue.record("no merge")
        return
      }
      #expect(merge.targetComment == "Same")
      #expect(!merge.targetIsPublic)
      #expect(try await api.post("/api/v2/tickets/\(target)/merge", "{}").status == 422)
      // zenpy sends the tickets as it has them.
      let whole = try await api.post(
        "/api/v2/tickets/\(target)/merge", #"{"ids":[{"id":\#(source),"subject":"b"}]}"#)
      #expect(whole.status == 200, "\(whole.text)")
      guard case .mergeTickets(let again)? = await api.desk.commands.last else { return }
      #expect(again.sources == [RowID(source)])
      let bare = try await api.post("/api/v2/tickets/\(target)/merge", #"{"ids":[{}]}"#)
      #expect(bare.status == 422)
    }
  }

  @Test func metricsCountWhatHappened() async throws {
    try await APIFixture().run { api in
      let id = try await api.ticket()
      for status in ["solved", "open", "solved"] {
        _ = try await api.send(
          .put, "/api/v2/tickets/\(id)", #"{"ticket":{"status":"\#(status)"}}"#)
      }
      let metric = try await api.get("/api/v2/tickets/\(id)/metrics").object("ticket_metric")
      #expect(metric["reopens"] as? Int == 1)
      #expect(metric["solved_at"] is String)
      #expect(metric["initially_assigned_at"] is NSNull)
      let minutes = metric["full_resolution_time_in_minutes"] as? [String: Any]
      #expect(minutes?["calendar"] as? Int == 0)
      let all = try await api.get("/api/v2/ticket_metrics").list("ticket_metrics")
      #expect(all.map { $0["ticket_id"] as? Int64 } == [id])
    }
  }

  @Test func importsAreForAdmins() async throws {
    try await APIFixture().run { api in
      let body = #"""
        {"ticket":{"subject":"old","status":"closed","created_at":"2024-01-02T03:04:05Z",
        "updated_at":"2024-01-09T00:00:00Z","solved_at":"2024-01-08T00:00:00Z",
        "comments":[{"value":"It leaks","author_id":920007,"created_at":"2024-01-02T03:04:05Z"}]}}
        """#
      let path = "/api/v2/imports/tickets?archive_immediately=true"
      #expect(try await api.post(path, body).status == 403)
      let answer = try await api.post(path, body, auth: "Bearer admin-token")
      #expect(answer.status == 201, "\(answer.text)")
      #expect(try answer.json()["audit"] == nil)
      guard case .importHistory(let history)? = await api.desk.commands.last else {
        Issue.record("no import")
        return
      }
      #expect(history.createdAt == WireTime.parse("2024-01-02T03:04:05Z"))
      #expect(history.solvedAt == WireTime.parse("2024-01-08T00:00:00Z"))
      #expect(history.comments.first?.draft.body == "It leaks")
      #expect(history.comments.first?.draft.author == RowID(920_007))
      let empty = try await api.post(
        path, #"{"ticket":{"subject":"x"}}"#, auth: "Bearer admin-token")
      #expect(empty.status == 422)
      #expect(empty.text.contains("comments"))
    }
  }

  @Test func customersHaveTheirRequestsAlone() async throws {
    try await APIFixture().run { api in
      let foreign = try await api.ticket("not theirs")
      let customer = "Bearer customer-token"
      let made = try await api.post(
        "/api/v2/requests", #"{"request":{"subject":"Leak","comment":{"body":"It leaks"}}}"#,
        auth: customer)
      #expect(made.status == 201, "\(made.text)")
      let request = try made.object("request")
      #expect(request["description"] as? String == "It leaks")
      let id = try #require(request["id"] as? NSNumber).int64Value
      _ = try await api.send(
        .put, "/api/v2/tickets/\(id)", #"{"ticket":{"comment":{"body":"Psst","public":false}}}"#)
      let comments = try await api.get("/api/v2/requests/\(id)/comments", auth: customer)
      #expect(try comments.list("comments").map { $0["body"] as? String } == ["It leaks"])
      #expect(!comments.text.contains("Psst"))
      let list = try await api.get("/api/v2/requests.json", auth: customer).list("requests")
      #expect(list.map { $0["id"] as? Int64 } == [id])
      #expect(try await api.get("/api/v2/requests/\(foreign)", auth: customer).status == 404)
      for path in [
        "/api/v2/requests/\(foreign)/comments", "/api/v2/requests/\(foreign)/comments/1",
      ] {
        #expect(try await api.get(path, auth: customer).status == 404)
      }
      for path in ["/api/v2/tickets/\(id)", "/api/v2/requestsx", "/api/v2/users/1/requests"] {
        #expect(try await api.get(path, auth: customer).status == 403, "\(path)")
      }
    }
  }
}
