// Connections that were accepted and that nobody serves any more, since the server ended in between.

internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import Synchronization

/// A connection that can be ended without having been served.
protocol UnservedConnection: ServerChildChannelValue {
  func end() async
}

extension NIOAsyncChannel: UnservedConnection {
  /// Finishes the writer and closes the channel.
  func end() async { try? await executeThenClose { _, _ in } }
}

/// An accepted connection. Who serves it takes it out; one that nobody took is ended.
///
/// NIO ends the process where the writer of a connection goes away without having been finished, and
/// a server that is cancelled, or closes its port, drops the connections that it had just accepted.
final class AcceptedConnection<Connection: UnservedConnection>: ServerChildChannelValue {
  let channel: any Channel
  private let connection: Connection
  private let isTaken = Atomic(false)

  init(_ connection: Connection) {
    self.connection = connection
    channel = connection.channel
  }

  func take() -> Connection {
    isTaken.store(true, ordering: .relaxed)
    return connection
  }

  deinit {
    guard !isTaken.load(ordering: .relaxed) else { return }
    let connection = connection
    Task { await connection.end() }
  }
}

/// Serves connections as its base does, and ends those that never come to be served.
struct OwnedConnections<Base: ServerChildChannel>: ServerChildChannel
where Base.Value: UnservedConnection {
  let base: Base

  func setup(
    channel: any Channel, logger: Logger
  ) -> EventLoopFuture<AcceptedConnection<Base.Value>> {
    base.setup(channel: channel, logger: logger).map { AcceptedConnection($0) }
  }

  func handle(value: AcceptedConnection<Base.Value>, logger: Logger) async {
    await base.handle(value: value.take(), logger: logger)
  }
}
