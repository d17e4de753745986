// What the command line calls in the node's own code, where no running node is needed.

internal import Foundation
internal import Logging
internal import NodeRuntime

/// Founding, joining, serving and examining a data directory.
struct NodeFunctions: Sendable {
  var found: @Sendable (FoundOptions, _ directory: String) async throws -> SetupReport
  var join:
    @Sendable (
      JoinOptions, _ directory: String, _ progress: @escaping @Sendable (String) -> Void
    ) async throws -> SetupReport
  var serve: @Sendable (_ directory: String, ServeOptions) async throws -> Void
  var examine: @Sendable (_ directory: String) async -> [Finding]

  static let shipped = NodeFunctions(
    found: { try await NodeSetup.found($0, in: $1) },
    join: { try await NodeSetup.join($0, in: $1, progress: $2) },
    serve: { try await NodeServer.run(directory: $0, options: $1, log: log) },
    examine: { await Doctor.examine(directory: $0) })

  /// The log goes to standard error; `HELIO_LOG` sets the level (default `notice`).
  private static var log: Logger {
    var log = Logger(label: "helio") { StreamLogHandler.standardError(label: $0) }
    let level = ProcessInfo.processInfo.environment["HELIO_LOG"]
    log.logLevel = level.flatMap { Logger.Level(rawValue: $0.lowercased()) } ?? .notice
    return log
  }
}

extension Failure {
  /// An operational error of the node's own code.
  init(_ error: NodeError) {
    let status: ExitStatus = error.code == .notInitialized ? .notRunning : .failed
    self.init(
      status, "\(error.message) (\(error.code.rawValue))",
      details: error.cause.map { ["cause: \($0)"] } ?? [], hint: error.hint)
  }
}
