// Accepted boards are found among thousands of single tickets' acceptances, and without them.

import Foundation
import GRDB
import HelpdeskDomain
import ReplicaCore
import ReplicaStore
import Testing

private struct Refused: Error {}

@Suite struct BoardAcceptanceTests {
  private let bench = TestBench()
  private let slot = Instant(milliseconds: 1_790_000_000_000)
  private let later = Instant(milliseconds: 1_790_030_000_000)

  @discardableResult
  private func accept(
    _ ticket: Int64, _ start: Instant, _ time: UInt64, in transaction: WriteTransaction
  ) throws -> RowID {
    let id = try transaction.newRowID()
    try transaction.appendLocal(
      hlc: hlc(time),
      [
        RowChange(
          RowRef(Desk.acceptance, id),
          [
            set(AcceptanceColumn.office, .text("paris")),
            set(AcceptanceColumn.slotStart, .integer(start.milliseconds)),
            set(AcceptanceColumn.ticket, .integer(ticket)),
          ])
      ])
    return id
  }

  @Test func boardsAreFoundWithoutTheTicketsBesideThem() throws {
    let store = try bench.open("a", slot: 1)
    let (first, other) = try store.writeNow { transaction in
      for ticket in 1...50 { try accept(Int64(ticket) * 10_001, slot, 1, in: transaction) }
      let first = try accept(0, slot, 2, in: transaction)
      let other = try accept(0, later, 3, in: transaction)
      #expect(try transaction.boardAcceptances(slotStart: slot) == [first])
      try? transaction.savepoint {
        let second = try accept(0, slot, 4, in: transaction)
        #expect(try transaction.boardAcceptances(slotStart: slot) == [first, second])
        throw Refused()
      }
      #expect(try transaction.boardAcceptances(slotStart: slot) == [first])
      try transaction.seal(sign: sign)
      return (first, other)
    }
    #expect(try store.readNow { try $0.boardAcceptances(slotStart: slot) } == [first])
    #expect(try store.readNow { try $0.boardAcceptances(slotStart: later) } == [other])
    try store.writeNow { transaction in
      #expect(try transaction.boardAcceptances(slotStart: slot) == [first])
      let second = try accept(0, slot, 5, in: transaction)
      #expect(try transaction.boardAcceptances(slotStart: slot) == [first, second])
      try transaction.seal(sign: sign)
      _ = try transaction.view()
      #expect(try transaction.boardAcceptances(slotStart: slot) == [first, second])
    }
    try store.close()
  }

  /// A verdict asks this of every delta: it must not walk what was accepted ticket by ticket.
  @Test func theIndexHoldsNothingButBoards() throws {
    let store = try bench.open("a", slot: 1)
    try store.close()
    let queue = try DatabaseQueue(path: "\(bench.root)/a/heliotrope.sqlite")
    let plan = try queue.read { db in
      try Row.fetchAll(
        db,
        sql: """
          EXPLAIN QUERY PLAN
          SELECT id FROM acceptance WHERE slot_start = ? AND ticket_id = 0 ORDER BY id
          """, arguments: [1]
      ).map { $0["detail"] as String }
    }
    #expect(plan.count == 1)
    #expect(plan.allSatisfy { $0.contains("acceptance_board_index") }, "\(plan)")
  }

  @Test func whatWasLookedUpFollowsTheTransactionsOwnChanges() throws {
    let store = try bench.open("a", slot: 1)
    let base = try store.makeTicket(1, status: "new")
    try store.writeNow { transaction in
      func found(_ text: String) throws -> [RowID] {
        try transaction.rows(
          of: Desk.ticket, column: TicketColumn.externalID, equals: .text(text))
      }
      func name(_ text: String, _ time: UInt64) throws {
        try transaction.appendLocal(
          hlc: hlc(time),
          [
            RowChange(
              RowRef(Desk.ticket, base), [set(TicketColumn.externalID, .text(text))])
          ])
      }
      #expect(try found("x").isEmpty)
      #expect(try transaction.rows(of: Desk.ticket) == [base])
      try name("x", 2)
      #expect(try found("x") == [base])
      try transaction.seal(sign: sign)
      _ = try transaction.view()
      #expect(try found("x") == [base])
      try name("y", 3)
      #expect(try found("x").isEmpty)
      #expect(try found("y") == [base])
      try transaction.seal(sign: sign)
    }
    #expect(try store.readNow { try $0.recomputeFingerprint() } == store.fingerprint)
  }
}
