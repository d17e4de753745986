// Webhooks and this node's notices to them, for the API.

internal import AgentAPI
internal import HelpdeskDomain
internal import ReplicaCore
internal import ReplicaStore

extension NodeAdapter {
  func webhooks() async throws(DeskFailure) -> [WebhookRecord] {
    try await read { try $0.webhooks() }
  }

  func webhook(_ id: RowID) async throws(DeskFailure) -> WebhookRecord? {
    try await read { try $0.webhook(id) }
  }

  func checkReceiver(_ endpoint: String) async throws(DeskFailure) {
    // What is no address at all is refused by the rules of the desk.
    guard let address = try? WebhookEndpoint(endpoint),
      let why = NoticeDesk.rule(parts).refusal(ofHost: address.host)
    else { return }
    throw .refused(
      .invalid([
        FieldProblem(
          "endpoint", .invalidValue, "endpoint: nothing is sent to \(address.host): \(why)")
      ]))
  }

  func newWebhookSecret() -> String {
    var random = SystemRandomNumberGenerator()
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    // 43 letters of 6 bits: 256 bits and a little more.
    return String((0..<43).map { _ in digits[Int(random.next() & 63)] })
  }

  func deliveries(of webhook: RowID) async throws(DeskFailure) -> [DeliveryReport] {
    let node = parts.configuration.node
    return try await read { view in
      try view.deliveries(of: webhook, limit: APILimits.deliveries).map { Self.report($0, node) }
    }
  }

  /// The test is one try; its outcome is kept like any other's.
  func testWebhook(_ id: RowID) async throws(DeskFailure) -> DeliveryReport {
    guard let webhook = try await webhook(id) else {
      throw .refused(.notFound(kind: "webhook", id: id.description))
    }
    if let reason = parts.standing.readOnly { throw .refused(.readOnly(reason: reason)) }
    let (now, configuration) = (parts.clock.now, parts.configuration)
    do {
      let name = "\(id)-test-\(parts.own)-\(now.milliseconds)"
      let body = NoticeBody(
        type: WebhookEvent.test.rawValue, id: name, time: now, subject: "helio:webhook:\(id)",
        node: configuration.node, office: configuration.office, actor: nil, event: [:],
        ticket: nil)
      var delivery = QueuedDelivery(
        id: name, webhook: id, event: WebhookEvent.test.rawValue, body: try body.text(),
        createdAt: now)
      let outcome = await NoticeDesk.poster(parts).post(delivery, to: webhook, at: now)
      delivery.attempts = 1
      delivery.status = outcome.status
      delivery.problem = outcome.problem
      delivery.state = outcome.isDelivered ? .delivered : .failed
      delivery.doneAt = parts.clock.now
      try await parts.store.write { [delivery] in try $0.enqueue([delivery]) }
      return Self.report(delivery, configuration.node)
    } catch { throw DeskAdapter.failure(error) }
  }

  private static func report(_ delivery: QueuedDelivery, _ node: String) -> DeliveryReport {
    DeliveryReport(
      id: delivery.id, event: delivery.event, state: delivery.state.rawValue,
      attempts: delivery.attempts, status: delivery.status, problem: delivery.problem,
      createdAt: WireTime(delivery.createdAt),
      nextAt: delivery.state == .waiting ? WireTime(delivery.nextAt) : nil,
      doneAt: delivery.doneAt.map { WireTime($0) }, node: node)
  }
}
