// Receivers outside: made, changed and given a new secret by admins.

internal import ReplicaCore

extension Decider {
  func createWebhook(_ draft: WebhookDraft, secret: String) throws(Refusal) -> Decision {
    try require(.admin)
    let present = view.rows(of: Desk.webhook).filter {
      isLive(Desk.webhook, $0, deleted: WebhookColumn.deleted)
    }
    guard present.count < DeskLimits.webhooks else {
      throw .overLimit(
        limit: "webhooks of the desk", value: Int64(present.count + 1),
        maximum: Int64(DeskLimits.webhooks))
    }
    var whole = draft
    whole.name = draft.name ?? ""
    whole.endpoint = draft.endpoint ?? ""
    whole.isActive = draft.isActive ?? true
    let id = context.newID()
    var row = editor(Desk.webhook, id)
    row.set(WebhookColumn.secret, secret)
    row.set(WebhookColumn.creator, actor.user)
    try apply(whole, to: &row)
    return decision([row.change()], created: id)
  }

  func updateWebhook(_ id: RowID, _ draft: WebhookDraft) throws(Refusal) -> Decision {
    try require(.admin)
    let state = try live(Desk.webhook, id, deleted: WebhookColumn.deleted)
    var row = editor(Desk.webhook, id, state)
    try apply(draft, to: &row)
    return decision([row.change()])
  }

  func renewWebhookSecret(_ id: RowID, _ secret: String) throws(Refusal) -> Decision {
    try require(.admin)
    let state = try live(Desk.webhook, id, deleted: WebhookColumn.deleted)
    var row = editor(Desk.webhook, id, state)
    row.set(WebhookColumn.secret, secret)
    return decision([row.change()])
  }

  private func apply(_ draft: WebhookDraft, to row: inout RowEditor) throws(Refusal) {
    var checks = FieldChecks()
    if let name = draft.name {
      checks.name(name, "name")
      row.set(WebhookColumn.name, name.trimmed)
    }
    if let description = draft.description {
      checks.bytes(description, "description", maximum: DeskLimits.noteBytes)
      row.set(WebhookColumn.description, description)
    }
    if let endpoint = draft.endpoint {
      do throws(WebhookEndpoint.Problem) {
        row.set(WebhookColumn.endpoint, try WebhookEndpoint(endpoint).text)
      } catch {
        checks.add("endpoint", .invalidValue, "endpoint: \(error.rawValue)")
      }
    }
    if let isActive = draft.isActive {
      row.set(WebhookColumn.status, isActive ? "active" : "inactive")
    }
    if let subscriptions = draft.subscriptions {
      row.replaceSet(WebhookColumn.subscriptions, with: checked(subscriptions, &checks))
    }
    try checks.finish()
  }

  private func checked(_ subscriptions: [String], _ checks: inout FieldChecks) -> [Value] {
    if subscriptions.count > DeskLimits.subscriptions {
      checks.add(
        "subscriptions", .tooLong,
        "subscriptions: has \(subscriptions.count), at most \(DeskLimits.subscriptions) are allowed"
      )
    }
    if let unknown = subscriptions.first(where: { !WebhookEvent.isKnown($0) }) {
      checks.add(
        "subscriptions", .invalidValue,
        "subscriptions: there is no event '\(unknown.prefix(64))'; docs/API.md lists them, and a "
          + "name may end in *")
    }
    return Set(subscriptions).sorted().map { .text($0) }
  }
}
