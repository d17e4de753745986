// Webhooks on the wire, in the shape that clients of this API know.

internal import HelpdeskDomain
internal import ReplicaCore

enum WebhookJSON {
  /// Reads what a webhook is made or changed by.
  static func draft(_ body: FieldReader) throws(DeskFailure) -> WebhookDraft {
    var body = body
    var draft = WebhookDraft(
      name: body.text("name"), description: body.text("description"),
      endpoint: body.text("endpoint"), subscriptions: body.texts("subscriptions"))
    switch body.text("status") {
    case "active": draft.isActive = true
    case "inactive": draft.isActive = false
    case nil: break
    default: body.problem("status", .invalidValue, "status must be active or inactive")
    }
    for (key, only) in [("http_method", "POST"), ("request_format", "json")] {
      if let value = body.text(key), value != only {
        body.problem(key, .invalidValue, "\(key) can only be \(only)")
      }
    }
    refuse(&body)
    try body.check()
    return draft
  }

  /// What nobody would send along: a receiver that waits for it would turn every notice away.
  private static func refuse(_ body: inout FieldReader) {
    for key in ["authentication", "custom_headers"] {
      switch body.values[key] {
      case nil, .null, .object([:]): continue
      default:
        body.problem(
          key, .invalidValue,
          "\(key) cannot be set: no credential is sent with a notice; leave it out, and let the "
            + "receiver check Helio-Signature with the webhook's signing secret")
      }
    }
  }

  static func write(_ webhook: WebhookRecord, secret: String? = nil, to json: inout JSONWriter) {
    json.object { json in
      json.field("id", webhook.id.description)
      json.field("name", webhook.name)
      json.field("description", webhook.description)
      json.field("endpoint", webhook.endpoint)
      json.field("http_method", "POST")
      json.field("request_format", "json")
      json.field("status", webhook.isActive ? "active" : "inactive")
      json.field("subscriptions", webhook.subscriptions)
      json.field("signing_secret", object: { signing(webhook, shown: secret, to: &$0) })
      json.field("created_at", webhook.createdAt)
      json.field("created_by", webhook.createdBy?.description)
      json.field("updated_at", webhook.updatedAt)
      json.null("authentication", "custom_headers", "external_source")
    }
  }

  /// Of a secret that is not shown only so much that two can be told apart.
  static func signing(_ webhook: WebhookRecord, shown secret: String?, to json: inout JSONWriter) {
    json.field("algorithm", "SHA256")
    json.field("secret", secret)
    let digest = Digest.sha256(Array(webhook.secret.utf8)).description
    json.field("fingerprint", String(digest.prefix(8)))
  }

  static func write(_ delivery: DeliveryReport, to json: inout JSONWriter) {
    json.object { json in
      json.field("id", delivery.id)
      json.field("event", delivery.event)
      json.field("state", delivery.state)
      json.field("attempts", delivery.attempts)
      json.field("status", delivery.status)
      json.field("problem", delivery.problem)
      json.field("created_at", delivery.createdAt.description)
      json.field("next_at", delivery.nextAt?.description)
      json.field("done_at", delivery.doneAt?.description)
      json.field("node", delivery.node)
    }
  }
}
