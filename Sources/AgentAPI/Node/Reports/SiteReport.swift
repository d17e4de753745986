// What this node knows of another.

/// A node of the cluster as this node sees it.
package struct SiteReport: Hashable, Sendable, Codable {
  package var node: String
  package var office: String
  package var slot: UInt32
  /// `self`, `connected`, `connecting`, `unreachable`, `paused`.
  package var state: String
  @Nullable package var address: String?
  /// When it last said anything; null where it never did.
  @Nullable package var lastHeardAt: WireTime?
  /// Its deltas that this node knows of and has not applied.
  package var lag: UInt64
  /// How old this node's picture of the site is, in seconds; 0 where nothing is missing.
  package var dataAgeSeconds: Int64
  /// This node's deltas that the site has not confirmed.
  package var unsent: UInt64
  @Nullable package var roundTripMilliseconds: Int64?

  package init(
    node: String, office: String, slot: UInt32, state: String, address: String?,
    lastHeardAt: WireTime?, lag: UInt64, dataAgeSeconds: Int64, unsent: UInt64,
    roundTripMilliseconds: Int64?
  ) {
    self.node = node
    self.office = office
    self.slot = slot
    self.state = state
    self.address = address
    self.lastHeardAt = lastHeardAt
    self.lag = lag
    self.dataAgeSeconds = dataAgeSeconds
    self.unsent = unsent
    self.roundTripMilliseconds = roundTripMilliseconds
  }
}

/// A node in the membership log.
package struct MemberReport: Hashable, Sendable, Codable {
  package var node: String
  package var office: String
  package var slot: UInt32
  /// Its public key's hash, lowercase hex.
  package var key: String
  /// `active` or `removed`.
  package var state: String
  @Nullable package var admittedBy: String?
  @Nullable package var admittedAt: WireTime?
  @Nullable package var removedAt: WireTime?

  package init(
    node: String, office: String, slot: UInt32, key: String, state: String, admittedBy: String?,
    admittedAt: WireTime?, removedAt: WireTime?
  ) {
    self.node = node
    self.office = office
    self.slot = slot
    self.key = key
    self.state = state
    self.admittedBy = admittedBy
    self.admittedAt = admittedAt
    self.removedAt = removedAt
  }
}

/// What an invitation asks for.
package struct InviteRequest: Hashable, Sendable, Codable {
  package var office: String
  /// IANA name; null where the office exists already.
  @Nullable package var zone: String?
  package var languages: [String]
  package var ttlSeconds: Int64

  package init(office: String, zone: String?, languages: [String] = [], ttlSeconds: Int64) {
    self.office = office
    self.zone = zone
    self.languages = languages
    self.ttlSeconds = ttlSeconds
  }
}

package struct InviteReport: Hashable, Sendable, Codable {
  package var token: String
  package var office: String
  package var expiresAt: WireTime

  package init(token: String, office: String, expiresAt: WireTime) {
    self.token = token
    self.office = office
    self.expiresAt = expiresAt
  }
}

/// Whether replicas are equal.
package struct VerifyReport: Hashable, Sendable, Codable {
  package struct Peer: Hashable, Sendable, Codable {
    package var node: String
    /// `equal`, `different`, `behind` (vectors differ, so nothing can be said) or `unreachable`.
    package var state: String
    /// Since when it is so.
    @Nullable package var since: WireTime?
    package var differingBuckets: [Int]

    package init(node: String, state: String, since: WireTime?, differingBuckets: [Int]) {
      self.node = node
      self.state = state
      self.since = since
      self.differingBuckets = differingBuckets
    }
  }

  /// Every peer that could be asked at equal vectors is equal, and the node agrees with itself.
  package var equal: Bool
  package var fingerprint: String
  package var version: [String: UInt64]
  /// The stored buckets equal those computed anew from all rows.
  package var selfConsistent: Bool
  package var peers: [Peer]

  package init(
    equal: Bool, fingerprint: String, version: [String: UInt64], selfConsistent: Bool,
    peers: [Peer]
  ) {
    self.equal = equal
    self.fingerprint = fingerprint
    self.version = version
    self.selfConsistent = selfConsistent
    self.peers = peers
  }
}

/// Something a person must look at.
package struct AlarmReport: Hashable, Sendable, Codable {
  package var id: String
  /// `not_accepted`, `clock`, `fork`, `void`, `damage`, `cut_off`, `late_account`, …
  package var kind: String
  @Nullable package var ticketID: Int64?
  @Nullable package var groupID: Int64?
  @Nullable package var office: String?
  package var raisedAt: WireTime
  package var message: String

  package init(
    id: String, kind: String, ticketID: Int64?, groupID: Int64?, office: String?,
    raisedAt: WireTime, message: String
  ) {
    self.id = id
    self.kind = kind
    self.ticketID = ticketID
    self.groupID = groupID
    self.office = office
    self.raisedAt = raisedAt
    self.message = message
  }
}
