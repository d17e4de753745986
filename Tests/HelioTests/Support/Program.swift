// Runs the built program as a person or script would.

internal import Foundation
internal import Testing

/// What a run of the program left.
struct Run: Sendable {
  var status: Int32
  var output: String
  var errors: String
}

/// The `helio` that was built beside the tests.
enum Program {
  /// Runs it without a terminal, in an environment of just these variables.
  static func run(
    _ arguments: [String], _ environment: [String: String] = [:], input: String = ""
  ) async throws -> Run {
    let tests = try #require(Bundle.main.executableURL)
    let program = tests.deletingLastPathComponent().appendingPathComponent("helio")
    let directory = try TemporaryDirectory()
    defer { directory.remove() }
    let files = try ["in", "out", "err"].map { name in
      let path = directory.path + "/" + name
      try Data(name == "in" ? Array(input.utf8) : []).write(to: URL(fileURLWithPath: path))
      return path
    }
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.environment = environment.merging(
      ["HOME": directory.path, "PATH": "/usr/bin:/bin"]
    ) { given, _ in given }
    process.standardInput = FileHandle(forReadingAtPath: files[0])
    process.standardOutput = FileHandle(forWritingAtPath: files[1])
    process.standardError = FileHandle(forWritingAtPath: files[2])
    try await withCheckedThrowingContinuation { (ended: CheckedContinuation<Void, any Error>) in
      process.terminationHandler = { _ in ended.resume() }
      do { try process.run() } catch { ended.resume(throwing: error) }
    }
    return Run(
      status: process.terminationStatus,
      output: try String(contentsOfFile: files[1], encoding: .utf8),
      errors: try String(contentsOfFile: files[2], encoding: .utf8))
  }
}

/// A new directory with a short path, since a socket's path may not be long.
struct TemporaryDirectory: Sendable {
  let path: String

  init() throws {
    path = "/tmp/helio-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    let file = path + "/" + name
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }
}
