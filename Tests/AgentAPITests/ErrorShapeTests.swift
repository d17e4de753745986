// Every error has the body that clients of this API know, and says what to do.

import AgentAPI
import Foundation
import HelpdeskDomain
import Hummingbird
import ReplicaCore
import Testing

@Suite struct ErrorShapeTests {
  static let refusals: [(Refusal, Int, String)] = [
    (.notFound(kind: "ticket", id: "1"), 404, "RecordNotFound"),
    (.forbidden(.role(.lightAgent, needs: "agent")), 403, "Forbidden"),
    (.forbidden(.office(OfficeID("paris"), needs: "the office on duty")), 403, "Forbidden"),
    (.forbidden(.inactiveUser(RowID(1))), 403, "Forbidden"),
    (.invalid([FieldProblem("status", .invalidValue, "no such status")]), 422, "RecordInvalid"),
    (.updateConflict(ticket: RowID(1), changedAt: .zero), 409, "UpdateConflict"),
    (
      .ownership(.notOnDuty(office: OfficeID("a"), onDuty: OfficeID("b"), until: .zero)), 409,
      "NotOnDuty"
    ),
    (.ownership(.notFallback(office: OfficeID("a"), fallback: nil)), 409, "NotFallback"),
    (.ownership(.tooEarlyToCover(at: .zero)), 409, "TooEarlyToCover"),
    (.ownership(.notOwner(office: OfficeID("a"), owner: OfficeID("b"))), 409, "NotOwner"),
    (.ownership(.foreignTicket(owner: OfficeID("b"))), 409, "ForeignTicket"),
    (.ownership(.unknownOffice(OfficeID("z"))), 422, "RecordInvalid"),
    (
      .ownership(.officeClosed(OfficeID("a"), opensAt: nil, onDuty: OfficeID("b"))), 409,
      "OfficeClosed"
    ),
    (.ownership(.nothingToCover), 409, "NothingToCover"),
    (.ownership(.noFallback), 409, "NoFallback"),
    (.ownership(.noEarlierOwner), 409, "NoEarlierOwner"),
    (.overLimit(limit: "comment", value: 9, maximum: 8), 413, "LimitExceeded"),
    (.clockUntrusted(driftMilliseconds: 90_000), 503, "ClockUntrusted"),
    (.readOnly(reason: "restored"), 503, "ReadOnly"),
    (.storageFull, 507, "StorageFull"),
  ]

  @Test(arguments: refusals.indices)
  func aRefusalHasItsStatusAndName(index: Int) async throws {
    let (refusal, status, error) = Self.refusals[index]
    try await APIFixture().run { api in
      let id = try await api.ticket()
      await api.desk.refuseNext(.refused(refusal))
      let answer = try await api.send(
        .put, "/api/v2/tickets/\(id)", #"{"ticket":{"status":"open"}}"#)
      #expect(answer.status == status)
      let json = try answer.json()
      #expect(json["error"] as? String == error)
      #expect((json["description"] as? String)?.isEmpty == false)
    }
  }

  @Test func theFixedBodiesAreExact() async throws {
    try await APIFixture().run { api in
      let missing = try await api.get("/api/v2/tickets/42.json")
      #expect(missing.status == 404)
      #expect(missing.text == #"{"error":"RecordNotFound","description":"Not found"}"#)
      let stranger = try await api.get("/api/v2/tickets.json", auth: nil)
      #expect(stranger.status == 401)
      #expect(stranger.text == #"{"error":"Couldn't authenticate you"}"#)
      await api.desk.refuseNext(
        .refused(.invalid([FieldProblem("base", .blankValue, "Description: cannot be blank")])))
      let invalid = try await api.post(
        "/api/v2/tickets", #"{"ticket":{"comment":{"body":"x"}}}"#)
      #expect(
        invalid.text
          == #"{"error":"RecordInvalid","description":"Record validation errors","details":"#
          + #"{"base":[{"description":"Description: cannot be blank","error":"BlankValue","#
          + #""field_key":"base"}]}}"#)
    }
  }

  @Test func anOperationalErrorNamesItselfAndHidesItsCause() async throws {
    try await APIFixture().run { api in
      await api.desk.refuseNext(
        .failed(
          OperationalError(
            code: "StoreClosed", message: "The store is closed.", hint: "Start the node.",
            cause: "SQLITE_MISUSE /secret/path")))
      let answer = try await api.post("/api/v2/groups", #"{"group":{"name":"x"}}"#)
      #expect(answer.status == 500)
      #expect(
        answer.text
          == #"{"error":"StoreClosed","description":"The store is closed. Start the node."}"#)
    }
  }

  @Test func brokenJSONIsNamedByItsPlace() async throws {
    try await APIFixture().run { api in
      let answer = try await api.post(
        "/api/v2/tickets", "{\"ticket\": {\n  \"subject\": \"a\",\n  \"comment\": }}")
      #expect(answer.status == 400)
      #expect(try answer.json()["error"] as? String == "InvalidJSON")
      #expect(answer.text.contains("line 3, column 14"), "\(answer.text)")
      for body in ["", "   ", "[]", "null", "\"x\"", "{\"ticket\":", "{}{}"] {
        let refused = try await api.post("/api/v2/tickets", body)
        #expect(refused.status == 400, "\(body): \(refused.text)")
      }
    }
  }

  @Test(arguments: [
    (#"{"ticket": {"subject": "a""#, "line 1, column 27"),
    ("{\"ticket\":\n{\"subject\": \"a\"", "line 2, column 16"), ("[", "line 1, column 2"),
  ])
  func whatIsCutOffIsNamedByItsEnd(body: String, place: String) async throws {
    try await APIFixture().run { api in
      let answer = try await api.post("/api/v2/tickets", body)
      #expect(answer.status == 400)
      #expect(answer.text.contains(place), "\(answer.text)")
    }
  }

  @Test func deepNestingIsRefusedAndNotATrap() async throws {
    try await APIFixture().run { api in
      for depth in [40, 100, 5_000, 200_000] {
        let body = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        let answer = try await api.post("/api/v2/tickets", "{\"ticket\":\(body)}")
        #expect(answer.status == 400)
        #expect(answer.text.contains("line 1, column 42"), "\(answer.text)")
        #expect(answer.text.contains("32 levels"))
        #expect(!answer.text.contains("Index"))
      }
    }
  }

  @Test func bytesThatAreNoUTF8AreRefused() async throws {
    try await APIFixture().run { api in
      let bytes = Array("{\"ticket\":{\"subject\":\"caf".utf8) + [0xC3, 0x28] + Array("\"}}".utf8)
      let answer = try await api.send(.post, "/api/v2/tickets", bytes: bytes)
      #expect(answer.status == 400)
      #expect(try answer.json()["error"] as? String == "InvalidUTF8")
      #expect(answer.text.contains("offset 25"), "\(answer.text)")
      #expect(try await api.get("/api/v2/search?query=%C3%28").status == 400)
    }
  }

  @Test func allWrongTypesAreNamedAtOnce() async throws {
    try await APIFixture().run { api in
      let answer = try await api.post(
        "/api/v2/tickets",
        #"{"ticket":{"subject":5,"assignee_id":"x","tags":{},"due_at":"soon","comment":{"body":1},"#
          + #""custom_fields":[{"value":1}]}}"#)
      #expect(answer.status == 422)
      let details = try answer.object("details")
      #expect(
        Set(details.keys) == [
          "subject", "assignee_id", "tags", "due_at", "comment.body", "custom_fields[0].id",
        ])
    }
  }

  @Test func aBodyOverTheLimitIsRefused() async throws {
    try await APIFixture().run { api in
      let long = String(repeating: "x", count: APILimits.bodyBytes)
      let answer = try await api.post(
        "/api/v2/tickets", #"{"ticket":{"comment":{"body":"\#(long)"}}}"#)
      #expect(answer.status == 413)
      #expect(answer.text.contains("1048576"))
    }
  }

  @Test func aPostOf300000CharactersIsKeptWhole() async throws {
    try await APIFixture().run { api in
      let long = String(repeating: "é", count: 300_000)
      let answer = try await api.post(
        "/api/v2/tickets", #"{"ticket":{"comment":{"body":"\#(long)"}}}"#)
      #expect(answer.status == 201)
      #expect((try answer.object("ticket")["description"] as? String)?.count == 300_000)
    }
  }

  @Test(arguments: [
    "/", "/api", "/api/v2", "/api/v2/nothing", "/api/v2/tickets/1/nothing.json", "/api/helio/v1",
    "/%00", "/../etc/passwd",
  ])
  func unknownPathsAnswerWithJSON(path: String) async throws {
    try await APIFixture().run { api in
      let answer = try await api.get(path)
      #expect(answer.status == 404)
      #expect(try answer.json()["error"] as? String == "InvalidEndpoint", "\(answer.text)")
    }
  }

  @Test(arguments: [
    ("PUT", "/api/v2/tickets", "GET, HEAD, POST"),
    ("DELETE", "/api/v2/tickets/count.json", "GET, HEAD"),
    ("POST", "/api/v2/tickets/1", "DELETE, GET, HEAD, PATCH, PUT"),
    ("GET", "/api/helio/v1/cover", "POST"), ("OPTIONS", "/health", "GET, HEAD"),
    ("DELETE", "/metrics", "GET, HEAD"),
  ])
  func aMethodThatAPathDoesNotHaveNamesThoseThatItHas(
    method: String, path: String, allowed: String
  ) async throws {
    try await APIFixture().run { api in
      let answer = try await api.send(try #require(.init(method)), path)
      #expect(answer.status == 405)
      #expect(answer.header("Allow") == allowed)
      #expect(try answer.json()["error"] as? String == "MethodNotAllowed")
    }
  }

  @Test(arguments: ["/health", "/metrics", "/api/v2/tickets", "/api/v2/tickets/42", "/nothing"])
  func headAnswersWithoutABody(path: String) async throws {
    try await APIFixture().run { api in
      let head = try await api.send(.head, path)
      #expect(head.status == (try await api.get(path).status))
      #expect(head.bytes.isEmpty)
    }
  }

  @Test(arguments: [
    ("-1", "RecordNotFound"), ("0", "RecordNotFound"), ("9007199254740992", "RecordNotFound"),
    ("99999999999999999999", "RecordNotFound"), ("abc", "InvalidEndpoint"),
    ("1e3", "InvalidEndpoint"), ("1;DROP TABLE ticket", "InvalidEndpoint"),
    ("%27", "InvalidEndpoint"), ("١", "InvalidEndpoint"),
  ])
  func whatIsNoIDIsNotFound(id: String, error: String) async throws {
    try await APIFixture().run { api in
      let plain = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "-"))
      let path = id.addingPercentEncoding(withAllowedCharacters: plain) ?? id
      let answer = try await api.get("/api/v2/tickets/\(path)")
      #expect(answer.status == 404)
      #expect(try answer.json()["error"] as? String == error)
    }
  }

  @Test(arguments: [
    ("GET", "macros/new"), ("GET", "views/definitions"), ("GET", "requests/search"),
    ("PUT", "users/update_many"), ("GET", "ticket_fields/new"), ("GET", "tickets/1/audits/new"),
  ])
  func aWordUnderAKnownListIsNoEndpoint(method: String, path: String) async throws {
    try await APIFixture().run { api in
      let answer = try await api.send(
        try #require(.init(method)), "/api/v2/\(path)", #"{"user":{"name":"x"}}"#)
      #expect(answer.status == 404)
      #expect(try answer.json()["error"] as? String == "InvalidEndpoint", "\(answer.text)")
    }
  }

  @Test(arguments: ["organizations", "ticket_fields", "macros"])
  func aListIsCounted(list: String) async throws {
    try await APIFixture().run { api in
      let count = try await api.get("/api/v2/\(list)/count").object("count")
      let rows = try await api.get("/api/v2/\(list)").list(list)
      #expect(count["value"] as? Int == rows.count)
    }
  }

  @Test func safeUpdateNeedsItsStampAndIsHeldAgainstIt() async throws {
    try await APIFixture().run { api in
      let id = try await api.ticket()
      let without = try await api.send(
        .put, "/api/v2/tickets/\(id)", #"{"ticket":{"status":"open","safe_update":true}}"#)
      #expect(without.status == 422)
      let old = try await api.send(
        .put, "/api/v2/tickets/\(id)",
        #"{"ticket":{"status":"open","safe_update":true,"updated_stamp":"2020-01-01T00:00:00Z"}}"#)
      #expect(old.status == 409)
      #expect(try old.json()["error"] as? String == "UpdateConflict")
    }
  }
}
