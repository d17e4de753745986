// Every event has an id of its own, however much a change holds and whoever made it.

import AgentAPI
import Foundation
import HelpdeskDomain
import Hummingbird
import ReplicaCore
import Synchronization
import Testing

@Suite struct EventIDTests {
  /// A change of two nodes has the same number in each one's log, and far more than 64 parts.
  private static func delta(_ slot: UInt32, _ seq: UInt64, _ tickets: [RowID]) -> Delta {
    let fields = (1...150).map { id in
      CellAction(
        CellKey(TicketColumn.fields, key: id),
        .write(.plain(.text("v")), replaces: [], unread: []))
    }
    let tags = (1...100).map { number in
      CellAction(CellKey(TicketColumn.tags), .add(.text("t\(number)"), replaces: []))
    }
    return Delta(
      DeltaHeader(dot: Dot(Slot(slot), seq), hlc: HLC(milliseconds: 1_790_000_000_000)),
      tickets.map { RowChange(RowRef(Desk.ticket, $0), fields + tags) })
  }

  private static func ids(_ events: Any?) -> [Int64] {
    (events as? [[String: Any]] ?? []).compactMap { ($0["id"] as? NSNumber)?.int64Value }
  }

  @Test func noTwoEventsShareAnID() async throws {
    try await APIFixture().run { api in
      let (one, other) = (try await api.ticket("one"), try await api.ticket("other"))
      for slot in UInt32(1)...3 {
        await api.desk.receive(RowID(one), Self.delta(slot, 40, [RowID(one)]))
        // As a merge does, one change names several.
        await api.desk.receive(RowID(one), Self.delta(slot, 41, [RowID(one), RowID(other)]))
      }
      var audits: [Int64] = []
      var children: [Int64] = []
      for ticket in [one, other] {
        let found = try await api.get("/api/v2/tickets/\(ticket)/audits.json").list("audits")
        audits += Self.ids(found)
        for audit in found { children += Self.ids(audit["events"]) }
      }
      #expect(children.count > 9 * 151)
      #expect(Set(children).count == children.count)
      #expect(children.allSatisfy { 0 < $0 && $0 < 1 << 53 })

      let events = try await api.get("/api/v2/incremental/ticket_events?start_time=0")
        .list("ticket_events")
      let exported = Self.ids(events)
      #expect(events.count == 11)
      #expect(Set(exported).count == 11)
      #expect(exported.allSatisfy { 0 < $0 && $0 < 1 << 53 })
      #expect(Set(audits).isSubset(of: exported), "an event is known by the id of its audit")
      let all = events.flatMap { Self.ids($0["child_events"]) }
      #expect(all.sorted() == children.sorted(), "an event has one id wherever it is shown")
      // A comment's event has the comment's id.
      let changes = all.filter { $0 >= 1 << 51 }
      #expect(changes.count == 9 * 151 + 4)
      #expect(Set(changes).isDisjoint(with: exported))
    }
  }

  @Test func anEventHasTheSameIDOnEveryNode() async throws {
    func children(after others: UInt64) async throws -> [Int64] {
      let found = Mutex<[Int64]>([])
      try await APIFixture().run { api in
        let ticket = try await api.ticket()
        for seq in 0..<others {
          await api.desk.receive(RowID(ticket), Self.delta(3, 1 + seq, [RowID(ticket)]))
        }
        await api.desk.receive(RowID(ticket), Self.delta(2, 40, [RowID(ticket)]))
        let audits = try await api.get("/api/v2/tickets/\(ticket)/audits.json").list("audits")
        found.withLock { $0 = Self.ids(audits.last?["events"]) }
      }
      return found.withLock(\.self)
    }
    let found = try await children(after: 0)
    #expect(found.count == 151)
    #expect(try await children(after: 5) == found)
  }

  @Test func theAnswerToAWriteShowsTheIDsThatStay() async throws {
    try await APIFixture().run { api in
      let id = try await api.ticket()
      let answer = try await api.send(
        .put, "/api/v2/tickets/\(id)", #"{"ticket":{"status":"open","additional_tags":["a"]}}"#)
      let told = Self.ids(try answer.object("audit")["events"])
      let audits = try await api.get("/api/v2/tickets/\(id)/audits.json").list("audits")
      #expect(told.count == 2)
      #expect(told == Self.ids(audits.last?["events"]))
    }
  }
}
