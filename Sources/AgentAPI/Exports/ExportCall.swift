// What a client asks of an incremental export, and the cursor by which it goes on.

internal import HelpdeskDomain
internal import Hummingbird
internal import ReplicaCore

/// A request for a page of an incremental export.
struct ExportCall {
  enum Style { case cursor, time }

  let call: Call
  let stream: ExportStream
  let style: Style
  /// The slot of this node, to which its cursors belong.
  let slot: UInt32
  let request: ExportRequest

  init(_ call: Call, _ stream: ExportStream, _ style: Style, slot: UInt32) throws {
    try call.mustReadPrivate()
    self.call = call
    self.stream = stream
    self.style = style
    self.slot = slot
    let position: AppliedPosition
    if let cursor = call.query["cursor"] {
      position = .place(try ExportCursor(cursor, slot: slot, stream: stream).place)
    } else {
      position = .time(try Self.start(call))
    }
    request = ExportRequest(
      position: position, limit: try Self.size(call), wholeSeconds: style == .time)
  }

  /// The answer: rows by `fill` under their keys, then where to go on. Links carry what the
  /// client had asked for.
  func response<Row>(
    _ page: ExportPage<Row>, count: Int, _ fill: (inout JSONWriter) -> Void
  ) -> Response {
    let cursor = ExportCursor(slot: slot, stream: stream, place: page.position).text
    return .json { json in
      fill(&json)
      switch style {
      case .cursor:
        json.field("after_url", link([("cursor", cursor)]))
        json.null("before_url")
        json.field("after_cursor", cursor)
        json.null("before_cursor")
        json.field("end_of_stream", page.ended)
      case .time:
        json.field("count", count)
        json.field("end_of_stream", page.ended)
        json.field("end_time", page.endTime)
        // Who follows the link goes on at the very row; who builds his own from `end_time` may
        // get rows again, but misses none.
        json.field(
          "next_page", link([("start_time", String(page.endTime)), ("cursor", cursor)]))
      }
    }
  }

  private func link(_ values: [(String, String)]) -> String {
    call.link(
      replacing: ["cursor", "start_time", "per_page"],
      values + [("per_page", String(request.limit))])
  }

  private static func size(_ call: Call) throws(APIError) -> Int {
    let size = try call.query.integer("per_page") ?? APILimits.exportRows
    guard (1...APILimits.exportRows).contains(size) else {
      throw .badRequest(
        "InvalidPaginationParameter",
        "per_page must be 1 to \(APILimits.exportRows), not \(size).")
    }
    return size
  }

  private static func start(_ call: Call) throws(APIError) -> Instant {
    guard let text = call.query["start_time"] else {
      throw .badRequest("InvalidParameter", "Give start_time (\(Self.startTimes)) or cursor.")
    }
    // Loaders that count in floating point write whole seconds with a fraction of 0.
    let digits = text.hasSuffix(".0") ? text.dropLast(2) : text[...]
    guard let start = Int64(digits) ?? WireTime.parse(text)?.seconds else {
      throw .badRequest(
        "InvalidParameter", "start_time must be \(Self.startTimes), not \"\(text)\".")
    }
    guard (0...WireTime.seconds.upperBound).contains(start) else {
      throw .badRequest(
        "InvalidParameter",
        "start_time must be Unix seconds, 0 to \(WireTime.seconds.upperBound), not \(start).")
    }
    return Instant(seconds: start)
  }

  private static let startTimes = "Unix seconds, or a time such as \(WireTime.example)"
}
