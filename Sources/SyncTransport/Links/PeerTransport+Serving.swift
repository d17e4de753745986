// A judged link is lent to its handler, and closed when that is done.

internal import Logging
internal import NIOCore

extension PeerTransport {
  /// Runs `handler` on the link. Throws what it throws, or why the link ended.
  func serve<Result: Sendable>(
    _ link: JudgedLink, _ direction: PeerConnection.Direction,
    _ handler: @Sendable (PeerConnection) async throws -> Result
  ) async throws -> Result {
    logger.info(
      "link open",
      metadata: ["peer": "\(link.control.address)", "direction": "\(direction.rawValue)"])
    return try await link.run { inbound, outbound in
      let connection = PeerConnection(
        link, direction, totals: totals, inbound: inbound, outbound: outbound)
      return try await handler(connection)
    }
  }

  /// Runs `handler` on a link that carries files. Throws what it throws, or why the link ended.
  func serveBulk(_ link: JudgedLink, _ handler: PeerListener.BulkHandler?) async throws {
    guard let handler else { throw PeerLinkError.closed("no files are exchanged here") }
    try await link.run { inbound, outbound in
      try await handler(
        BulkConnection(link, totals: totals, inbound: inbound, outbound: outbound))
    }
  }
}
