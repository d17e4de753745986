// The shift report as JSON for tools, as Markdown or CSV for people.

internal import HelpdeskDomain
internal import Hummingbird
internal import ReplicaCore

struct ShiftReportRoutes {
  let node: any NodeService

  func add(to routes: Routes) {
    routes.get("/handoffs/report", report)
  }

  @Sendable private func report(_ call: Call) async throws -> Response {
    // It tells who did what, and what was promised.
    try call.mustReadPrivate()
    let query = ShiftQuery(office: try call.query.office(), span: try span(call.query))
    let report = try await node.shiftReport(query)
    switch Self.form(call) {
    case .json: return try .codable(["report": report])
    case .markdown:
      return .text(.ok, "text/markdown; charset=utf-8", [UInt8](report.markdown.utf8))
    case .csv:
      var response = Response.text(.ok, "text/csv; charset=utf-8", [UInt8](report.csv.utf8))
      response.headers[.contentDisposition] = "attachment; filename=\"shift-report.csv\""
      return response
    }
  }

  private enum Form { case json, markdown, csv }

  /// The first of the media types of `Accept` that a report has; JSON where none is.
  private static func form(_ call: Call) -> Form {
    for part in (call.request.headers[.accept] ?? "").split(separator: ",") {
      let type = part.prefix { $0 != ";" }.filter { !$0.isWhitespace }.lowercased()
      switch type {
      case "text/markdown": return .markdown
      case "text/csv": return .csv
      case "application/json", "*/*", "application/*": return .json
      default: continue
      }
    }
    return .json
  }

  private func span(_ query: QueryParameters) throws(APIError) -> ShiftQuery.Span {
    let (from, to) = (try query.instant("from"), try query.instant("to"))
    if query.has("from") || query.has("to") {
      guard query["slot"] == nil, let from, let to, from < to else {
        throw .badRequest(
          "InvalidParameter", "Give slot, or from and a later to; the three do not go together.")
      }
      guard to - from <= APILimits.shiftMilliseconds else {
        throw .badRequest(
          "InvalidParameter",
          "from and to are \((to - from) / 86_400_000) days apart; a report covers at most "
            + "\(APILimits.shiftMilliseconds / 86_400_000) days.")
      }
      return .time(from, to)
    }
    switch query["slot"] {
    case nil, "current": return .current
    case "previous": return .previous
    default:
      guard let text = query["slot"], let instant = WireTime.parse(text) else {
        throw .badRequest(
          "InvalidParameter",
          "slot must be current, previous or a time such as \(WireTime.example), not "
            + "\"\(query["slot"] ?? "")\".")
      }
      return .slot(instant)
    }
  }
}
