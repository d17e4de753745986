// What the driver needs of a connection; the transport stands behind it.

package import ReplicaCore

/// One authenticated connection to a peer.
package protocol PeerChannel: Sendable {
  /// Sends under backpressure: returns when the connection took the message.
  func send(_ message: SyncMessage) async throws
  /// What arrives, one message after the other; nil where the connection ended.
  func receive() async throws -> SyncMessage?
  func close() async
  /// For people: address of the other end.
  var remote: String { get }
}
