// Exported searches of people are read along the ids: any pages of them make the whole.

import AgentAPI
import Foundation
import HelpdeskDomain
import ReplicaCore
import ReplicaStore
import Testing

@testable import NodeRuntime

@Suite struct DirectorySearchTests {
  private let directory = NSTemporaryDirectory() + "helio-directory-\(UUID().uuidString)"

  private func desk() throws -> ReplicaStore {
    var options = StoreOptions(directory: directory, schema: Desk.schema)
    options.durability = .simulated
    let store = try ReplicaStore.open(options)
    try store.writeNow { transaction in
      try transaction.adopt(slot: Slot(1))
      func write(_ column: UInt16, _ text: String) -> CellAction {
        CellAction(CellKey(column), .write(.plain(.text(text)), replaces: [], unread: []))
      }
      var changes: [RowChange] = []
      for number in 0..<250 {
        let name = number % 3 == 0 ? "Ada \(number)" : "Bo \(number)"
        changes.append(
          RowChange(
            RowRef(Desk.user, try transaction.newRowID()),
            [
              write(UserColumn.name, name),
              write(UserColumn.role, number % 2 == 0 ? "agent" : "end-user"),
            ]))
        changes.append(
          RowChange(
            RowRef(Desk.organization, try transaction.newRowID()),
            [write(OrganizationColumn.name, name)]))
        changes.append(
          RowChange(
            RowRef(Desk.group, try transaction.newRowID()), [write(GroupColumn.name, name)]))
      }
      try transaction.appendLocal(hlc: HLC(milliseconds: 1_790_000_000_000), changes)
      try transaction.seal { _, _ in [1] }
    }
    return store
  }

  @Test(arguments: [
    ("type:user ada", 84), ("type:user role:agent", 125), ("type:user ada role:agent", 42),
    ("type:user -ada", 166), ("type:organization ada", 84), ("type:group ada", 84),
    ("type:user nobody", 0),
  ])
  func pagesMakeTheWhole(text: String, count: Int) throws {
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let search = try Search.parse(text, me: nil, now: .zero)
    let query = try #require(search.directory.first)
    try desk().readNow { view in
      let whole = try view.hits(query, [:])
      #expect(whole.count == count)
      #expect(whole.map(\.id) == whole.map(\.id).sorted())
      for size in [1, 9, 84, 1_000] {
        var read: [SearchHit] = []
        var after: RowID?
        while true {
          let page = try view.directoryPage(query, [:], size: size, after: after)
          read += page.rows
          #expect(page.rows.count == size || !page.hasMore)
          guard page.hasMore, let last = page.rows.last else { break }
          after = last.id
        }
        #expect(read == whole, "in pages of \(size)")
      }
    }
  }
}
