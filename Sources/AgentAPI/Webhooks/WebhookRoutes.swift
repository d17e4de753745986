// Receivers outside that are told of events and alarms; admins alone make and see them.

internal import HelpdeskDomain
internal import Hummingbird
internal import ReplicaCore

struct WebhookRoutes {
  let services: AgentServices

  func add(to routes: Routes) {
    routes.get("/webhooks", list)
    routes.post("/webhooks", create)
    routes.post("/webhooks/test", test)
    routes.get("/webhooks/{id}", show)
    routes.update("/webhooks/{id}", update)
    routes.delete("/webhooks/{id}", delete)
    routes.get("/webhooks/{id}/signing_secret", secret)
    routes.post("/webhooks/{id}/signing_secret", renew)
    routes.get("/webhooks/{id}/deliveries", deliveries)
  }

  @Sendable private func list(_ call: Call) async throws -> Response {
    try call.mustAdminister("see webhooks")
    let request = try call.page()
    let page = try await asked(services.node.webhooks(), call).page(request)
    return call.pageResponse(page, request, key: "webhooks") { WebhookJSON.write($1, to: &$0) }
  }

  /// Those that `filter[status]` and `filter[name_contains]` ask for.
  private func asked(
    _ all: [WebhookRecord], _ call: Call
  ) throws(APIError) -> [WebhookRecord] {
    var found = all
    switch call.query["filter[status]"] {
    case nil: break
    case "active": found = found.filter(\.isActive)
    case "inactive": found = found.filter { !$0.isActive }
    case let other?:
      throw .badRequest(
        "InvalidParameter", "filter[status] must be active or inactive, not \"\(other)\".")
    }
    if let part = call.query["filter[name_contains]"]?.lowercased() {
      found = found.filter { $0.name.lowercased().contains(part) }
    }
    return found
  }

  @Sendable private func show(_ call: Call) async throws -> Response {
    try call.mustAdminister("see webhooks")
    return try await answer(call.id(), .ok, call)
  }

  @Sendable private func create(_ call: Call) async throws -> Response {
    try call.mustAdminister("make webhooks")
    let draft = try await draft(call)
    let secret = services.node.newWebhookSecret()
    let receipt = try await services.desk.submit(
      .createWebhook(draft, secret: secret), as: call.actor)
    guard let id = receipt.created else { throw APIError.notFound }
    // The one time at which it is shown.
    return try await answer(id, .created, call, secret: secret)
  }

  @Sendable private func update(_ call: Call) async throws -> Response {
    try call.mustAdminister("change webhooks")
    let id = try call.id()
    let draft = try await draft(call)
    _ = try await services.desk.submit(.updateWebhook(id, draft), as: call.actor)
    return try await answer(id, .ok, call)
  }

  @Sendable private func delete(_ call: Call) async throws -> Response {
    try call.mustAdminister("delete webhooks")
    _ = try await services.desk.submit(.deleteWebhook(call.id()), as: call.actor)
    return .noContent
  }

  @Sendable private func secret(_ call: Call) async throws -> Response {
    try call.mustAdminister("see webhooks")
    let webhook = try await find(call.id())
    return .json { json in
      json.field("signing_secret", object: { WebhookJSON.signing(webhook, shown: nil, to: &$0) })
    }
  }

  @Sendable private func renew(_ call: Call) async throws -> Response {
    try call.mustAdminister("renew the secret of webhooks")
    let secret = services.node.newWebhookSecret()
    let id = try call.id()
    _ = try await services.desk.submit(.renewWebhookSecret(id, secret: secret), as: call.actor)
    let webhook = try await find(id)
    return .json(.created) { json in
      json.field(
        "signing_secret", object: { WebhookJSON.signing(webhook, shown: secret, to: &$0) })
    }
  }

  @Sendable private func deliveries(_ call: Call) async throws -> Response {
    try call.mustAdminister("see webhooks")
    let id = try await find(call.id()).id
    let request = try call.page()
    let page = try await services.node.deliveries(of: id).page(request)
    return call.pageResponse(page, request, key: "deliveries") { WebhookJSON.write($1, to: &$0) }
  }

  @Sendable private func test(_ call: Call) async throws -> Response {
    try call.mustAdminister("test webhooks")
    guard let id = try call.query.id("webhook_id") else {
      throw APIError.badRequest("InvalidParameter", "Give webhook_id, the webhook to test.")
    }
    let delivery = try await services.node.testWebhook(try await find(id).id)
    return .json { json in
      json.field("response", object: { $0.field("status", delivery.status) })
      json.key("delivery")
      WebhookJSON.write(delivery, to: &json)
    }
  }

  private func draft(_ call: Call) async throws -> WebhookDraft {
    let draft = try WebhookJSON.draft(try await call.json("webhook"))
    if let endpoint = draft.endpoint { try await services.node.checkReceiver(endpoint) }
    return draft
  }

  private func find(_ id: RowID) async throws -> WebhookRecord {
    guard let found = try await services.node.webhook(id) else { throw APIError.notFound }
    return found
  }

  private func answer(
    _ id: RowID, _ status: HTTPResponse.Status, _ call: Call, secret: String? = nil
  ) async throws -> Response {
    let webhook = try await find(id)
    var response = Response.json(status) { json in
      json.key("webhook")
      WebhookJSON.write(webhook, secret: secret, to: &json)
    }
    if status == .created {
      response.headers[.location] = "\(call.base)/api/v2/webhooks/\(id)"
    }
    return response
  }
}
