// Receivers outside as the API needs them: the replicated webhooks, and this node's queue for them.

package import HelpdeskDomain
package import ReplicaCore

/// Webhooks of the desk, and what became of this node's notices to them.
package protocol WebhookService: Sendable {
  /// Those that are not deleted, by id.
  func webhooks() async throws(DeskFailure) -> [WebhookRecord]
  func webhook(_ id: RowID) async throws(DeskFailure) -> WebhookRecord?
  /// Refuses an address to which this node would send nothing, as far as its text tells.
  func checkReceiver(_ endpoint: String) async throws(DeskFailure)
  /// A new secret: text whose bytes are the key.
  func newWebhookSecret() -> String
  /// This node's notices to a webhook, the last first, at most ``APILimits/deliveries``.
  func deliveries(of webhook: RowID) async throws(DeskFailure) -> [DeliveryReport]
  /// Sends a notice now that says it is a test; what became of it.
  func testWebhook(_ id: RowID) async throws(DeskFailure) -> DeliveryReport
}

/// A notice to a receiver outside.
package struct DeliveryReport: Hashable, Sendable, Codable {
  /// The same on every try.
  package var id: String
  package var event: String
  /// `waiting`, `delivered`, `failed` (given up) or `cancelled`.
  package var state: String
  package var attempts: Int
  /// The receiver's last answer.
  @Nullable package var status: Int?
  /// Why the last try failed.
  @Nullable package var problem: String?
  package var createdAt: WireTime
  /// Waiting: not before.
  @Nullable package var nextAt: WireTime?
  @Nullable package var doneAt: WireTime?
  /// The node that sends it.
  package var node: String

  package init(
    id: String, event: String, state: String, attempts: Int, status: Int?, problem: String?,
    createdAt: WireTime, nextAt: WireTime?, doneAt: WireTime?, node: String
  ) {
    self.id = id
    self.event = event
    self.state = state
    self.attempts = attempts
    self.status = status
    self.problem = problem
    self.createdAt = createdAt
    self.nextAt = nextAt
    self.doneAt = doneAt
    self.node = node
  }
}
