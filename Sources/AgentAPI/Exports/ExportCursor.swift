// Where a reader of an incremental export goes on: in one stream of one node.

internal import HelpdeskDomain
internal import ReplicaCore

/// What an incremental export gives rows of; its name in paths and cursors.
enum ExportStream: String, CaseIterable, Sendable {
  case tickets, users, organizations
  case ticketEvents = "ticket_events"
}

/// A place in the order in which a node applied what a stream shows.
struct ExportCursor: Hashable, Sendable {
  var slot: UInt32
  var stream: ExportStream
  var place: AppliedPlace

  /// Opaque to clients.
  var text: String {
    Base64URL.encode(Array("\(slot):\(place.applied):\(place.id):\(stream.rawValue)".utf8))
  }

  init(slot: UInt32, stream: ExportStream, place: AppliedPlace) {
    (self.slot, self.stream, self.place) = (slot, stream, place)
  }

  /// Refuses, with what to do, a cursor of another stream, and of another node: it counts that
  /// node's own applies, so it means nothing here.
  init(_ text: String, slot: UInt32, stream: ExportStream) throws(APIError) {
    let parts = (Base64URL.decode(text).map { String(decoding: $0, as: UTF8.self) } ?? "")
      .split(separator: ":")
    // Cursors of 0.1.0 name no row and no stream: the rows of the last number come again.
    let isOld = parts.count == 2
    guard isOld || parts.count == 4, let owner = UInt32(parts[0]), let applied = Int64(parts[1]),
      let row = isOld ? 0 : Int64(parts[2]), applied >= 0, row >= 0,
      let named = isOld ? stream : ExportStream(rawValue: String(parts[3]))
    else {
      throw .badRequest("InvalidPaginationParameter", "The cursor was not given out by a node.")
    }
    guard owner == slot else {
      throw .badRequest(
        "InvalidPaginationParameter",
        "The cursor belongs to the node with slot \(owner), this is \(slot). Ask that node, or "
          + "start again with start_time.")
    }
    guard named == stream else {
      throw .badRequest(
        "InvalidPaginationParameter",
        "The cursor belongs to incremental/\(named.rawValue), this is \(stream.rawValue). Ask "
          + "that path, or start again with start_time.")
    }
    self.init(slot: owner, stream: stream, place: AppliedPlace(applied: applied, id: RowID(row)))
  }
}
