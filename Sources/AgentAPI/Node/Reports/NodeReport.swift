// What a node says about itself.

/// The state of the node that answers.
package struct NodeReport: Hashable, Sendable, Codable {
  package struct Clock: Hashable, Sendable, Codable {
    package var now: WireTime
    /// False where the clock jumped: the node may not accept or cover.
    package var trusted: Bool
    /// Against the median of the peers; null without peers.
    @Nullable package var driftMilliseconds: Int64?
    /// How far roster time is moved by the drill clock; 0 outside drills.
    package var drillOffsetSeconds: Int64

    package init(
      now: WireTime, trusted: Bool, driftMilliseconds: Int64?, drillOffsetSeconds: Int64
    ) {
      self.now = now
      self.trusted = trusted
      self.driftMilliseconds = driftMilliseconds
      self.drillOffsetSeconds = drillOffsetSeconds
    }
  }

  package var cluster: String
  package var clusterID: String
  package var node: String
  package var office: String
  package var slot: UInt32
  /// `serving`, `read-only`, `frozen`.
  package var state: String
  /// Why it is not serving.
  @Nullable package var stateReason: String?
  package var software: String
  package var schemaLevel: Int
  /// Slot → last applied seq.
  package var version: [String: UInt64]
  package var deltas: UInt64
  package var fingerprint: String
  package var clock: Clock
  @Nullable package var rosterNumber: Int64?
  package var tickets: Int
  package var conflicts: Int
  /// Deltas that full-text search has not yet taken in.
  package var searchLag: Int
  package var startedAt: WireTime

  package init(
    cluster: String, clusterID: String, node: String, office: String, slot: UInt32,
    state: String, stateReason: String?, software: String, schemaLevel: Int,
    version: [String: UInt64], deltas: UInt64, fingerprint: String, clock: Clock,
    rosterNumber: Int64?, tickets: Int, conflicts: Int, searchLag: Int, startedAt: WireTime
  ) {
    self.cluster = cluster
    self.clusterID = clusterID
    self.node = node
    self.office = office
    self.slot = slot
    self.state = state
    self.stateReason = stateReason
    self.software = software
    self.schemaLevel = schemaLevel
    self.version = version
    self.deltas = deltas
    self.fingerprint = fingerprint
    self.clock = clock
    self.rosterNumber = rosterNumber
    self.tickets = tickets
    self.conflicts = conflicts
    self.searchLag = searchLag
    self.startedAt = startedAt
  }
}

/// Whether the node can do its work; answered without a login.
package struct HealthReport: Hashable, Sendable, Codable {
  package struct Check: Hashable, Sendable, Codable {
    package var name: String
    package var ok: Bool
    package var message: String

    package init(name: String, ok: Bool, message: String) {
      self.name = name
      self.ok = ok
      self.message = message
    }
  }

  package var ok: Bool
  package var checks: [Check]

  package init(checks: [Check]) {
    ok = checks.allSatisfy(\.ok)
    self.checks = checks
  }
}
