// The shift report in its three forms; whatever customers wrote stays words.

import AgentAPI
import Foundation
import HelpdeskDomain
import Hummingbird
import ReplicaCore
import Testing

@Suite struct ShiftReportTests {
  private static let path = "/api/helio/v1/handoffs/report"

  @Test func jsonUnlessAPersonAsks() async throws {
    try await APIFixture().run { api in
      let json = try await api.get("\(Self.path)?office=tokyo&slot=previous")
      #expect(json.header("Content-Type")?.hasPrefix("application/json") == true)
      let report = try json.object("report")
      #expect(report["office"] as? String == "tokyo")
      for key in [
        "slots", "agents", "held", "accepted", "covered", "alarmed", "taken", "handed_on", "notes",
        "dropped",
      ] {
        #expect(report[key] is [Any], "\(key)")
      }
      for (accept, type) in [
        ("text/markdown", "text/markdown"), ("text/csv;q=0.9", "text/csv"),
        ("text/html, text/csv", "text/csv"), ("application/json, text/csv", "application/json"),
        ("image/png", "application/json"),
      ] {
        let answer = try await api.send(.get, Self.path, headers: [.accept: accept])
        #expect(answer.header("Content-Type")?.hasPrefix(type) == true, "\(accept)")
      }
    }
  }

  @Test func spansThatMakeNoSenseAreRefused() async throws {
    try await APIFixture().run { api in
      for query in [
        "from=2026-03-18T10:00:00Z", "from=2026-03-18T10:00:00Z&to=2026-03-18T10:00:00Z",
        "slot=current&from=2026-03-18T10:00:00Z&to=2026-03-19T10:00:00Z", "slot=noon",
        "from=2026-03-01&to=2026-03-18", "office=NO!",
      ] {
        let answer = try await api.get("\(Self.path)?\(query)")
        #expect(answer.status == 400, "\(query)")
      }
    }
  }

  @Test func formulasAndMarkupStayInert() async throws {
    let report = await MemoryNode().shiftReport(ShiftQuery(office: nil, span: .current))
    let cells = report.csv.components(separatedBy: "\r\n").map { $0 }
    let dropped = try #require(cells.first { $0.hasPrefix("dropped,promise_passed") })
    // In quotes, with every quote doubled, and no longer a formula.
    #expect(dropped.contains("\"'=HYPERLINK(\"\"http://x\"\")|<b>[a](b)\n`c`\""))
    #expect(report.csv.contains(",'+Marie,"))
    let markdown = report.markdown
    #expect(!markdown.contains("<b>") && !markdown.contains("[a](b)") && !markdown.contains("`c`"))
    #expect(!markdown.contains("http://x"))
    let lines = markdown.split(separator: "\n").filter { $0.contains("HYPERLINK") }
    #expect(lines.count == 1)
  }

  @Test(arguments: ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "|calc", "%x"])
  func noCellBeginsAFormula(_ text: String) async throws {
    var report = await MemoryNode().shiftReport(ShiftQuery(office: nil, span: .current))
    report.dropped[0].note = text
    let row = try #require(
      report.csv.components(separatedBy: "\r\n").first { $0.hasPrefix("dropped,") })
    #expect(row.contains("'" + text), "\(row)")
  }

  @Test func arrivalsAndAlarmsCanBeAskedFor() async throws {
    try await APIFixture().run { api in
      let next = try await api.get("/api/helio/v1/handoffs/next?office=tokyo").object("arrivals")
      #expect(next["boundary_at"] is NSNull)
      let alarm = try #require(try await api.get("/api/helio/v1/alarms").list("alarms").first)
      #expect(alarm["severity"] as? String == "critical")
      #expect(alarm["cause"] as? String == "a1")
      #expect(alarm["acknowledged"] is [Any])
      let answer = try await api.post("/api/helio/v1/alarms/a1/acknowledge", #"{"note":"mine"}"#)
      #expect(answer.status == 200, "\(answer.text)")
      #expect(await api.desk.commands.last == .acknowledgeAlarm(cause: "a1", note: "mine"))
      #expect(try await api.post("/api/helio/v1/alarms/zz/acknowledge", "").status == 404)
      for id in ["a1", "zz"] {
        let refused = try await api.post(
          "/api/helio/v1/alarms/\(id)/acknowledge", "", auth: "Bearer viewer-token")
        #expect(refused.status == 403)
      }
    }
  }

  @Test func aPromiseGoesAlongWithANote() async throws {
    let until = "2030-03-18T10:00:00Z"
    try await APIFixture().run { api in
      let path = "/api/helio/v1/handoffs/note"
      let answer = try await api.post(
        path,
        #"{"ticket_id":10007,"text":"t","promise":{"text":"We call","to":"Ada","until":"\#(until)"}}"#
      )
      #expect(answer.status == 200, "\(answer.text)")
      let promise = HandoffPromise(
        text: "We call", to: "Ada", until: Instant(seconds: 1_900_058_400))
      #expect(
        await api.desk.commands.last
          == .handoffNote(ticket: RowID(10_007), text: "t", nextAction: nil, promise: promise))
      for bad in [#"{}"#, #"{"text":"x"}"#, #"{"text":5,"until":"\#(until)"}"#, "5"] {
        let body = #"{"ticket_id":10007,"text":"t","promise":\#(bad)}"#
        #expect(try await api.post(path, body).status == 422, "\(bad)")
      }
    }
  }

  @Test func theEventStreamNamesWhoActedToThoseWhoMaySeeHistory() async throws {
    try await APIFixture().run { api in
      let agents = try await api.get("/api/helio/v1/events")
      #expect(agents.text.contains("\"actor_id\":\(MemoryAuthenticator.agent)"), "\(agents.text)")
      let viewers = try await api.get("/api/helio/v1/events", auth: "Bearer viewer-token")
      #expect(viewers.text.contains("event: ticket\n"))
      #expect(viewers.text.contains("\"actor_id\":null"), "\(viewers.text)")
      #expect(!viewers.text.contains("\"actor_id\":\(MemoryAuthenticator.agent)"))
    }
  }

  @Test func theEventStreamNamesPlacesAndGoesOnBehindThem() async throws {
    try await APIFixture().run { api in
      let fresh = try await api.get("/api/helio/v1/events")
      #expect(fresh.text.contains("\n\nid: 7.0\n\n"), "where it begins, before the first event")
      // Cut off behind the first event of a delta, a client comes back for the whole of it.
      #expect(fresh.text.contains("\n\nevent: ticket\n"))
      #expect(fresh.text.contains("\n\nid: 7.1\nevent: row\n"))
      let name = try #require(HTTPFields.Element.Name("last-event-id"))
      let later = try await api.send(.get, "/api/helio/v1/events", headers: [name: "7.41"])
      #expect(later.text.contains("\n\nid: 7.42\nevent: row\n"))
      #expect(!later.text.contains("id: 7.41\n"))
      for foreign in ["8.41", "x", "7.-1"] {
        let answer = try await api.send(
          .get, "/api/helio/v1/events?last_event_id=\(foreign)")
        #expect(answer.text.contains("event: lost\ndata: {\"count\":null}\n"), "\(foreign)")
      }
    }
  }
}
