// The data of the cluster for a joiner: a snapshot in hashed pieces, resumable at any of them.

internal import ClusterTrust
internal import Foundation
internal import ReplicaCore
internal import ReplicaStore
internal import SyncTransport
internal import Synchronization

/// The connection ended before the snapshot was whole; what is here stays, and the rest can be had.
private struct BrokenOff: Error {}

extension NodeSetup {
  /// Between two tries to go on with a transfer that broke off, in milliseconds.
  private static let breath: Int64 = 1_000
  /// So many tries in a row may bring nothing new: the other node makes the snapshot of a large desk
  /// before it sends the first byte, longer perhaps than a silent link is borne.
  private static let fruitlessTries = 20

  /// Fetches and installs the snapshot. The joiner checks chains, heads and rows itself.
  static func fetch(
    _ invite: Invite, _ log: MembershipLog, _ member: Member, _ key: NodeKey,
    _ state: inout JoiningState, _ directory: DataDirectory,
    _ progress: @escaping @Sendable (String) -> Void
  ) async throws -> BootstrapRecord {
    let options = StoreOptions.node(directory)
    let membership = log.membership
    if !FileManager.default.fileExists(atPath: directory.database) {
      if state.chunks > 0 { state.resumed += 1 }
      state = try await wholeTransfer(invite, log, member, key, state, directory, progress)
      progress("checking the snapshot: every chain, every signature, every row")
      let store = try ReplicaStore.install(
        try SnapshotDownload(directory: directory.path), options: options, slot: member.slot,
        verify: { membership.verdict(for: $0) == .valid })
      try store.close()
    }
    let store = try ReplicaStore.open(options)
    defer { try? store.close() }
    progress("\(store.deltaCount) deltas verified")
    return BootstrapRecord(
      bytes: state.received, chunks: state.chunks, resumed: state.resumed,
      deltas: store.deltaCount, replayed: nil)
  }

  /// Goes on by itself after a cut.
  private static func wholeTransfer(
    _ invite: Invite, _ log: MembershipLog, _ member: Member, _ key: NodeKey,
    _ state: JoiningState, _ directory: DataDirectory,
    _ progress: @escaping @Sendable (String) -> Void
  ) async throws -> JoiningState {
    var state = state
    var fruitless = 0
    while true {
      do {
        return try await transfer(invite, log, member, key, state, directory, progress)
      } catch is BrokenOff {
        let before = state.received
        state = JoiningState.load(from: directory) ?? state
        if state.chunks > 0 { state.resumed += 1 }
        fruitless = state.received > before ? 0 : fruitless + 1
        guard fruitless < fruitlessTries else {
          throw NodeError(
            .unreachable, "the connection broke in the middle of the snapshot, again and again",
            hint: "Run the same `helio join` again: it goes on where it stopped.")
        }
        progress("the connection broke; going on")
        try await Task.sleep(for: .milliseconds(breath))
      }
    }
  }

  private static func transfer(
    _ invite: Invite, _ log: MembershipLog, _ member: Member, _ key: NodeKey,
    _ state: JoiningState, _ directory: DataDirectory,
    _ progress: @escaping @Sendable (String) -> Void
  ) async throws -> JoiningState {
    let address = NodeAddress(
      cluster: log.cluster, office: member.office, node: member.node, slot: member.slot)
    let transport = PeerTransport(
      credentials: try credentials(key, address), logger: quiet
    ) { peer, _ in
      switch log.membership.verdict(for: peer.leaf) {
      case .admitted: .admitted
      case .refused(let refusal): .refused(refusal.message)
      }
    }
    let hello = Hello(
      cluster: log.cluster.rawValue, slot: member.slot, schemaLevel: 1, clock: NodeClock().now,
      drillOffset: 0, membership: log.digest)
    var state = state
    var failure: (any Error)?
    var hasBegun = false
    for endpoint in invite.endpoints {
      let target = PeerEndpoint(host: endpoint.host, port: Int(endpoint.port))
      let box = Mutex(state)
      do {
        try await PeerDialer(transport, to: target).dial { connection in
          try await receive(connection, hello, box, directory, progress)
        }
        return box.withLock { $0 }
      } catch {
        state = box.withLock { $0 }
        try state.save(to: directory)
        if error is BrokenOff { hasBegun = true }
        failure = error
      }
    }
    if hasBegun { throw BrokenOff() }
    throw NodeError(
      .unreachable, "the snapshot could not be fetched to its end",
      hint: "Run the same `helio join` again: it goes on where it stopped.",
      cause: failure.map { "\($0)" })
  }

  /// Throws ``BrokenOff`` where a peer that had said HELLO is silent or gone: it can be asked again.
  private static func receive(
    _ connection: PeerConnection, _ hello: Hello, _ box: borrowing Mutex<JoiningState>,
    _ directory: DataDirectory, _ progress: @Sendable (String) -> Void
  ) async throws {
    var greeted = false
    do {
      try await take(connection, hello, box, directory, progress, &greeted)
    } catch let error as PeerLinkError where greeted {
      switch error {
      case .closedByPeer, .stalled, .notReading: throw BrokenOff()
      default: throw error
      }
    }
  }

  private static func take(
    _ connection: PeerConnection, _ hello: Hello, _ box: borrowing Mutex<JoiningState>,
    _ directory: DataDirectory, _ progress: @Sendable (String) -> Void, _ greeted: inout Bool
  ) async throws {
    let download = try SnapshotDownload(directory: directory.path)
    for try await message in connection.inbound {
      switch message {
      case .hello(let theirs):
        greeted = true
        // A joiner has no roster time of its own yet: it takes the cluster's.
        var hello = hello
        hello.drillOffset = theirs.drillOffset
        try await connection.send(.hello(hello))
        let start = download.position
        try await connection.send(
          .snapshotRequest(id: start?.id, offset: start?.offset ?? 0))
      case .snapshotChunk(let id, let offset, let total, let hash, let bytes):
        let isWhole = try download.take(
          SnapshotChunk(id: id, offset: offset, total: total, hash: hash, bytes: bytes))
        let next = offset + UInt64(bytes.count)
        let state = box.withLock { state in
          state.chunks += 1
          state.received += UInt64(bytes.count)
          state.total = total
          return state
        }
        try state.save(to: directory)
        progress("snapshot \(next >> 10) of \(total >> 10) KiB, \(state.chunks) chunks")
        if isWhole {
          try await connection.send(.bye(.shuttingDown, "the snapshot is here"))
          return
        }
        try await connection.send(.snapshotRequest(id: id, offset: next))
      case .snapshotRefused(let reason):
        // The snapshot we began with is gone: begin anew.
        try download.discard()
        throw NodeError(
          .unreachable, "the other node refused the snapshot: \(reason)",
          hint: "Run the same `helio join` again.")
      case .bye(.stalled, _):
        // It was silent to us while it made the snapshot, and so were we.
        throw BrokenOff()
      case .bye(let reason, let text):
        throw NodeError(
          .unreachable, "the other node ended the transfer: \(reason) \(text)",
          hint: "Run the same `helio join` again.")
      default: continue
      }
    }
    throw PeerLinkError.closedByPeer("in the middle of the snapshot")
  }
}
