// Taking in what others made: order does not matter, and what is wrong stays out.

import HelpdeskDomain
import ReplicaCore
import ReplicaStore
import Testing

private let row = RowRef(Desk.ticket, RowID(10_001))

private func batch(_ store: ReplicaStore, after known: VersionVector = VersionVector()) throws
  -> DeltaBatch
{
  try store.readNow { try $0.readLog(excluding: known).batch }
}

@Suite struct ApplyTests {
  private let bench = TestBench()

  @Test func differentInterleavingsConverge() throws {
    let stores = try (1...3 as ClosedRange<UInt32>).map { try bench.open("s\($0)", slot: $0) }
    let shared = try stores[0].makeTicket(1, tags: ["one", "two"])
    for store in stores.dropFirst() { try store.pull(from: stores[0]) }
    for round in 0..<12 {
      for (index, store) in stores.enumerated() {
        let at = UInt64(10 + round * 10 + index)
        try store.setTicket(at, shared, TicketColumn.status, .text("s\(round)\(index)"))
        try store.commit(
          at + 1,
          [
            RowChange(
              RowRef(Desk.ticket, shared),
              [
                CellAction(
                  CellKey(TicketColumn.tags),
                  round % 3 == 0
                    ? .remove(.text("t\(index)"), seen: [store.lastDot(of: index + 1)])
                    : .add(.text("t\(round % 4)"), replaces: [])),
                CellAction(
                  CellKey(TicketColumn.fields, key: Int64(index)),
                  .write(.plain(.text("f\(round)")), replaces: [], unread: [])),
              ])
          ])
        _ = try store.makeComment(at + 2, shared, "comment \(round) of \(index)")
      }
      if round % 4 == 1 { try stores[1].pull(from: stores[0], maxBytes: 400) }
      if round % 4 == 2 { try stores[2].pull(from: stores[1]) }
      if round % 4 == 3 { try stores[0].pull(from: stores[2], maxBytes: 900) }
    }
    for _ in 0..<2 {
      for (to, from) in [(0, 1), (0, 2), (1, 2), (2, 0), (1, 0), (2, 1)] {
        try stores[to].pull(from: stores[from])
      }
    }
    let rows = try stores[0].canonicalRows()
    for store in stores {
      #expect(store.headedVector == stores[0].headedVector)
      #expect(store.fingerprint == stores[0].fingerprint)
      #expect(try store.canonicalRows() == rows)
      #expect(try store.readNow { try $0.recomputeFingerprint() } == store.fingerprint)
      #expect(try store.readNow { try $0.verifyChain() } == Int(store.deltaCount))
    }
    let other = try bench.open("s4", slot: 4)
    try other.pull(from: stores[2], maxBytes: 1)
    #expect(other.fingerprint == stores[0].fingerprint)
    #expect(try other.canonicalRows() == rows)
  }

  @Test func aBatchTwiceChangesNothing() throws {
    let (a, b) = (try bench.open("a", slot: 1), try bench.open("b", slot: 2))
    for index in 0..<5 { _ = try a.makeTicket(UInt64(index)) }
    let all = try batch(a)
    #expect(try b.take(all).applied == 5)
    let (vector, fingerprint) = (b.vector, b.fingerprint)
    let again = try b.take(all)
    #expect(again.applied == 0)
    #expect(again.known == 5)
    #expect(again.problems.isEmpty)
    #expect(b.vector == vector)
    #expect(b.fingerprint == fingerprint)
  }

  @Test func aGapIsNotJumped() throws {
    let (a, b) = (try bench.open("a", slot: 1), try bench.open("b", slot: 2))
    for index in 0..<3 { _ = try a.makeTicket(UInt64(index)) }
    var all = try batch(a)
    all.deltas.removeFirst()
    let result = try b.take(all)
    #expect(result.applied == 0)
    #expect(result.gap?.expected == 1)
    #expect(result.gap?.found == 2)
    #expect(b.vector.isEmpty)
  }

  @Test func anAlteredBodyIsRefusedAsAWhole() throws {
    let (a, b) = (try bench.open("a", slot: 1), try bench.open("b", slot: 2))
    for index in 0..<3 { _ = try a.makeTicket(UInt64(index)) }
    var all = try batch(a)
    all.deltas[1].body[25] ^= 1
    let result = try b.take(all)
    #expect(result.applied == 0)
    #expect(result.badHead?.dot == Dot(Slot(1), 3))
    #expect(b.vector.isEmpty)
  }

  @Test func anAlteredPersonalValueIsRefused() throws {
    let (a, b) = (try bench.open("a", slot: 1), try bench.open("b", slot: 2))
    _ = try a.makeTicket(1, subject: "true")
    var all = try batch(a)
    let last = all.deltas[0].personal.count - 1
    all.deltas[0].personal[last] ^= 1
    let result = try b.take(all)
    #expect(result.applied == 0)
    guard case .malformed? = result.problems[Slot(1)] else {
      Issue.record("\(result.problems)")
      return
    }
  }

  @Test func aForeignSignatureIsRefused() throws {
    let (a, b) = (try bench.open("a", slot: 1), try bench.open("b", slot: 2))
    _ = try a.makeTicket(1)
    var all = try batch(a)
    all.heads[0].signature[0] ^= 1
    let result = try b.take(all)
    #expect(result.applied == 0)
    #expect(result.problems[Slot(1)] == .badHead(all.heads[0]))
  }

  @Test func nothingIsAppliedBeyondAHead() throws {
    let (a, b) = (try bench.open("a", slot: 1), try bench.open("b", slot: 2))
    for index in 0..<3 { _ = try a.makeTicket(UInt64(index)) }
    var all = try batch(a)
    all.heads = []
    #expect(try b.take(all).problems[Slot(1)] == .uncovered(Dot(Slot(1), 3)))
    #expect(b.vector.isEmpty)
  }

  @Test func twoContentsUnderOneDotFreezeTheReplica() throws {
    let (a, twin) = (try bench.open("a", slot: 1), try bench.open("twin", slot: 1))
    let b = try bench.open("b", slot: 2)
    _ = try a.makeTicket(1)
    try twin.readNow { _ in }
    for index in 0..<2 {
      _ = try a.makeTicket(UInt64(10 + index), subject: "a")
    }
    _ = try twin.makeTicket(1)
    _ = try twin.makeTicket(10, subject: "other")
    try b.pull(from: a)
    let result = try b.take(try batch(twin))
    #expect(result.fork == Dot(Slot(1), 2))
    #expect(b.frozenSlots == [Slot(1)])
    let evidence = try b.readNow { try $0.forks() }
    #expect(evidence.map(\.dot) == [Dot(Slot(1), 2)])
    #expect(evidence.first?.ours != evidence.first?.theirs)
    _ = try a.makeTicket(20)
    let further = try b.take(try batch(a, after: b.vector))
    #expect(further.applied == 0)
    #expect(further.problems[Slot(1)] == .frozen(Slot(1)))
    try b.writeNow { $0.clearFrozen(Slot(1)) }
    #expect(b.frozenSlots.isEmpty)
    #expect(try b.take(try batch(a, after: b.vector)).applied == 1)
    let head = try #require(
      try twin.readNow { try $0.head(atOrBefore: Dot(Slot(1), 2)) })
    #expect(try b.writeNow { try $0.freeze(on: head) })
    #expect(b.frozenSlots == [Slot(1)])
    let same = try #require(try a.readNow { try $0.head(atOrBefore: Dot(Slot(1), 2)) })
    #expect(try b.writeNow { try $0.freeze(on: same) } == false)
  }

  @Test func anotherHistoryOfOneSlotDoesNotHoldUpTheOthers() throws {
    let (a, old) = (try bench.open("a", slot: 1), try bench.open("old", slot: 1))
    let (b, c) = (try bench.open("b", slot: 2), try bench.open("c", slot: 3))
    _ = try a.makeTicket(1)
    _ = try old.makeTicket(2, subject: "of an old backup")
    _ = try old.makeTicket(3)
    try b.pull(from: a)
    try c.pull(from: old)
    _ = try c.makeTicket(4)
    let other = try bench.open("d", slot: 4)
    _ = try other.makeTicket(5)
    try c.pull(from: other)
    let result = try b.take(try batch(c, after: b.vector))
    #expect(result.badHead?.dot == Dot(Slot(1), 2))
    #expect(b.vector == VersionVector([Slot(1): 1, Slot(4): 1]))
    #expect(result.missingDependencies?.dot == Dot(Slot(3), 1))
  }

  @Test func aPastThatIsMissingHoldsBackOnlyItsSlot() throws {
    let (a, b) = (try bench.open("a", slot: 1), try bench.open("b", slot: 2))
    let (c, d) = (try bench.open("c", slot: 3), try bench.open("d", slot: 4))
    let id = try a.makeTicket(1)
    try b.pull(from: a)
    try b.setTicket(2, id, TicketColumn.status, .text("open"))
    _ = try c.makeTicket(3)
    try c.pull(from: b)
    var all = try batch(c)
    all.deltas.removeAll { $0.dot.slot == Slot(1) }
    let result = try d.take(all)
    #expect(result.applied == 1)
    #expect(d.vector == VersionVector([Slot(3): 1]))
    #expect(result.missingDependencies?.dot == Dot(Slot(2), 1))
  }

  @Test func aVoidDeltaAdvancesAndIsRelayedWithoutEffect() throws {
    let (a, b) = (try bench.open("a", slot: 1), try bench.open("b", slot: 2))
    let c = try bench.open("c", slot: 3)
    let id = try a.makeTicket(1, status: "new")
    try a.setTicket(2, id, TicketColumn.status, .text("forged"))
    try a.setTicket(3, id, TicketColumn.type, .text("task"))
    let void: (Delta) -> String? = { $0.dot.seq == 2 ? "not allowed" : nil }
    try b.pull(from: a, void: void)
    try c.pull(from: b, void: void)
    for store in [b, c] {
      #expect(store.vector == a.vector)
      let ticket = try #require(try store.readNow { try $0.ticket(id) })
      #expect(ticket.status == "new")
      #expect(ticket.type == "task")
      let history = try store.readNow { try $0.history(RowRef(Desk.ticket, id)) }
      #expect(history.map(\.void) == [nil, "not allowed", nil])
      #expect(try store.readNow { try $0.recomputeFingerprint() } == store.fingerprint)
    }
    #expect(b.fingerprint == c.fingerprint)
    #expect(b.fingerprint != a.fingerprint)
  }

  @Test func theVerdictSeesTheCausalPast() throws {
    let (a, b) = (try bench.open("a", slot: 1), try bench.open("b", slot: 2))
    let id = try a.makeTicket(1, status: "new")
    try a.setTicket(2, id, TicketColumn.status, .text("open"))
    var seen: [Value] = []
    let all = try batch(a)
    try b.writeNow { transaction in
      _ = try transaction.apply(all, verify: isSigned) { delta, past, transaction in
        #expect(past == VersionVector([Slot(1): delta.dot.seq - 1]))
        seen.append(
          try transaction.row(RowRef(Desk.ticket, id), within: past).value(TicketColumn.status))
        return nil
      }
    }
    #expect(seen == [.null, .text("new")])
  }

  @Test func ourOwnDeltasFromElsewhereAreNotTaken() throws {
    let (a, b) = (try bench.open("a", slot: 1), try bench.open("b", slot: 1))
    _ = try a.makeTicket(1)
    #expect(try b.take(try batch(a)).problems[Slot(1)] == .ownSlotAhead(Dot(Slot(1), 1)))
    #expect(b.vector.isEmpty)
  }

  @Test func whatANewerSchemaBroughtIsKeptAndMovesIn() throws {
    let newer = Schema(
      level: Desk.schema.level + 1,
      entities: Desk.schema.entities.map { entity in
        guard entity.code == Desk.ticket else { return entity }
        return EntitySpec(
          entity.code, entity.name,
          entity.columns + [
            ColumnSpec(40, "mood", indexed: true), ColumnSpec(41, "moods", .set),
          ])
      } + [EntitySpec(EntityCode(900), "gadget", [ColumnSpec(1, "name")])])
    let new = try bench.open("new", slot: 1, schema: newer)
    var old = try bench.open("old", slot: 2)
    let gadget = RowRef(EntityCode(900), RowID(70_001))
    let id = try new.makeTicket(
      1,
      [
        set(40, .text("sunny")), CellAction(CellKey(41), .add(.text("x"), replaces: [])),
      ])
    try new.commit(2, [RowChange(gadget, [set(1, .text("lamp"))])])
    try old.pull(from: new)
    #expect(old.fingerprint == new.fingerprint)
    try old.setTicket(3, id, TicketColumn.status, .text("open"))
    try old.writeNow { transaction in
      let found = try transaction.row(gadget)
      #expect(found.value(1) == .text("lamp"))
    }
    try new.pull(from: old)
    #expect(old.fingerprint == new.fingerprint)
    let third = try bench.open("third", slot: 3, schema: newer)
    try third.pull(from: old)
    #expect(third.fingerprint == new.fingerprint)
    try old.close()
    old = try bench.open("old", schema: newer)
    #expect(try old.readNow { try $0.recomputeFingerprint() } == new.fingerprint)
    let found = try old.readNow { try $0.rows(Desk.ticket, column: 40, equals: .text("sunny")) }
    #expect(found.map(\.0) == [id])
    #expect(
      try old.readNow { try $0.rows(EntityCode(900)) }.map { $0.1.value(1) } == [.text("lamp")])
    try old.close()
    #expect(throws: StoreError.self) { _ = try bench.open("old") }
  }

  @Test func appliedDeltasPerSecond() throws {
    let (a, b) = (try bench.open("a", slot: 1), try bench.open("b", slot: 2))
    let count = 5_000
    try a.writeNow { transaction in
      var ids: [RowID] = []
      for index in 0..<count {
        let isNew = index % 5 == 0
        let id = try isNew ? transaction.newRowID() : ids[index % ids.count]
        if isNew { ids.append(id) }
        let shown = try transaction.row(RowRef(Desk.ticket, id))
          .cells[CellKey(TicketColumn.status)]?.register?.winner?.stamp.dot
        try transaction.appendLocal(
          hlc: hlc(UInt64(index)),
          [
            RowChange(
              RowRef(Desk.ticket, id),
              (isNew ? [personal(TicketColumn.subject, "subject \(index)")] : [])
                + [
                  set(
                    TicketColumn.status, .text("s\(index % 7)"),
                    replaces: shown.map { [$0] } ?? [])
                ])
          ])
      }
      try transaction.seal(sign: sign)
    }
    let clock = ContinuousClock()
    let took = try clock.measure { try b.pull(from: a, maxBytes: 256 << 10) }
    #expect(b.fingerprint == a.fingerprint)
    let seconds = Double(took.components.attoseconds) / 1e18 + Double(took.components.seconds)
    print("applied \(Int(Double(count) / seconds)) deltas/s (this build)")
  }
}

extension ReplicaStore {
  fileprivate func lastDot(of slot: Int) -> Dot {
    let slot = Slot(UInt32(slot))
    return Dot(slot, max(1, vector[slot]))
  }
}
