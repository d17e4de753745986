// An operator who stops a node looks into its log: an ordinary end must not look like a failure.

import Foundation
import Logging
import Synchronization
import Testing

@testable import AgentAPI

@Suite struct OrdinaryEndingTests {
  /// Lines that were logged, `level message`.
  private final class Lines: Sendable {
    private let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock(\.self) }
    func add(_ line: String) { lines.withLock { $0.append(line) } }
  }

  private struct Collector: LogHandler {
    let lines: Lines
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { lines.add("\(event.level) \(event.message)") }
  }

  private func logger(_ lines: Lines, _ level: Logger.Level) -> Logger {
    Logger(label: "test") { _ in Collector(lines: lines, logLevel: level) }
  }

  @Test(.timeLimit(.minutes(1))) func aServerThatIsToldToEndLogsNoError() async throws {
    let lines = Lines()
    let (open, signal) = AsyncStream<Void>.makeStream()
    let socket = NSTemporaryDirectory() + "ending-\(UInt32.random(in: 0 ... .max)).sock"
    let server = try AgentServer(
      AgentServerConfiguration(
        address: ListenAddress(host: "127.0.0.1", port: 0), socketPath: socket),
      services: APIFixture().services, logger: logger(lines, .notice)
    ) { _, _ in signal.yield() }
    let running = Task { try await server.run() }
    var count = 0
    for await _ in open {
      count += 1
      if count == 2 { break }
    }
    running.cancel()
    _ = await running.result
    // The library's last words may come a moment later.
    try await Task.sleep(for: .milliseconds(300))
    #expect(lines.all.filter { $0.hasPrefix("error") || $0.hasPrefix("critical") } == [])
  }

  @Test func onlyTheTwoLinesAreHeldBackAndAtDebugTheyAreThere() {
    let (usual, all) = (Lines(), Lines())
    for (lines, level) in [(usual, Logger.Level.notice), (all, .debug)] {
      let log = OrdinaryEnding.hidden(in: logger(lines, level))
      log.error("Server shutdown error: Already closed")
      log.error("Waiting on child channel: CancellationError()")
      log.error("Server shutdown error: too many open files")
      log.notice("agent API")
    }
    let kept = ["error Server shutdown error: too many open files", "notice agent API"]
    #expect(usual.all == kept)
    #expect(
      all.all == [
        "debug Server shutdown error: Already closed",
        "debug Waiting on child channel: CancellationError()",
      ] + kept)
  }
}
