// What a client asks of an incremental export, and the cursor by which it goes on.

internal import HelpdeskDomain
internal import Hummingbird
internal import ReplicaCore

/// A request for a page of an incremental export.
struct ExportCall {
  enum Style { case cursor, time }

  let call: Call
  let style: Style
  /// The slot of this node, to which its cursors belong.
  let slot: UInt32
  let request: ExportRequest

  init(_ call: Call, _ style: Style, slot: UInt32) throws {
    try call.mustReadPrivate()
    self.call = call
    self.style = style
    self.slot = slot
    let position: AppliedPosition
    if let cursor = call.query["cursor"] {
      position = .place(try Self.read(cursor, slot: slot))
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
    let place = page.position
    let cursor = Self.cursor(place, slot: slot)
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
      throw .badRequest("InvalidParameter", "Give start_time (Unix seconds) or cursor.")
    }
    // Loaders that count in floating point write whole seconds with a fraction of 0.
    guard let seconds = Int(text.hasSuffix(".0") ? text.dropLast(2) : text[...]) else {
      throw .badRequest(
        "InvalidParameter", "start_time must be Unix seconds, not \"\(text)\".")
    }
    guard (0...WireTime.seconds.upperBound).contains(Int64(seconds)) else {
      throw .badRequest(
        "InvalidParameter",
        "start_time must be Unix seconds, 0 to \(WireTime.seconds.upperBound), not \(seconds).")
    }
    return Instant(seconds: Int64(seconds))
  }

  /// What a client goes on with.
  static func cursor(_ place: AppliedPlace, slot: UInt32) -> String {
    Base64URL.encode(Array("\(slot):\(place.applied):\(place.id)".utf8))
  }

  /// A cursor counts this node's own applies, so another node's means nothing here.
  static func read(_ cursor: String, slot: UInt32) throws(APIError) -> AppliedPlace {
    let text = Base64URL.decode(cursor).map { String(decoding: $0, as: UTF8.self) } ?? ""
    let parts = text.split(separator: ":")
    // Cursors of 0.1.0 name no row: then those of the last number come again.
    guard (2...3).contains(parts.count), let owner = UInt32(parts[0]),
      let applied = Int64(parts[1]), let row = parts.count == 3 ? Int64(parts[2]) : 0,
      applied >= 0, row >= 0
    else {
      throw .badRequest("InvalidPaginationParameter", "The cursor was not given out by a node.")
    }
    guard owner == slot else {
      throw .badRequest(
        "InvalidPaginationParameter",
        "The cursor belongs to the node with slot \(owner), this is \(slot). Ask that node, or "
          + "start again with start_time.")
    }
    return AppliedPlace(applied: applied, id: RowID(row))
  }
}
