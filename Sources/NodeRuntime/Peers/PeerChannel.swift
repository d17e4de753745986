// What the driver needs of a connection; the transport stands behind it.

package import ReplicaCore

/// One authenticated connection to a peer.
package protocol PeerChannel: Sendable {
  /// Sends under backpressure: returns when the connection took the message.
  func send(_ message: SyncMessage) async throws
  /// Hands over what arrives, one message after the other; nothing more is read while `take`
  /// runs. Returns when the peer closed in an orderly way, throws why the connection ended else.
  func receive(_ take: @Sendable (SyncMessage) async -> Void) async throws
  func close() async
  /// For people: address of the other end.
  var remote: String { get }
}
