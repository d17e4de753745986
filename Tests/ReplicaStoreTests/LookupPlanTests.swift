// What clients ask again and again goes through an index, whatever lies in the table.

import Foundation
import GRDB
import HelpdeskDomain
import ReplicaCore
import Synchronization
import Testing

@testable import ReplicaStore

@Suite struct LookupPlanTests {
  private let bench = TestBench()

  private func queue() throws -> DatabaseQueue {
    try DatabaseQueue(path: "\(bench.root)/a/heliotrope.sqlite")
  }

  private func plan(of sql: String) throws -> [String] {
    try bench.open("a", slot: 1).close()
    return try queue().read { db in
      try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN \(sql)", arguments: [1])
        .map { $0["detail"] as String }
    }
  }

  @Test(arguments: [Desk.user, Desk.organization])
  func anExternalIDIsLookedUp(_ entity: EntityCode) throws {
    let table = try #require(StorePlan(bench.options("a")).tables[entity])
    let plan = try plan(of: "\(table.selectRows) \(ReadView.byExternalID)")
    #expect(plan.count == 1)
    #expect(plan.allSatisfy { $0.contains("_external_id_index (external_id=?)") }, "\(plan)")
  }

  @Test func theFirstCommitAtATimeIsLookedUp() throws {
    let plan = try plan(of: MomentTable.firstCommit)
    #expect(plan.count == 1)
    #expect(plan.allSatisfy { $0.contains("moment_latest (latest_ms>?)") }, "\(plan)")
  }

  @Test func thoseWithAnExternalIDAreFoundAndDeletedOnesAreNot() throws {
    let store = try bench.open("a", slot: 1)
    let ids = try store.writeNow { transaction in
      let ids = try (0..<4).map { _ in try transaction.newRowID() }
      let rows: [(RowID, String, Int64)] = [
        (ids[0], "crm-7", 0), (ids[1], "crm-8", 0), (ids[2], "crm-7", 1), (ids[3], "crm-7", 0),
      ]
      try transaction.appendLocal(
        hlc: hlc(1),
        rows.map { id, external, deleted in
          RowChange(
            RowRef(Desk.user, id),
            [
              personal(UserColumn.name, "x"), set(UserColumn.externalID, .text(external)),
              set(UserColumn.deleted, .integer(deleted)),
            ])
        })
      try transaction.seal(sign: sign)
      return ids
    }
    func found(_ external: String) throws -> [RowID] {
      try store.readNow { try $0.users(externalID: external).map(\.id) }
    }
    #expect(try found("crm-7") == [ids[0], ids[3]])
    #expect(try found("CRM-7").isEmpty)
    #expect(try store.readNow { try $0.organizations(externalID: "crm-7") }.isEmpty)
  }

  /// A store whose wall clock shows each of these times in turn, one commit at each.
  private func store(at times: [Int64]) throws -> ReplicaStore {
    let clock = Mutex<Int64>(0)
    var options = bench.options("a")
    options.now = { Instant(milliseconds: clock.withLock { $0 }) }
    let store = try ReplicaStore.open(options)
    if store.slot == nil { try store.writeNow { try $0.adopt(slot: Slot(1)) } }
    for time in times {
      clock.withLock { $0 = time }
      _ = try store.makeTicket(store.vector[Slot(1)] + 1)
    }
    return store
  }

  private func first(_ store: ReplicaStore, _ times: ClosedRange<Int64>) throws -> [Int64?] {
    try store.readNow { view in
      try times.map { try view.firstCommit(at: Instant(milliseconds: $0)) }
    }
  }

  private static let times: [Int64] = [5, 9, 2, 9, 7, 12, 1, 11, 20, 20, 3, 21]

  @Test func theIndexFindsWhatAWalkWouldFind() throws {
    let store = try store(at: Self.times)
    let walked = (Int64(0)...25).map { instant in
      Self.times.firstIndex { $0 >= instant }.map { Int64($0 + 1) }
    }
    #expect(try first(store, 0...25) == walked)
  }

  @Test func aTableOfAnEarlierReleaseIsBroughtUp() throws {
    var store = try store(at: Self.times)
    let before = try first(store, 0...25)
    try store.close()
    let queue = try queue()
    try queue.write { db in
      try db.execute(
        sql: """
          CREATE TABLE earlier(apply_no INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL);
          INSERT INTO earlier SELECT apply_no, at_ms FROM moment;
          DROP TABLE moment;
          ALTER TABLE earlier RENAME TO moment;
          DELETE FROM migration WHERE name = '5 moments by time';
          """)
    }
    try queue.close()
    store = try self.store(at: [2, 30])
    #expect(try first(store, 0...25).prefix(22) == before.prefix(22))
    #expect(try first(store, 22...30) == [Int64?](repeating: 14, count: 9))
  }
}
