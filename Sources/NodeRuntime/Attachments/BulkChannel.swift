// What the exchange of files needs of connections; the transport stands behind it.

internal import ReplicaCore

/// One authenticated connection that carries files.
protocol BulkChannel: Sendable {
  /// Sends under backpressure: returns when the connection took the message. For one task.
  func send(_ message: BulkMessage) async throws
  /// Hands over what arrives, one message after the other. Returns when the peer closed in an
  /// orderly way, throws why the connection ended, or what `take` throws.
  func receive(_ take: @Sendable (BulkMessage) async throws -> Void) async throws
  func close(_ reason: String)
}

/// Opens connections for files.
protocol BulkDialling: Sendable {
  /// Connects, proves both sides by certificate, and runs `body` once `peer` is admitted under the
  /// slot expected; the connection ends with it.
  func dialBulk(
    _ address: HostPort, expecting peer: Slot,
    _ body: @escaping @Sendable (any BulkChannel) async -> Void
  ) async throws
}
