// Exports by time get past an import of any size that came within one second.

import AgentAPI
import Foundation
import HelpdeskDomain
import ReplicaCore
import ReplicaStore
import Testing

@testable import NodeRuntime

@Suite struct ExportPageTests {
  private static let users = 12_500
  private static let now = Instant(seconds: 1_790_000_000)
  private let directory = NSTemporaryDirectory() + "helio-export-\(UUID().uuidString)"

  /// A desk whose clock stands still.
  private func desk() throws -> ReplicaStore {
    var options = StoreOptions(directory: directory, schema: Desk.schema)
    options.durability = .simulated
    options.now = { Self.now }
    let store = try ReplicaStore.open(options)
    try store.writeNow { try $0.adopt(slot: Slot(1)) }
    return store
  }

  /// Brings in users, so many with a delta, ten deltas in a commit.
  @discardableResult
  private func bringIn(_ count: Int, each: Int = 125, _ store: ReplicaStore) throws -> [RowID] {
    var made: [RowID] = []
    while made.count < count {
      let rest = count - made.count
      made += try store.writeNow { transaction -> [RowID] in
        var ids: [RowID] = []
        for _ in 0..<10 where ids.count < rest {
          let changes = try (0..<min(each, rest - ids.count)).map { _ in
            let id = try transaction.newRowID()
            ids.append(id)
            return RowChange(
              RowRef(Desk.user, id),
              [
                CellAction(
                  CellKey(UserColumn.active),
                  .write(.plain(.integer(1)), replaces: [], unread: []))
              ])
          }
          try transaction.appendLocal(hlc: HLC(milliseconds: 1_790_000_000_000), changes)
        }
        try transaction.seal { _, _ in [1] }
        return ids
      }
    }
    return made
  }

  private func page(
    _ store: ReplicaStore, _ position: AppliedPosition
  ) throws -> ExportPage<RowID> {
    let request = ExportRequest(position: position, limit: 1_000, wholeSeconds: true)
    return try store.readNow { view in
      try view.export(request, size: { _ in 1 }) { after, limit in
        try view.incrementalUsers(after: after, limit: limit).map {
          (AppliedPlace(applied: $0.applied, id: $0.user.id), $0.user.id)
        }
      }
    }
  }

  @Test func aReaderByEndTimeGetsPastAnySecond() throws {
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let store = try desk()
    let made = try bringIn(Self.users, store)
    var seen: [RowID] = []
    var start: Int64 = 0
    var pages = 0
    while true {
      let found = try page(store, .time(Instant(seconds: start)))
      #expect(found.rows.count <= 6_000, "a page holds its rows and the rest of a second")
      seen += found.rows
      pages += 1
      #expect(found.ended || found.endTime > start, "no reader stays where they are")
      start = found.endTime
      if found.ended || pages > 20 { break }
    }
    #expect(seen == made, "each once: no second was begun anew")
    // What comes in the second that was read last comes with it, and nothing is lost.
    let late = try bringIn(3, store)
    let last = try page(store, .time(Instant(seconds: start)))
    #expect(last.ended)
    #expect(last.rows.suffix(3) == late[...])
    #expect(last.rows.count <= 5_003)
  }

  @Test func aReaderByNextPageGetsEachRowOnce() throws {
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let store = try desk()
    let made = try bringIn(Self.users, store)
    var found = try page(store, .time(.zero))
    var seen = found.rows
    var pages = 1
    while !found.ended, pages < 30 {
      found = try page(store, .place(found.position))
      #expect(found.rows.count <= 1_000)
      #expect(found.ended || found.rows.count == 1_000)
      seen += found.rows
      pages += 1
      // Who goes on by `end_time` from here may get rows again, and misses none.
      let rest = try store.readNow { try $0.appliedNumber(before: Instant(seconds: found.endTime)) }
      #expect(rest < found.position.applied)
    }
    #expect(seen == made)
    let late = try bringIn(2, store)
    #expect(try page(store, .place(found.position)).rows == late)
  }

  /// A change may name more rows than a second holds: it has one alone, and is given whole.
  @Test func aSecondHoldsAWholeChange() throws {
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let store = try desk()
    let made = try bringIn(5_200, each: 5_200, store) + (try bringIn(10, store))
    let first = try page(store, .time(.zero))
    #expect(first.rows.count == 5_200)
    #expect(!first.ended)
    let second = try page(store, .time(Instant(seconds: first.endTime)))
    #expect(second.ended)
    #expect(first.rows + second.rows == made)
  }

  /// A clock that was a year ahead goes back: a year's changes do not all stand in one second.
  @Test func aClockThatGoesBackHoldsNobodyUp() throws {
    defer { try? FileManager.default.removeItem(atPath: directory) }
    var options = StoreOptions(directory: directory, schema: Desk.schema)
    options.durability = .simulated
    options.now = { Self.now + 366 * 86_400_000 }
    let before = try ReplicaStore.open(options)
    try before.writeNow { try $0.adopt(slot: Slot(1)) }
    var made = try bringIn(1, before)
    try before.close()
    options.now = { Self.now }
    let store = try ReplicaStore.open(options)
    made += try bringIn(11_000, store)
    var seen: Set<RowID> = []
    var start: Int64 = 0
    for _ in 0..<10 {
      let found = try page(store, .time(Instant(seconds: start)))
      #expect(found.rows.count <= 6_000)
      seen.formUnion(found.rows)
      start = found.endTime
      if found.ended { break }
    }
    #expect(seen == Set(made))
    #expect(try store.readNow { try $0.moment(of: 2) } == Self.now, "shown is what the clock said")
  }
}
