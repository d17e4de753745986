// What a benchmark asks of a node inside the process: the paths that peers and agents use.

internal import AgentAPI
package import HelpdeskDomain
package import ReplicaCore
internal import ReplicaStore
package import SyncTransport

extension Node {
  /// What is applied and committed here.
  package var vector: VersionVector { parts.store.vector }

  /// The number under which the last delta was applied here.
  package var appliedNumber: Int64 { parts.store.appliedNumber }

  /// The slot that this node writes under.
  package var slot: Slot { parts.own }

  /// Frames exchanged with peers, and their bytes before TLS.
  package var frames: FrameCounters { parts.transport.totals }

  /// Rows that full-text search has not taken in yet.
  package var searchLag: Int {
    get async throws { Int(try await parts.store.read { try $0.searchLag().rows }) }
  }

  /// Runs many commands of one actor through the mutation door, in as few transactions as may be.
  package func submit(
    all commands: [DeskCommand], as actor: Actor
  ) async -> [Result<Accepted, any Error>] {
    await parts.door.submit(all: commands, as: actor)
  }

  /// A batch of what `known` lacks, as a peer is served it.
  package func deltas(beyond known: VersionVector) async throws -> DeltaBatch {
    try await gate.readLog(
      excluding: known, onlySlot: nil, after: nil, maxBytes: Limits.batchBytes
    ).batch
  }

  /// Takes a batch in as from a peer: heads, verdicts, merge, commit.
  package func apply(_ batch: DeltaBatch, from peer: Slot) async -> ApplyOutcome {
    await gate.persist(batch, from: peer)
  }

  /// Publishes a roster (TOML) that takes effect at once.
  package func publishRoster(_ toml: String) async throws {
    _ = try await NodeAdapter(parts: parts).publishRoster(
      RosterUpload(text: toml, format: .toml, emergency: true), as: operatorActor)
  }

  /// A new API token of a user, as text.
  package func makeToken(for user: RowID) async throws -> String {
    try await NodeAdapter(parts: parts).createToken(
      TokenRequest(user: user, label: "bench", expiresAt: nil), as: operatorActor
    ).token
  }
}
