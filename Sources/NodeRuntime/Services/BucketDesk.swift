// Collects the fingerprint buckets of peers for `verify`.

internal import ReplicaCore
internal import Synchronization

/// Asks live links for their buckets and waits a bounded time for the answers.
final class BucketDesk: Sendable {
  struct Answer: Sendable {
    var vector: VersionVector
    var sums: [Fingerprint.Sum]
  }

  private struct State {
    var number = 0
    var answers: [Slot: (number: Int, answer: Answer)] = [:]

    /// What came after the given number of answers.
    func answers(after number: Int) -> [Slot: Answer] {
      answers.filter { $0.value.number > number }.mapValues(\.answer)
    }
  }

  /// How long an answer is waited for, in milliseconds: it has 64 KiB, and a line that was choked a
  /// moment ago may keep still for some seconds before TCP tries again.
  private static let patience: Int64 = 10_000

  private let state = Mutex(State())

  func received(_ peer: Slot, _ vector: VersionVector, _ sums: [Fingerprint.Sum]) {
    state.withLock {
      $0.number += 1
      $0.answers[peer] = ($0.number, Answer(vector: vector, sums: sums))
    }
  }

  func ask(_ links: [PeerLink]) async -> [Slot: Answer] {
    let before = state.withLock { $0.number }
    for link in links { await link.askForBuckets() }
    let wanted = Set(links.map(\.peer))
    for _ in 0..<(Self.patience / 20) {
      if state.withLock({ Set($0.answers(after: before).keys) }).isSuperset(of: wanted) { break }
      try? await Task.sleep(for: .milliseconds(20))
    }
    return state.withLock { $0.answers(after: before) }
  }
}
