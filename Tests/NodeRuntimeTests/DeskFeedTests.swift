// Listeners come and go while events are told.

import AgentAPI
import Foundation
import HelpdeskDomain
import ReplicaCore
import ReplicaStore
import Synchronization
import Testing

@testable import NodeRuntime

@Suite struct DeskFeedTests {
  private static let event = DeskEvent.lost(nil)

  /// A listener's task is cancelled under a lock of the Swift runtime, which waking it takes too: a
  /// feed that wakes listeners under a lock of its own stands still for ever sooner or later.
  @Test func aListenerThatGoesHoldsNobodyUp() async throws {
    let feed = DeskFeed()
    let race = Race()
    defer { race.isOver.store(true, ordering: .relaxed) }
    // Threads of their own: who stands still there must not hold the test's own task up.
    Thread.detachNewThread {
      while !race.isOver.load(ordering: .relaxed) {
        feed.send(Self.event)
        race.told.add(1, ordering: .relaxed)
      }
    }
    Thread.detachNewThread {
      while !race.isOver.load(ordering: .relaxed) {
        let listener = Task { for await _ in feed.subscribe() {} }
        Thread.sleep(forTimeInterval: 0.000_05)
        listener.cancel()
        race.gone.add(1, ordering: .relaxed)
      }
    }
    var last = (told: -1, gone: -1)
    for _ in 0..<5 {
      try await Task.sleep(for: .seconds(1))
      let now = race.counts
      try #require(now.told > last.told && now.gone > last.gone, "all stand still at \(now)")
      last = now
    }
  }

  private final class Race: Sendable {
    let told = Atomic(0)
    let gone = Atomic(0)
    let isOver = Atomic(false)

    var counts: (told: Int, gone: Int) {
      (told.load(ordering: .relaxed), gone.load(ordering: .relaxed))
    }
  }

  @Test func aSlowListenerIsToldHowMuchItMissed() async {
    let feed = DeskFeed()
    var listener = feed.subscribe().makeAsyncIterator()
    for _ in 0..<1_500 { feed.send(Self.event) }
    for _ in 0..<1_000 { _ = await listener.next() }
    feed.send(Self.event)
    guard case .lost(let count)? = await listener.next()?.event else {
      Issue.record("nothing is told of what was lost")
      return
    }
    #expect(count == 500)
    #expect(await listener.next() != nil)
  }

  @Test func aLogThatCannotBeReadIsToldAsLost() async throws {
    let store = try desk(3, of: 1)
    try store.close()
    let feed = DeskFeed()
    var listener = feed.subscribe().makeAsyncIterator()
    await feed.tell(of: store, after: 1, upTo: 3)
    guard case .lost(let count)? = await listener.next()?.event else {
      Issue.record("nothing is told of what was lost")
      return
    }
    #expect(count == 2)
  }

  /// A desk with so many deltas, each of which touched so many users.
  private func desk(_ deltas: Int, of changes: Int) throws -> ReplicaStore {
    var options = StoreOptions(
      directory: NSTemporaryDirectory() + "helio-feed-\(UUID().uuidString)", schema: Desk.schema)
    options.durability = .simulated
    options.now = { Instant(seconds: 1_790_000_000) }
    let store = try ReplicaStore.open(options)
    try store.writeNow { try $0.adopt(slot: Slot(1)) }
    for _ in 0..<deltas { try Self.append(changes, to: store) }
    return store
  }

  private static func append(_ changes: Int, to store: ReplicaStore) throws {
    try store.writeNow { transaction in
      let active = CellAction(
        CellKey(UserColumn.active), .write(.plain(.integer(1)), replaces: [], unread: []))
      let changes = try (0..<changes).map { _ in
        RowChange(RowRef(Desk.user, try transaction.newRowID()), [active])
      }
      try transaction.appendLocal(hlc: HLC(milliseconds: 1_790_000_000_000), changes)
      try transaction.seal { _, _ in [1] }
    }
  }

  @Test func aDeltaHeardInPartIsNoPlaceToGoOnBehind() async throws {
    let (feed, store) = (DeskFeed(), try desk(2, of: 3))
    let end = store.appliedNumber
    var again = await feed.subscribe(after: end - 1, in: store).makeAsyncIterator()
    var replayed: [Int64?] = []
    for _ in 0..<3 { replayed.append(await again.next()?.place) }
    #expect(replayed == [nil, nil, end])
    var fresh = feed.subscribe(in: store).makeAsyncIterator()
    #expect(await fresh.next() == NumberedEvent(.begun, number: end))
    try Self.append(2, to: store)
    // What was read back already comes once, though its events are told late.
    await feed.tell(of: store, after: end - 1, upTo: end + 1)
    var live: [Int64?] = []
    for _ in 0..<2 { live.append(await again.next()?.place) }
    #expect(live == [nil, end + 1])
  }

  @Test func whatFindsNoPlaceWhileTheLogIsReadBackIsCountedAsLost() async throws {
    let (feed, store) = (DeskFeed(), try desk(200, of: 125))
    var listener = await feed.subscribe(after: 0, in: store).makeAsyncIterator()
    try await Task.sleep(for: .seconds(2))
    var (heard, lost, isOver) = (0, 0, false)
    while !isOver, let next = await listener.next() {
      switch next.event {
      case .lost(let count): lost += count ?? 0
      case .begun: isOver = true
      default: heard += 1
      }
      if heard == 21_000 { feed.send(.begun) }
    }
    #expect(heard + lost == 25_000)
  }

  @Test func whoIsGoneIsForgotten() async throws {
    let feed = DeskFeed()
    #expect(!feed.isWatched)
    let listener = Task { for await _ in feed.subscribe() {} }
    while !feed.isWatched { await Task.yield() }
    listener.cancel()
    await listener.value
    #expect(!feed.isWatched)
  }
}
