// The queue of notices: once under an id, in order, bounded, and in no snapshot.

import HelpdeskDomain
import ReplicaCore
import ReplicaStore
import Testing

@Suite struct NoticeTests {
  private let bench = TestBench()
  private let webhook = RowID(10_001)

  private func delivery(_ id: String, _ at: Int64 = 0) -> QueuedDelivery {
    QueuedDelivery(
      id: id, webhook: webhook, event: "helio:test", body: "{}",
      createdAt: Instant(milliseconds: at))
  }

  @Test func oneUnderAnIdAndTheFirstThatIsDue() throws {
    let store = try bench.open("a", slot: 1)
    try store.writeNow { transaction in
      try transaction.enqueue([delivery("one"), delivery("two", 5), delivery("one", 9)])
    }
    #expect(try store.readNow { try $0.waitingDeliveries() } == [webhook: 2])
    let due = try store.readNow { try $0.dueDelivery(of: webhook, at: Instant(milliseconds: 4)) }
    var first = try #require(due)
    #expect(first.id == "one" && first.attempts == 0)
    first.attempts = 1
    first.nextAt = Instant(milliseconds: 1_000)
    first.problem = "no connection"
    try store.writeNow { [first] in try $0.record(first) }
    let next = try store.readNow { try $0.dueDelivery(of: webhook, at: Instant(milliseconds: 9)) }
    #expect(next?.id == "two")
    let shown = try store.readNow { try $0.deliveries(of: webhook, limit: 10) }
    #expect(shown.map(\.id) == ["two", "one"])
    #expect(shown.last?.problem == "no connection")
  }

  @Test func whoIsWaitedForIsFoundWithoutCountingWhatWaits() throws {
    let store = try bench.open("g", slot: 1)
    #expect(try store.readNow { try $0.waitingReceivers() }.isEmpty)
    let others = [RowID(20_001), RowID(30_001)]
    try store.writeNow { transaction in
      try transaction.enqueue((0..<20).map { delivery("d\($0)") })
      for (index, other) in others.enumerated() {
        var each = delivery("other \(index)")
        each.webhook = other
        each.state = index == 0 ? .failed : .waiting
        try transaction.enqueue([each])
      }
    }
    #expect(try store.readNow { try $0.waitingReceivers() } == [webhook, others[1]])
    try store.writeNow { try $0.cancelDeliveries(of: webhook, at: .zero) }
    #expect(try store.readNow { try $0.waitingReceivers() } == [others[1]])
  }

  @Test func whatEndedIsForgottenAndWhatWaitsIsNot() throws {
    let store = try bench.open("b", slot: 1)
    try store.writeNow { transaction in
      var all = (0..<10).map { delivery("d\($0)", Int64($0)) }
      for index in 0..<8 {
        all[index].state = .delivered
        all[index].doneAt = Instant(milliseconds: Int64(index))
      }
      try transaction.enqueue(all)
      try transaction.pruneNotices(endedBefore: Instant(milliseconds: 2), keep: 3)
    }
    let left = try store.readNow { try $0.deliveries(of: webhook, limit: 100).map(\.id) }
    #expect(left == ["d9", "d8", "d7", "d6", "d5"])
    try store.writeNow { try $0.cancelDeliveries(of: webhook, at: Instant(milliseconds: 20)) }
    #expect(try store.readNow { try $0.waitingDeliveries() }.isEmpty)
  }

  @Test func theQueueSurvivesAReopeningAndLeavesInNoSnapshot() throws {
    let store = try bench.open("c", slot: 1)
    try store.writeNow { try $0.enqueue([delivery("kept")]) }
    _ = try store.makeTicket(1)
    try store.close()
    let again = try bench.open("c")
    #expect(try again.readNow { try $0.waitingDeliveries() } == [webhook: 1])
  }

  @Test func anAlarmStandsUntilItEndsAndIsFoundAfterwards() throws {
    let store = try bench.open("d", slot: 1)
    let paris = OfficeID("paris")
    let alarm = LoggedAlarm(
      cause: "board-0-5", kind: "not_accepted", office: paris, ticket: nil, group: nil,
      message: "nobody", raisedAt: Instant(milliseconds: 5), seenAt: Instant(milliseconds: 6))
    try store.writeNow { try $0.raise(alarm) }
    #expect(try store.readNow { try $0.standingAlarms() } == [alarm])
    try store.writeNow { try $0.endAlarm("board-0-5", at: Instant(milliseconds: 50)) }
    #expect(try store.readNow { try $0.standingAlarms() }.isEmpty)
    func found(_ from: Int64, _ to: Int64) throws -> Int {
      try store.readNow { view in
        try view.alarms(
          about: paris, from: Instant(milliseconds: from), to: Instant(milliseconds: to), limit: 9
        ).count
      }
    }
    #expect(try found(0, 5) == 0)
    #expect(try found(0, 6) == 1)
    #expect(try found(50, 60) == 1)
    #expect(try found(51, 60) == 0)
  }

  @Test func theLogIsReadByTheTimeOfItsDeltas() throws {
    let store = try bench.open("e", slot: 1)
    for time in [10, 20, 30, 40] as [UInt64] { _ = try store.makeTicket(time) }
    let start: Int64 = 1_790_000_000_000
    let found = try store.readNow { view in
      try view.log(
        from: Instant(milliseconds: start + 20), to: Instant(milliseconds: start + 40), limit: 10)
    }
    #expect(found.map { $0.delta.header.hlc.milliseconds } == [20, 30].map { UInt64(start) + $0 })
    let own = try store.readNow { try $0.log(of: Slot(1), after: 2, limit: 10) }
    #expect(own.map { $0.delta.dot.seq } == [3, 4])
    try store.writeNow { transaction in
      let status = set(TicketColumn.status, .text("open"))
      try transaction.appendLocal(
        hlc: hlc(50), via: .imported,
        [RowChange(RowRef(Desk.ticket, try transaction.newRowID()), [status])])
      try transaction.seal(sign: sign)
    }
    let end = Instant(milliseconds: start + 60)
    func acts(_ limit: Int) throws -> Int {
      try store.readNow { view in
        try view.log(from: Instant(milliseconds: start), to: end, limit: limit).count
      }
    }
    // The import is no act of anybody's shift; one more than the limit says that there are more.
    #expect(try acts(10) == 4)
    #expect(try acts(2) == 3)
  }
}
