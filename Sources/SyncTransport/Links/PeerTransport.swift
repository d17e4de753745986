// What the listener and the dialers of one node share.

package import Logging
internal import NIOCore
internal import NIOSSL

/// This node's certificate, its judgement of peers, its links and its counters.
package struct PeerTransport: Sendable {
  package let links = PeerLinks()
  /// Frames and bytes of all links.
  package let totals = FrameCounters()
  let credentials: NodeCredentials
  let timeouts: LinkTimeouts
  let check: PeerCheck
  let logger: Logger

  package init(
    credentials: NodeCredentials, timeouts: LinkTimeouts = LinkTimeouts(), logger: Logger,
    check: @escaping PeerCheck
  ) {
    self.credentials = credentials
    self.timeouts = timeouts
    self.check = check
    self.logger = logger
  }

  /// After the handshake: what was agreed on, who proved what, and what the node says to that.
  func judge(
    _ link: HalfOpenLink, wanting purposes: [LinkPurpose]
  ) async throws(PeerLinkError) -> JudgedLink {
    let control = link.control
    do {
      let agreed = try await link.agreed()
      guard let purpose = agreed.flatMap(LinkPurpose.init(rawValue:)), purposes.contains(purpose)
      else {
        let wanted = purposes.map(\.rawValue).joined(separator: " or ")
        throw PeerLinkError.wrongProtocol(agreed: agreed, wanted: wanted)
      }
      // A resumed session shows no certificate: its holder has to come again with one.
      guard case .success(let peer) = link.leaf.result else {
        throw PeerLinkError.certificate("the peer proved no key in this handshake")
      }
      let number = links.add(peer, purpose, control)
      if case .refused(let why) = await check(peer, purpose) { throw PeerLinkError.refused(why) }
      let stream = try await link.openStream(for: purpose, timeouts)
      return JudgedLink(
        peer: peer, purpose: purpose, control: control, stream: stream
      ) { [links] in links.admit(number) }
    } catch {
      let reason = control.explain(error)
      control.close(reason)
      throw reason
    }
  }
}

/// A link whose peer is judged: from here on bytes flow.
struct JudgedLink: Sendable {
  let peer: PeerIdentity
  let purpose: LinkPurpose
  let control: LinkControl
  private let stream: NIOAsyncChannel<ByteBuffer, ByteBuffer>
  private let opened: @Sendable () -> Void

  init(
    peer: PeerIdentity, purpose: LinkPurpose, control: LinkControl,
    stream: NIOAsyncChannel<ByteBuffer, ByteBuffer>, opened: @escaping @Sendable () -> Void
  ) {
    self.peer = peer
    self.purpose = purpose
    self.control = control
    self.stream = stream
    self.opened = opened
  }

  /// Runs `body` once, then closes; not at all where the link was closed while it was judged.
  func run<Result: Sendable>(
    _ body:
      @Sendable (
        NIOAsyncChannelInboundStream<ByteBuffer>, NIOAsyncChannelOutboundWriter<ByteBuffer>
      ) async throws -> Result
  ) async throws -> Result {
    try await stream.executeThenClose { inbound, outbound in
      if let reason = control.reason { throw reason }
      opened()
      return try await body(inbound, outbound)
    }
  }
}
