// Ports of this machine for the time of a measurement.

internal import NIOCore
internal import NIOPosix

enum FreePort {
  /// A port that nobody listens on right now.
  static func take() async throws -> Int {
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .bind(host: "127.0.0.1", port: 0).get()
    let port = channel.localAddress?.port
    try await channel.close()
    guard let port else { throw BenchFailure("the system gave no port") }
    return port
  }
}
