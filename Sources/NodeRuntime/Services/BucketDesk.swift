// Collects the fingerprint buckets of peers for `verify`.

internal import ReplicaCore
internal import Synchronization

/// Asks live links for their buckets and waits a bounded time for the answers.
final class BucketDesk: Sendable {
  struct Answer: Sendable {
    var vector: VersionVector
    var sums: [Fingerprint.Sum]
  }

  /// How long an answer is waited for, in milliseconds.
  private static let patience: Int64 = 3_000

  private let answers = Mutex<[Slot: Answer]>([:])

  func received(_ peer: Slot, _ vector: VersionVector, _ sums: [Fingerprint.Sum]) {
    answers.withLock { $0[peer] = Answer(vector: vector, sums: sums) }
  }

  func ask(_ links: [PeerLink]) async -> [Slot: Answer] {
    answers.withLock { $0 = [:] }
    for link in links { await link.askForBuckets() }
    let wanted = Set(links.map(\.peer))
    for _ in 0..<(Self.patience / 20) {
      let have = answers.withLock { Set($0.keys) }
      if have.isSuperset(of: wanted) { break }
      try? await Task.sleep(for: .milliseconds(20))
    }
    return answers.withLock { $0 }
  }
}
