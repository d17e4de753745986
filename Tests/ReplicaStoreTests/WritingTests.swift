// One transaction: many commands, each whole or not at all.

import Foundation
import HelpdeskDomain
import ReplicaCore
import ReplicaStore
import Testing

private struct Refused: Error {}

@Suite struct WritingTests {
  private let bench = TestBench()

  @Test func aRefusedCommandLeavesTheOthers() throws {
    let store = try bench.open("a", slot: 1)
    let base = try store.makeTicket(1, status: "new")
    let row = RowRef(Desk.ticket, base)
    try store.writeNow { transaction in
      for index in 0..<3 {
        try? transaction.savepoint {
          let id = try transaction.newRowID()
          try transaction.appendLocal(
            hlc: hlc(UInt64(10 + index)),
            [
              RowChange(row, [set(TicketColumn.priority, .text("p\(index)"))]),
              RowChange(
                RowRef(Desk.ticket, id), [set(TicketColumn.externalID, .text("x\(index)"))]),
            ])
          if index == 1 { throw Refused() }
        }
      }
      #expect(transaction.vector[Slot(1)] == 3)
      try transaction.seal(sign: sign)
    }
    let state = try store.readNow { try $0.rows(Desk.ticket, [base])[0].1 }
    let values = state.cells[CellKey(TicketColumn.priority)]?.register?.live.compactMap(\.value)
    #expect(values == [.text("p0"), .text("p2")])
    #expect(try store.readNow { try $0.rows(Desk.ticket).count } == 3)
    #expect(try store.readNow { try $0.recomputeFingerprint() } == store.fingerprint)
    #expect(try store.readNow { try $0.verifyChain() } == 3)
  }

  @Test func nestedSavepointsUndoOnlyTheirOwn() throws {
    let store = try bench.open("a", slot: 1)
    let id = try store.makeTicket(1)
    let row = RowRef(Desk.ticket, id)
    try store.writeNow { transaction in
      try transaction.savepoint {
        try transaction.appendLocal(
          hlc: hlc(2), [RowChange(row, [set(TicketColumn.type, .text("outer"))])])
        try? transaction.savepoint {
          try transaction.appendLocal(
            hlc: hlc(3), [RowChange(row, [set(TicketColumn.type, .text("inner"))])])
          throw Refused()
        }
      }
      try transaction.seal(sign: sign)
    }
    let state = try store.readNow { try $0.rows(Desk.ticket, [id])[0].1 }
    #expect(state.value(TicketColumn.type) == .text("outer"))
    #expect(state.cells[CellKey(TicketColumn.type)]?.register?.live.count == 1)
  }

  @Test func aFailedTransactionLeavesNothing() throws {
    let store = try bench.open("a", slot: 1)
    _ = try store.makeTicket(1)
    let (vector, fingerprint) = (store.vector, store.fingerprint)
    #expect(throws: Refused.self) {
      try store.writeNow { transaction in
        _ = try transaction.newRowID()
        try transaction.appendLocal(
          hlc: hlc(9), [RowChange(RowRef(Desk.ticket, RowID(10_001)), [])])
        try transaction.seal(sign: sign)
        throw Refused()
      }
    }
    #expect(store.vector == vector)
    #expect(store.fingerprint == fingerprint)
    #expect(throws: StoreError.unsealed(count: 1)) {
      try store.writeNow { transaction in
        try transaction.appendLocal(hlc: hlc(9), [])
        return ()
      }
    }
    #expect(store.vector == vector)
  }

  @Test func lookupsSeeTheTransactionsOwnChanges() throws {
    let store = try bench.open("a", slot: 1)
    let group: Int64 = 40_001
    let first = try store.makeTicket(1, [set(TicketColumn.group, .integer(group))])
    let second = try store.makeTicket(2)
    try store.writeNow { transaction in
      func inGroup() throws -> [RowID] {
        try transaction.rows(
          of: Desk.ticket, column: TicketColumn.group, equals: .integer(group))
      }
      #expect(try inGroup() == [first])
      try transaction.appendLocal(
        hlc: hlc(3),
        [
          RowChange(
            RowRef(Desk.ticket, second), [set(TicketColumn.group, .integer(group))])
        ])
      #expect(try inGroup() == [first, second])
      let dot = try #require(
        try transaction.row(RowRef(Desk.ticket, first)).cells[CellKey(TicketColumn.group)]?
          .register?.winner?.stamp.dot)
      try? transaction.savepoint {
        try transaction.appendLocal(
          hlc: hlc(4),
          [
            RowChange(
              RowRef(Desk.ticket, first),
              [set(TicketColumn.group, .integer(7), replaces: [dot])])
          ])
        #expect(try inGroup() == [second])
        throw Refused()
      }
      #expect(try inGroup() == [first, second])
      try transaction.seal(sign: sign)
    }
  }

  @Test func namesAreFoundInAnyCaseOfLetters() throws {
    let store = try bench.open("a", slot: 1)
    func firm(_ id: Int64, _ name: String) -> RowChange {
      RowChange(
        RowRef(Desk.organization, RowID(id)), [set(OrganizationColumn.name, .text(name))])
    }
    func found(_ transaction: WriteTransaction) throws -> [RowID] {
      try transaction.rows(
        of: Desk.organization, column: OrganizationColumn.name, resembling: "GLOBEX")
    }
    try store.writeNow { transaction in
      try transaction.appendLocal(hlc: hlc(1), [firm(20_001, "Globex"), firm(30_001, "Other")])
      #expect(try found(transaction) == [RowID(20_001)])
      try transaction.seal(sign: sign)
    }
    try store.writeNow { transaction in
      #expect(try found(transaction) == [RowID(20_001)])
      try transaction.appendLocal(hlc: hlc(2), [firm(40_001, "gLOBEX")])
      #expect(try found(transaction) == [RowID(20_001), RowID(40_001)])
      try transaction.seal(sign: sign)
    }
  }

  @Test func aThousandCommandsShareOneCommitAndOneHead() throws {
    let store = try bench.open("a", slot: 1)
    let clock = ContinuousClock()
    var heads = 0
    let took = try clock.measure {
      heads = try store.writeNow { transaction in
        for index in 0..<1_000 {
          try transaction.savepoint {
            let id = try transaction.newRowID()
            try transaction.appendLocal(
              hlc: hlc(UInt64(index)),
              [
                RowChange(
                  RowRef(Desk.ticket, id),
                  [
                    personal(TicketColumn.subject, "ticket \(index)"),
                    set(TicketColumn.status, .text("new")),
                  ])
              ])
          }
        }
        return try transaction.seal(sign: sign).count
      }
    }
    #expect(heads == 1)
    #expect(store.deltaCount == 1_000)
    #expect(try store.readNow { try $0.verifyChain() } == 1_000)
    #expect(try store.readNow { try $0.recomputeFingerprint() } == store.fingerprint)
    print("group commit of 1,000 commands: \(took)")
  }

  @Test func longTransactionsAreSealedAtEachMebibyte() throws {
    let store = try bench.open("a", slot: 1)
    let long = String(repeating: "x", count: 100_000)
    let heads = try store.writeNow { transaction in
      for index in 0..<30 {
        let id = try transaction.newRowID()
        try transaction.appendLocal(
          hlc: hlc(UInt64(index)),
          [RowChange(RowRef(Desk.comment, id), [personal(CommentColumn.body, long)])])
      }
      return try transaction.seal(sign: sign)
    }
    #expect(heads.count == 3)
    let (batch, next) = try store.readNow { try $0.readLog(excluding: VersionVector()) }
    #expect(batch.byteCount <= Limits.batchBytes)
    #expect(batch.deltas.count == 10)
    #expect(next == 10)
  }

  @Test func tooLargeADeltaIsRefused() throws {
    let store = try bench.open("a", slot: 1)
    let long = String(repeating: "x", count: Limits.deltaBytes)
    #expect(throws: StoreError.self) {
      try store.writeNow { transaction in
        try transaction.appendLocal(
          hlc: hlc(1),
          [RowChange(RowRef(Desk.comment, RowID(10_001)), [personal(CommentColumn.body, long)])])
        return ()
      }
    }
  }

  /// A killed process leaves the files as they are at that instant; a copy of them at any instant
  /// must open to exactly what was committed.
  @Test func filesAtAnyInstantOpenToWhatWasCommitted() throws {
    let store = try bench.open("a", slot: 1)
    for index in 0..<20 { _ = try store.makeTicket(UInt64(index)) }
    let committed = store.headedVector
    let fingerprint = store.fingerprint
    func copy(_ name: String) throws {
      try FileManager.default.createDirectory(
        atPath: "\(bench.root)/\(name)", withIntermediateDirectories: true)
      for suffix in ["", "-wal"] {
        try FileManager.default.copyItem(
          atPath: "\(bench.root)/a/heliotrope.sqlite\(suffix)",
          toPath: "\(bench.root)/\(name)/heliotrope.sqlite\(suffix)")
      }
    }
    try store.writeNow { transaction in
      for index in 0..<50 {
        let id = try transaction.newRowID()
        try transaction.appendLocal(
          hlc: hlc(UInt64(100 + index)),
          [RowChange(RowRef(Desk.ticket, id), [personal(TicketColumn.subject, "later")])])
      }
      try transaction.seal(sign: sign)
      _ = try transaction.view()
      try copy("during")
    }
    try copy("after")
    let during = try bench.open("during")
    #expect(during.headedVector == committed)
    #expect(during.fingerprint == fingerprint)
    #expect(try during.readNow { try $0.recomputeFingerprint() } == fingerprint)
    let after = try bench.open("after")
    #expect(after.headedVector == store.headedVector)
    #expect(after.fingerprint == store.fingerprint)
    #expect(try after.readNow { try $0.verifyChain() } == 70)
  }

  @Test func localValuesStayAndGo() throws {
    let store = try bench.open("a", slot: 1)
    try store.writeNow { transaction in
      transaction.setLocal("drill", .integer(5))
      let drill = try transaction.local("drill")
      #expect(drill == .integer(5))
    }
    #expect(try store.readNow { try $0.local("drill") } == .integer(5))
    try store.writeNow { $0.setLocal("drill", .null) }
    #expect(try store.readNow { try $0.local("drill") } == nil)
  }

  @Test func aRowIsGivenAsItsAuthorHadSeenIt() throws {
    let store = try bench.open("a", slot: 1)
    let id = try store.makeTicket(1, tags: ["one"])
    let row = RowRef(Desk.ticket, id)
    let past = store.vector
    let then = try store.readNow { try $0.rows(Desk.ticket, [id])[0].1 }
    try store.setTicket(2, id, TicketColumn.status, .text("open"))
    try store.commit(
      3,
      [
        RowChange(
          row,
          [
            CellAction(
              CellKey(TicketColumn.tags), .remove(.text("one"), seen: [Dot(Slot(1), 1)]))
          ])
      ])
    try store.writeNow { transaction in
      let found = try transaction.row(row, within: past)
      #expect(found == then)
      let now = try transaction.row(row)
      #expect(try transaction.row(row, within: transaction.vector) == now)
      #expect(try transaction.row(row, within: VersionVector()) == RowState())
    }
  }
}
