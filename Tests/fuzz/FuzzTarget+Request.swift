// What clients write beside the body: paths, queries, cursors, headers; and receivers' addresses.

import Foundation
import HelpdeskDomain
import ReplicaCore

@testable import AgentAPI
@testable import ReplicaStore

extension FuzzTarget {
  /// Every reader of one line gets the same text: none may trap, and each keeps its law.
  static func request(_ input: [UInt8]) throws(BrokenLaw) {
    guard let text = String(validating: input, as: UTF8.self) else { return }
    try cursors(text)
    try ranges(text)
    try names(text)
    try receiver(text)
    _ = Credential(authorization: text)
    _ = EventRoutes.place(text, slot: 7)
    guard let query = try? QueryParameters(text) else { return }
    for name in ["page", "ids", "start_time", "include"] {
      _ = (try? query.integer(name), try? query.id(name), try? query.instant(name))
      _ = (try? query.ids(name), try? query.office(name), query.includes, query.all(name))
    }
  }

  /// What was taken for a place says the same place when it is written again.
  private static func cursors(_ text: String) throws(BrokenLaw) {
    for stream in ExportStream.allCases {
      guard let cursor = try? ExportCursor(text, slot: 7, stream: stream) else { continue }
      let again = try? ExportCursor(cursor.text, slot: 7, stream: stream)
      try BrokenLaw.unless(again, cursor, "a cursor of an export reads as it was written")
      let other = ExportStream.allCases.first { $0 != stream } ?? stream
      let elsewhere = try? ExportCursor(cursor.text, slot: 7, stream: other)
      try BrokenLaw.unless(elsewhere == nil, true, "a cursor of another export is refused")
    }
    if let order = PageCursor.order(of: text), let cursor = try? PageCursor(text, order: order) {
      let again = try? PageCursor(cursor.text, order: order)
      try BrokenLaw.unless(again?.key, cursor.key, "a cursor of a list keeps its key")
      try BrokenLaw.unless(again?.id, cursor.id, "a cursor of a list keeps its row")
      let other = try? PageCursor(text, order: order + " ")
      try BrokenLaw.unless(other == nil, true, "a cursor of another list is refused")
    }
    if let version = TicketVersion(wire: text) {
      try BrokenLaw.unless(
        TicketVersion(wire: version.wire), version, "a version reads as it was written")
    }
    if let conflict = ConflictID(text) {
      try BrokenLaw.unless(
        ConflictID(conflict.text)?.row, conflict.row, "a conflict's name reads as it was written")
      try BrokenLaw.unless(
        ConflictID(conflict.text)?.cell, conflict.cell, "a conflict's name keeps its cell")
    }
  }

  /// A part of a file lies within the file, whatever was asked for.
  private static func ranges(_ text: String) throws(BrokenLaw) {
    for size in [0, 1, 10, Limits.attachmentBytes, .max] as [UInt64] {
      for header in [text, "bytes=" + text] {
        guard case .part(let span) = ByteSpan.asked(header, size: size) else { continue }
        let isWithin = span.count > 0 && span.start < size && span.count <= size - span.start
        try BrokenLaw.unless(isWithin, true, "a range lies within the file")
      }
    }
  }

  /// A name or a type stays one parameter of one header.
  private static func names(_ text: String) throws(BrokenLaw) {
    let header = ContentDisposition.attachment(text).utf8
    try BrokenLaw.unless(
      header.allSatisfy { (0x20..<0x7F).contains($0) }, true, "a file's name is plain in a header")
    try BrokenLaw.unless(
      header.count(where: { $0 == UInt8(ascii: "\"") }), 2, "a file's name ends where it is quoted")
    try BrokenLaw.unless(
      header.count(where: { $0 == UInt8(ascii: ";") }), 2, "a file's name adds no parameter")
    let type = ContentKind.declared(text)
    try BrokenLaw.unless(ContentKind.declared(type), type, "a type is one when it is read again")
    try BrokenLaw.unless(
      type.utf8.allSatisfy { (0x21..<0x7F).contains($0) && $0 != UInt8(ascii: ";") }, true,
      "a type is plain in a header")
    _ = ContentKind.serving(type)
    try BrokenLaw.unless(
      AttachmentRules.isFileName(AttachmentRules.shown(text)), true, "a name that is shown is one")
  }

  /// The host that is judged is the host that a client of HTTP reads out of what is called.
  private static func receiver(_ text: String) throws(BrokenLaw) {
    guard let endpoint = try? WebhookEndpoint(text) else { return }
    guard let again = try? WebhookEndpoint(endpoint.url) else {
      throw BrokenLaw("an address that was put together is refused: \(endpoint.url)")
    }
    try BrokenLaw.unless(
      [again.scheme, again.host, "\(again.port)", again.url],
      [endpoint.scheme, endpoint.host, "\(endpoint.port)", endpoint.url],
      "an address that was put together reads the same")
    guard let url = URL(string: endpoint.url), let host = url.host(percentEncoded: true) else {
      return
    }
    let bare = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
    try BrokenLaw.unless(bare, endpoint.host, "a client calls the host that was judged")
    try BrokenLaw.unless(url.port, endpoint.port, "a client calls the port that was judged")
    try BrokenLaw.unless(url.scheme, endpoint.scheme, "a client keeps to the scheme")
    try BrokenLaw.unless(url.user, nil, "a client reads no user out of it")
  }
}
