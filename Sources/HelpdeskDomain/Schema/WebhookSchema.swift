// Receivers outside, and who took notice of an alarm: replicated, so that every office has both.

package import ReplicaCore

extension Desk {
  /// A receiver outside that is told of events.
  package static let webhook = EntityCode(23)
  /// A user has taken notice of an alarm. Insert only.
  package static let alarmAck = EntityCode(24)

  /// Columns whose values no answer shows, not even in a conflict.
  package static func isSecret(_ entity: EntityCode, _ column: UInt16) -> Bool {
    switch entity {
    case user: column == UserColumn.passwordHash
    case token: column == TokenColumn.hash
    case webhook: column == WebhookColumn.secret
    default: false
    }
  }
}

package enum WebhookColumn {
  package static let name: UInt16 = 1
  package static let description: UInt16 = 2
  /// `http` or `https` URL.
  package static let endpoint: UInt16 = 3
  /// `active` or `inactive`.
  package static let status: UInt16 = 4
  /// Names of events, as ``WebhookEvent`` reads them.
  package static let subscriptions: UInt16 = 5
  /// The text whose bytes are the key of the signatures.
  package static let secret: UInt16 = 6
  package static let creator: UInt16 = 7
  package static let deleted: UInt16 = 8

  static let specs: [ColumnSpec] = [
    ColumnSpec(name, "name"),
    ColumnSpec(description, "description"),
    ColumnSpec(endpoint, "endpoint"),
    ColumnSpec(status, "status"),
    ColumnSpec(subscriptions, "subscriptions", .set),
    ColumnSpec(secret, "secret", personal: true),
    ColumnSpec(creator, "created_by", .register, .integer),
    ColumnSpec(deleted, "deleted", .register, .integer),
  ]
}

package enum AlarmAckColumn {
  /// What names the alarm on every node.
  package static let cause: UInt16 = 1
  package static let agent: UInt16 = 2
  package static let office: UInt16 = 3
  package static let note: UInt16 = 4

  static let specs: [ColumnSpec] = [
    ColumnSpec(cause, "cause", indexed: true),
    ColumnSpec(agent, "agent_id", .register, .integer),
    ColumnSpec(office, "office"),
    ColumnSpec(note, "note", personal: true),
  ]
}
