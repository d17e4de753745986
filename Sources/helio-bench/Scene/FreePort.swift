// Ports of this machine for the time of a measurement.

internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// Ports that nobody listens on right now, each given once. They lie below those that the system gives to
/// outgoing connections: one of these could take a port between its choice and its use.
enum FreePort {
  private static let range = 10_000..<32_000
  private static let next = Atomic(Int.random(in: range))

  static func take() async throws -> Int {
    for _ in range {
      let number = next.add(1, ordering: .relaxed).newValue
      let port = range.lowerBound + number % range.count
      if await isFree(port) { return port }
    }
    throw BenchFailure("no port from \(range.lowerBound) to \(range.upperBound) is free")
  }

  private static func isFree(_ port: Int) async -> Bool {
    do {
      try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .bind(host: "127.0.0.1", port: port).get().close()
      return true
    } catch {
      return false
    }
  }
}
