// What the command line calls in the node's own code, where no running node is needed.

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
    serve: { _, _ in throw missing("serve") },
    examine: { _ in [] })

  private static func missing(_ name: String) -> NodeError {
    NodeError(
      .internalFault, "This build of helio has no node inside, so it cannot \(name).",
      hint: "Build the whole package: swift build --product helio")
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
