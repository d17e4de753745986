// What a webhook is made or changed by.

/// A webhook to make or to change; nil stays as it is.
package struct WebhookDraft: Hashable, Sendable {
  package var name: String?
  package var description: String?
  package var endpoint: String?
  package var isActive: Bool?
  package var subscriptions: [String]?

  package init(
    name: String? = nil, description: String? = nil, endpoint: String? = nil,
    isActive: Bool? = nil, subscriptions: [String]? = nil
  ) {
    self.name = name
    self.description = description
    self.endpoint = endpoint
    self.isActive = isActive
    self.subscriptions = subscriptions
  }
}
