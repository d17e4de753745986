// Anybody who holds it can end a link, and the reason given is what the link's user is told.

internal import NIOCore
internal import Synchronization

/// One channel with the reason for which this side closed it.
final class LinkControl: Sendable {
  let channel: any Channel
  let address: String
  private let state = Mutex<PeerLinkError?>(nil)

  /// - Parameter dialled: the other side's endpoint where this side dials; else it is the
  ///   accepted socket's, which is told while the channel is open.
  init(channel: any Channel, dialled: PeerEndpoint? = nil) {
    self.channel = channel
    let remote = channel.remoteAddress
    self.address =
      if let dialled {
        "\(dialled)"
      } else if let ip = remote?.ipAddress, let port = remote?.port {
        "\(PeerEndpoint(host: ip, port: port))"
      } else {
        "an unknown address"
      }
  }

  /// Why this side closed it, once it did.
  var reason: PeerLinkError? { state.withLock { $0 } }

  func close(_ reason: String) { close(.closed(reason)) }

  func close(_ reason: PeerLinkError) {
    state.withLock { if $0 == nil { $0 = reason } }
    channel.close(promise: nil)
  }

  /// The clearer of the two: why this side closed the link, or what the channel says.
  func explain(_ error: any Error) -> PeerLinkError {
    if let reason { return reason }
    return error is CancellationError ? .closed("the task ended") : TLSWords.linkError(error)
  }
}
