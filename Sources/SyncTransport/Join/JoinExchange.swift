// One request, one answer, in frames on `helio-join/1`.

internal import FoundationEssentials
internal import NIOCore

/// Both sides of the exchange on a judged link.
enum JoinExchange {
  /// The issuer: reads one request, writes one answer, closes.
  static func answer(
    _ link: JudgedLink, _ timeouts: LinkTimeouts, _ handler: JoinHandler?
  ) async throws {
    guard let handler else {
      throw PeerLinkError.wrongProtocol(
        agreed: LinkPurpose.join.rawValue, wanted: LinkPurpose.sync.rawValue)
    }
    try await within(timeouts.join, link) { inbound, outbound in
      var frames = inbound.makeAsyncIterator()
      guard let frame = try await frames.next() else { return }
      guard case .request(let request) = try FrameCodec.decodeJoin(Array(frame.readableBytesView))
      else { throw WireError.unknownMessage }
      let call = JoinCall(
        request: request.array, joiner: link.peer,
        address: link.control.channel.remoteAddress?.ipAddress ?? link.control.address)
      let answer = await handler(call)
      try await outbound.write(try framed(.answer(.init(answer)), link))
      // The joiner closes once it has the answer; until then it stays deliverable.
      _ = try? await frames.next()
    }
  }

  /// The joiner: writes one request, reads the answer.
  static func ask(
    _ link: JudgedLink, _ timeouts: LinkTimeouts, request: [UInt8]
  ) async throws -> [UInt8] {
    try await within(timeouts.join, link) { inbound, outbound in
      try await outbound.write(try framed(.request(.init(request)), link))
      var frames = inbound.makeAsyncIterator()
      guard let frame = try await frames.next() else {
        throw PeerLinkError.closedByPeer("without an answer to the request to join")
      }
      guard case .answer(let answer) = try FrameCodec.decodeJoin(Array(frame.readableBytesView))
      else { throw WireError.unknownMessage }
      return answer.array
    }
  }

  private static func framed(
    _ body: WireJoinFrameV1.OneOf_Body, _ link: JudgedLink
  ) throws(WireError) -> ByteBuffer {
    let frame = try FrameCodec.encodeJoin(body)
    var buffer = link.control.channel.allocator.buffer(capacity: 4 + frame.count)
    buffer.writeInteger(UInt32(frame.count))
    buffer.writeBytes(frame)
    return buffer
  }

  private static func within<Result: Sendable>(
    _ limit: Duration, _ link: JudgedLink,
    _ body:
      @Sendable (
        NIOAsyncChannelInboundStream<ByteBuffer>, NIOAsyncChannelOutboundWriter<ByteBuffer>
      ) async throws -> Result
  ) async throws -> Result {
    let timer = link.control.channel.eventLoop.scheduleTask(in: TimeAmount(limit)) {
      link.control.close(.stalled(seconds: limit / .seconds(1)))
    }
    defer { timer.cancel() }
    do {
      return try await link.run(body)
    } catch {
      throw link.control.explain(error)
    }
  }
}
