// Our own routes: names in snake_case, null where empty, commands as meant.

import AgentAPI
import Foundation
import HelpdeskDomain
import Hummingbird
import ReplicaCore
import Testing

@Suite struct HelioRouteTests {
  @Test func reportsSpeakSnakeCaseAndKeepNull() async throws {
    try await APIFixture().run { api in
      let node = try await api.get("/api/helio/v1/node").object("node")
      #expect(node["cluster_id"] as? String == "c1")
      #expect(node["state_reason"] is NSNull)
      #expect((node["version"] as? [String: Int])?["7"] == 3)
      let site = try #require(try await api.get("/api/helio/v1/sites").list("sites").first)
      #expect(site["last_heard_at"] is NSNull)
      #expect(site["unsent"] as? Int == 0)
      let alarm = try #require(try await api.get("/api/helio/v1/alarms").list("alarms").first)
      #expect(alarm["ticket_id"] as? Int == 10_007)
      #expect(alarm["group_id"] is NSNull)
      #expect(try await api.get("/api/helio/v1/roster").json()["roster"] is NSNull)
      let coverage = try await api.get("/api/helio/v1/roster/coverage?week=2026-W13")
        .object("coverage")
      #expect(coverage["week"] as? String == "2026-W13")
      #expect(try await api.get("/api/helio/v1/verify").object("verify")["equal"] as? Bool == true)
      #expect(try await api.get("/api/helio/v1/members").list("members").count == 1)
    }
  }

  @Test func reportsReadBackAsTheyWere() async throws {
    let report = await MemoryNode().status()
    let data = try WireCoding.encoder().encode(report)
    #expect(try WireCoding.decoder().decode(NodeReport.self, from: data) == report)
    let owners = await MemoryNode().owners(of: [RowID(10_007)], at: nil)
    let owned = try WireCoding.encoder().encode(owners)
    #expect(try WireCoding.decoder().decode([OwnershipReport].self, from: owned) == owners)
  }

  @Test func ownershipIsAskedForNowOrAtATime() async throws {
    try await APIFixture().run { api in
      let duty = try await api.get("/api/helio/v1/ownership").list("duty")
      #expect(duty.first?["next"] as? String == "singapore")
      let one = try await api.get(
        "/api/helio/v1/ownership?ticket_id=10007&at=2026-03-18T10:00:00Z"
      ).object("ownership")
      #expect(one["at"] as? String == "2026-03-18T10:00:00Z")
      let many = try await api.get("/api/helio/v1/ownership?ids=10007,20007,99")
      #expect(try many.list("ownerships").count == 2)
      #expect(try await api.get("/api/helio/v1/ownership?ticket_id=99").status == 404)
      #expect(try await api.get("/api/helio/v1/ownership?at=noon").status == 400)
    }
  }

  @Test func actsBecomeTheCommandsTheyName() async throws {
    let id = RowID(10_007)
    let cases: [(String, String, DeskCommand)] = [
      ("take", "", .take(ticket: id, evenIfForeign: false)),
      ("take", #"{"even_if_foreign":true}"#, .take(ticket: id, evenIfForeign: true)),
      (
        "hand-to", #"{"office":"tokyo","agent_id":20007,"note":"n"}"#,
        .handTo(ticket: id, office: OfficeID("tokyo"), agent: RowID(20_007), note: "n")
      ),
      ("send-back", #"{"note":"n"}"#, .sendBack(ticket: id, note: "n")),
      (
        "stay", #"{"wake_at":"2026-03-18T10:00:00Z"}"#,
        .stay(ticket: id, wakeAt: Instant(seconds: 1_773_828_000))
      ),
      ("stay", "", .stay(ticket: id, wakeAt: nil)), ("move-on", "", .moveOn(ticket: id)),
      ("cover", "", .cover(ticket: id)),
    ]
    try await APIFixture().run { api in
      for (act, body, command) in cases {
        let answer = try await api.post("/api/helio/v1/tickets/10007/\(act)", body)
        #expect(answer.status == 200, "\(act): \(answer.text)")
        #expect(try answer.json()["changed"] as? Bool == true)
        #expect(try answer.object("ownership")["ticket_id"] as? Int == 10_007)
        #expect(await api.desk.commands.last == command)
      }
      #expect(try await api.post("/api/helio/v1/tickets/10007/hand-to", "{}").status == 422)
    }
  }

  @Test func theBoardIsReadAndWorked() async throws {
    try await APIFixture().run { api in
      let board = try await api.get("/api/helio/v1/handoffs?office=tokyo").object("board")
      #expect(board["office"] as? String == "tokyo")
      for key in ["outgoing", "in_transit", "accepted", "sent_back"] {
        #expect(board[key] is [Any], "\(key)")
      }
      #expect(try await api.get("/api/helio/v1/handoffs?office=NO!").status == 400)
      let accepted = try await api.post("/api/helio/v1/handoffs/accept", "")
      #expect(accepted.status == 200)
      #expect(await api.desk.commands.last == .accept)
      let note = try await api.post(
        "/api/helio/v1/handoffs/note", #"{"ticket_id":10007,"text":"t","next_action":"call"}"#)
      #expect(note.status == 200)
      #expect(
        await api.desk.commands.last
          == .handoffNote(ticket: RowID(10_007), text: "t", nextAction: "call"))
      #expect(try await api.post("/api/helio/v1/handoffs/note", "{}").status == 422)
      _ = try await api.post("/api/helio/v1/cover", "")
      #expect(await api.desk.commands.last == .cover(ticket: nil))
    }
  }

  @Test func rostersComeAsTOMLOrJSON() async throws {
    try await APIFixture().run { api in
      for (type, format) in [("application/toml", "toml"), ("application/json", "json")] {
        let answer = try await api.send(
          .put, "/api/helio/v1/roster?emergency=true", "office", auth: "Bearer admin-token",
          headers: [.contentType: type])
        #expect(answer.status == 201)
        #expect(try answer.object("roster")["publication"] as? String == format)
        #expect(try answer.object("roster")["emergency"] as? Bool == true)
      }
      let bad = try await api.post("/api/helio/v1/roster", "x", auth: "Bearer admin-token")
      #expect(bad.status == 422)
      #expect(try bad.json()["error"] as? String == "RosterInvalid")
    }
  }

  @Test func aConflictShowsBothSidesAndIsSettled() async throws {
    func write(_ slot: UInt32, _ value: String, owner: Bool) -> Write {
      Write(
        Stamp(dot: Dot(Slot(slot), 4), hlc: HLC(milliseconds: 1_000), fence: 5, byOwner: owner),
        .text(value))
    }
    let conflict = ConflictRecord(
      row: RowRef(Desk.ticket, RowID(10_007)), cell: CellKey(TicketColumn.status),
      column: "status", shown: write(7, "open", owner: true), shownBy: RowID(1),
      others: [write(8, "solved", owner: false)], othersBy: [RowID(2)])
    try await APIFixture().run { api in
      await api.desk.put(conflict)
      let listed = try #require(
        try await api.get("/api/helio/v1/conflicts").list("conflicts").first)
      let id = try #require(listed["id"] as? String)
      #expect(id == "6-10007-2-0")
      #expect(listed["rule"] as? String == "owner")
      let shown = try await api.get("/api/helio/v1/conflicts/\(id)").object("conflict")
      #expect((shown["shown"] as? [String: Any])?["value"] as? String == "open")
      let wrong = try await api.post(
        "/api/helio/v1/conflicts/\(id)/resolve", #"{"choice":"other","dot":"9:9"}"#)
      #expect(wrong.status == 422)
      let done = try await api.post(
        "/api/helio/v1/conflicts/\(id)/resolve", #"{"choice":"other"}"#)
      #expect(done.status == 200)
      #expect(try done.json()["conflict"] is NSNull)
      #expect(
        await api.desk.commands.last
          == .resolveConflict(
            row: conflict.row, cell: conflict.cell, .other(Dot(Slot(8), 4))))
      #expect(try await api.get("/api/helio/v1/conflicts/\(id)").status == 404)
      #expect(try await api.get("/api/helio/v1/conflicts/6-x-2-0").status == 404)
    }
  }

  /// Nobody else learns that there is one.
  @Test func aConflictOfAPersonalMacroShowsToItsOwner() async throws {
    func write(_ slot: UInt32, _ value: String) -> Write {
      Write(
        Stamp(dot: Dot(Slot(slot), 4), hlc: HLC(milliseconds: 1_000), fence: 0, byOwner: false),
        .text(value))
    }
    let me = MemoryAuthenticator.agent
    var conflict = ConflictRecord(
      row: RowRef(Desk.macro, RowID(40_007)), cell: CellKey(MacroColumn.title), column: "title",
      shown: write(7, "mine-here"), shownBy: me, others: [write(8, "mine-there")], othersBy: [me])
    conflict.restriction = .user(me)
    let shown = conflict
    try await APIFixture().run { api in
      await api.desk.put(shown)
      let own = try await api.get("/api/helio/v1/conflicts").text
      #expect(own.contains("mine-here") && own.contains("mine-there"))
      let text = try await api.get("/api/helio/v1/conflicts", auth: "Bearer admin-token").text
      #expect(own.contains("18-40007-1-0") && !text.contains("18-40007-1-0"))
    }
  }

  @Test func anImportCountsItsRowsAndNamesTheBadOnes() async throws {
    try await APIFixture().run { api in
      let answer = try await api.post(
        "/api/helio/v1/imports/incidents",
        #"{"source":"f.csv","office_map":{"Group 1":"paris"},"rows":[{"line":2,"values":"#
          + #"{"number":"INC1","sys_mod_count":"0"}},{"line":3,"values":{}}]}"#,
        auth: "Bearer admin-token"
      ).object("import")
      #expect(answer["created"] as? Int == 1)
      let bad = try #require(answer["bad"] as? [[String: Any]])
      #expect(bad.first?["line"] as? Int == 3)
      let wrong = try await api.post(
        "/api/helio/v1/imports/incidents", #"{"rows":5}"#, auth: "Bearer admin-token")
      #expect(wrong.status == 422)
      let broken = try await api.post(
        "/api/helio/v1/imports/incidents", "{", auth: "Bearer admin-token")
      #expect(broken.status == 400)
    }
  }

  @Test func eventsComeAsAStream() async throws {
    try await APIFixture().run { api in
      let answer = try await api.get("/api/helio/v1/events")
      #expect(answer.header("Content-Type")?.hasPrefix("text/event-stream") == true)
      #expect(answer.text.contains("event: ticket\ndata: {\"ticket_id\":10007"))
      #expect(answer.text.hasSuffix("event: lost\ndata: {\"count\":3}\n\n"))
    }
  }
}
