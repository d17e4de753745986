// Fixed answers about shifts and receivers outside.

import AgentAPI
import HelpdeskDomain
import ReplicaCore

extension MemoryNode {
  /// What a customer may write where a spreadsheet, a page or a terminal shows it.
  static let hostile = "=HYPERLINK(\"http://x\")|<b>[a](b)\n`c`"
  static let webhook = WebhookRecord(
    id: RowID(30_007), name: "Pager", description: nil, endpoint: "https://pager.example/in",
    isActive: true, subscriptions: ["helio:alarm.*"], secret: "do-not-show", createdBy: nil,
    createdAt: MemoryDesk.now, updatedAt: MemoryDesk.now, activeSince: .zero)

  func arrivals(office: OfficeID?) async -> ArrivalReport {
    ArrivalReport(
      office: office?.rawValue ?? "paris", at: Self.time, boundaryAt: nil, boundaries: [],
      tickets: [], count: 0, limit: 200, warnings: [])
  }

  func shiftReport(_ query: ShiftQuery) async -> ShiftReport {
    var report = ShiftReport(
      office: query.office?.rawValue ?? "paris", from: Self.time, to: Self.time, at: Self.time,
      limit: 200, warnings: [])
    report.agents = [
      .init(
        agentID: 1, agent: "+Marie", openTickets: 2, workedTickets: 1, acts: ["solved": 1])
    ]
    report.dropped = [
      .init(kind: "promise_passed", at: Self.time, ticketID: 10_007, subject: Self.hostile)
    ]
    report.counts.promisesPassed = 1
    return report
  }

  func webhooks() async -> [WebhookRecord] { [Self.webhook] }

  func webhook(_ id: RowID) async -> WebhookRecord? { id == Self.webhook.id ? Self.webhook : nil }

  func checkReceiver(_ endpoint: String) async throws(DeskFailure) {
    guard endpoint.contains("127.0.0.1") else { return }
    throw .refused(
      .invalid([FieldProblem("endpoint", .invalidValue, "endpoint: it is this machine")]))
  }

  func newWebhookSecret() -> String { "fresh-secret" }

  func deliveries(of webhook: RowID) async -> [DeliveryReport] { [Self.delivery] }
  func testWebhook(_ id: RowID) async -> DeliveryReport { Self.delivery }

  private static var delivery: DeliveryReport {
    DeliveryReport(
      id: "30007-7-1-0", event: "helio:test", state: "delivered", attempts: 1, status: 204,
      problem: nil, createdAt: time, nextAt: nil, doneAt: time, node: "paris-1")
  }
}
