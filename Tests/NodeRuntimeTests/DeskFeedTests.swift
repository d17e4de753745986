// Listeners come and go while events are told.

import AgentAPI
import Foundation
import ReplicaCore
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
