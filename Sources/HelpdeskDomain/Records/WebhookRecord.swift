// A receiver outside, and a notice taken of an alarm, as queries give them back.

package import ReplicaCore

/// A webhook as this node knows it.
package struct WebhookRecord: Hashable, Sendable {
  package var id: RowID
  package var name: String
  package var description: String?
  package var endpoint: String
  package var isActive: Bool
  package var subscriptions: [String]
  /// Signs what is sent; no answer and no log shows it.
  package var secret: String
  package var createdBy: RowID?
  package var createdAt: Instant
  package var updatedAt: Instant
  /// Stamp of the write that made it active or inactive: what was done before is not told.
  package var activeSince: HLC

  package init(
    id: RowID, name: String, description: String?, endpoint: String, isActive: Bool,
    subscriptions: [String], secret: String, createdBy: RowID?, createdAt: Instant,
    updatedAt: Instant, activeSince: HLC
  ) {
    self.id = id
    self.name = name
    self.description = description
    self.endpoint = endpoint
    self.isActive = isActive
    self.subscriptions = subscriptions
    self.secret = secret
    self.createdBy = createdBy
    self.createdAt = createdAt
    self.updatedAt = updatedAt
    self.activeSince = activeSince
  }

  /// Whether it asks for the event of that name.
  package func subscribes(to event: String) -> Bool {
    isActive && subscriptions.contains { WebhookEvent.pattern($0, matches: event) }
  }
}

/// Who took notice of an alarm.
package struct AlarmAckRecord: Hashable, Sendable {
  package var cause: String
  package var agent: RowID
  package var office: OfficeID?
  package var note: String?
  package var at: Instant

  package init(cause: String, agent: RowID, office: OfficeID?, note: String?, at: Instant) {
    self.cause = cause
    self.agent = agent
    self.office = office
    self.note = note
    self.at = at
  }
}
