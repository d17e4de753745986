// What a decision is told besides the state: the time, and fresh ids and salts.

package import ReplicaCore

/// The circumstances of one decision. Nothing here is read from the machine by the domain.
package struct DecisionContext {
  /// The dot the delta will have.
  package var dot: Dot
  /// The stamp the delta will have; greater than every stamp seen.
  package var hlc: HLC
  package var now: Instant
  /// `now` moved by the cluster's drill clock; ownership reads only this one.
  package var rosterNow: Instant
  /// How far the clock jumped against its peers or itself; nil while it is trusted.
  package var clockDrift: Int64?
  /// The next row id of this replica.
  package var newID: () -> RowID
  /// ``Content/saltLength`` fresh random bytes for one personal value.
  package var salt: () -> [UInt8]

  package init(
    dot: Dot, hlc: HLC, now: Instant, rosterNow: Instant? = nil, clockDrift: Int64? = nil,
    newID: @escaping () -> RowID, salt: @escaping () -> [UInt8]
  ) {
    self.dot = dot
    self.hlc = hlc
    self.now = now
    self.rosterNow = rosterNow ?? now
    self.clockDrift = clockDrift
    self.newID = newID
    self.salt = salt
  }
}

/// What an accepted command does: the content of one delta.
package struct Decision: Hashable, Sendable {
  /// Empty where the command changes nothing: then there is no delta.
  package var changes: [RowChange]
  /// The row that a creating command made.
  package var created: RowID?
  /// The original time of an imported change.
  package var occurredAt: Instant?
  package var via: Via
  package var actor: RowID
  package var authority: Dot?

  package init(
    changes: [RowChange] = [], created: RowID? = nil, occurredAt: Instant? = nil, actor: Actor
  ) {
    self.changes = changes
    self.created = created
    self.occurredAt = occurredAt
    via = actor.via
    self.actor = actor.user
    authority = actor.authority
  }

  package var isEmpty: Bool { changes.isEmpty }

  /// The delta of this decision. `contextChange` is what other slots brought since the last one.
  package func delta(dot: Dot, hlc: HLC, contextChange: [Slot: UInt64]) -> Delta {
    Delta(
      DeltaHeader(
        dot: dot, hlc: hlc, contextChange: contextChange, actor: actor, authority: authority,
        schemaLevel: Desk.schema.level, via: via, occurredAt: occurredAt),
      changes)
  }
}
