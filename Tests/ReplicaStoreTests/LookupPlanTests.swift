// What clients ask again and again goes through an index, whatever lies in the table.

import Foundation
import GRDB
import HelpdeskDomain
import ReplicaCore
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

  @Test func anExternalIDIsLookedUp() throws {
    let table = try #require(StorePlan(bench.options("a")).tables[Desk.organization])
    let plan = try plan(of: "\(table.selectRows) \(ReadView.byExternalID)")
    #expect(plan.count == 1)
    #expect(plan.allSatisfy { $0.contains("_external_id_index (external_id=?)") }, "\(plan)")
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
      try store.readNow { view in
        var filter = UserFilter()
        filter.externalID = external
        return try view.users(filter, .cursor(size: 10, after: nil, before: nil)).rows.map(\.id)
      }
    }
    #expect(try found("crm-7") == [ids[0], ids[3]])
    #expect(try found("CRM-7").isEmpty)
    #expect(try store.readNow { try $0.organizations(externalID: "crm-7") }.isEmpty)
  }
}
