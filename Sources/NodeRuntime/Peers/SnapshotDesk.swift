// Serves snapshots to joiners: made on request, kept for a while so that a transfer can resume.

internal import Logging
internal import ReplicaCore
internal import ReplicaStore

/// One snapshot at a time; a joiner that comes back finds the one it began with.
actor SnapshotDesk: SnapshotSource {
  /// A snapshot is kept for so long after it was last asked for, in milliseconds.
  static let kept: Int64 = 3_600_000
  /// A new request may share a snapshot of this age, in milliseconds.
  private static let fresh: Int64 = 60_000

  private let store: ReplicaStore
  private let now: @Sendable () -> Instant
  private let log: Logger
  private var latest: (id: UInt64, madeAt: Instant)?
  private var lastAsked: [UInt64: Instant] = [:]
  private var making: Task<UInt64, any Error>?

  init(store: ReplicaStore, now: @escaping @Sendable () -> Instant, log: Logger) {
    self.store = store
    self.now = now
    self.log = log
  }

  func chunk(of id: UInt64?, at offset: UInt64) async -> SyncMessage {
    do {
      let wanted: UInt64
      if let id, store.snapshotIDs().contains(id) {
        wanted = id
      } else if id != nil {
        return .snapshotRefused(reason: "that snapshot is no longer kept; begin anew")
      } else {
        wanted = try await current()
      }
      lastAsked[wanted] = now()
      guard let chunk = try store.snapshotChunk(id: wanted, offset: offset) else {
        return .snapshotRefused(reason: "there is nothing at offset \(offset)")
      }
      return .snapshotChunk(
        id: chunk.id, offset: chunk.offset, total: chunk.total, hash: chunk.hash,
        bytes: chunk.bytes)
    } catch {
      log.error("a snapshot could not be served: \(error)")
      return .snapshotRefused(reason: "the snapshot could not be made; see the issuer's log")
    }
  }

  private func current() async throws -> UInt64 {
    if let latest, now() - latest.madeAt < Self.fresh,
      store.snapshotIDs().contains(latest.id)
    {
      return latest.id
    }
    if let making { return try await making.value }
    let task = Task { [store] in try await store.makeSnapshot().id }
    making = task
    defer { making = nil }
    let id = try await task.value
    latest = (id, now())
    return id
  }

  /// Removes snapshots that nobody asked for lately.
  func tidy() {
    for id in store.snapshotIDs() {
      // One that an earlier run of this node left is kept as long as any other.
      let asked = lastAsked[id] ?? now()
      lastAsked[id] = asked
      guard now() - asked > Self.kept else { continue }
      try? store.removeSnapshot(id)
      lastAsked[id] = nil
    }
  }
}
