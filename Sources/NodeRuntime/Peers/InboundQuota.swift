// Memory stays bounded under any peer: no more is read than a peer may have waiting here.

internal import ReplicaCore
internal import Synchronization

/// Bytes of one peer that were read and are not worked off yet.
final class InboundQuota: Sendable {
  /// Several times the credit that an honest peer ever uses.
  private static let limit = 4 * Int(Limits.creditBytes)

  private let waiting = Mutex(0)

  /// Returns when there is room; the connection is not read meanwhile.
  func admit(_ bytes: Int) async {
    while !Task.isCancelled {
      let isFree = waiting.withLock { total in
        guard total == 0 || total + bytes <= Self.limit else { return false }
        total += bytes
        return true
      }
      if isFree { return }
      try? await Task.sleep(for: .milliseconds(5))
    }
  }

  func release(_ bytes: Int) { waiting.withLock { $0 = max(0, $0 - bytes) } }
}

extension SyncMessage {
  /// About how many bytes the message holds in memory.
  var weight: Int {
    switch self {
    case .batch(let batch): 1_024 + batch.byteCount
    case .snapshotChunk(_, _, _, _, let bytes): 1_024 + bytes.count
    case .members(let records): records.reduce(1_024) { $0 + $1.count }
    case .presence(let marks): 1_024 + 32 * marks.count
    case .buckets: 1_024 + 16 * Fingerprint.bucketCount
    default: 1_024
    }
  }
}
