// A notice for a receiver outside, as it waits in this node's queue and is remembered afterwards.

package import ReplicaCore

/// One notice for one webhook.
package struct QueuedDelivery: Hashable, Sendable {
  package enum State: String, Hashable, Sendable {
    /// To be sent, at ``QueuedDelivery/nextAt`` or later.
    case waiting
    /// The receiver answered with 2xx.
    case delivered
    /// Given up.
    case failed
    /// The webhook was deleted or made inactive before.
    case cancelled
  }

  /// Place in the queue; 0 before it is in.
  package var number: Int64 = 0
  /// The same on every try; derived from what caused it.
  package var id: String
  package var webhook: RowID
  package var event: String
  /// JSON, as it is signed and sent.
  package var body: String
  package var state: State = .waiting
  package var createdAt: Instant
  package var nextAt: Instant
  package var attempts = 0
  /// The receiver's last answer.
  package var status: Int?
  /// Why the last try failed.
  package var problem: String?
  package var doneAt: Instant?

  package init(id: String, webhook: RowID, event: String, body: String, createdAt: Instant) {
    self.id = id
    self.webhook = webhook
    self.event = event
    self.body = body
    self.createdAt = createdAt
    nextAt = createdAt
  }
}

/// An alarm that stands, or stood, on this node.
package struct LoggedAlarm: Hashable, Sendable {
  /// What names it on every node.
  package var cause: String
  package var kind: String
  package var office: OfficeID?
  package var ticket: RowID?
  package var group: RowID?
  package var message: String
  /// When it was due.
  package var raisedAt: Instant
  /// When this node first saw it.
  package var seenAt: Instant
  /// Nil while it stands.
  package var endedAt: Instant?

  package init(
    cause: String, kind: String, office: OfficeID?, ticket: RowID?, group: RowID?,
    message: String, raisedAt: Instant, seenAt: Instant, endedAt: Instant? = nil
  ) {
    self.cause = cause
    self.kind = kind
    self.office = office
    self.ticket = ticket
    self.group = group
    self.message = message
    self.raisedAt = raisedAt
    self.seenAt = seenAt
    self.endedAt = endedAt
  }
}
