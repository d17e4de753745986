// Certificates from the openssl command, so that a second implementation has a say; and helpers.

import Foundation
import Logging
import Synchronization
import Testing

@testable import SyncTransport

/// A self-issued P-256 certificate with its key, on disk for openssl and in memory for us.
struct TestNode: Sendable {
  let credentials: NodeCredentials
  let leaf: [UInt8]
  let certificateFile: String
  let keyFile: String

  /// Made once for all tests: making a key costs a process each.
  static let paris = make("paris")
  static let tokyo = make("tokyo")
  static let stranger = make("stranger")

  private static func make(_ name: String) -> TestNode {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("helio-net-\(ProcessInfo.processInfo.processIdentifier)-\(name)")
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let (certificate, key) = (
        folder.appendingPathComponent("c.pem").path, folder.appendingPathComponent("k.pem").path
      )
      _ = try Command.run([
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
        "-nodes", "-days", "30", "-subj", "/CN=\(name)", "-keyout", key, "-out", certificate,
      ])
      let leaf = try Command.run(["openssl", "x509", "-in", certificate, "-outform", "DER"]).stdout
      let der = try Command.run(["openssl", "pkey", "-in", key, "-outform", "DER"]).stdout
      return TestNode(
        credentials: try NodeCredentials(certificate: leaf, privateKey: der), leaf: leaf,
        certificateFile: certificate, keyFile: key)
    } catch {
      fatalError("the openssl command cannot make a certificate: \(error)")
    }
  }
}

/// Runs a program to its end.
enum Command {
  struct Output: Sendable {
    let status: Int32
    let stdout: [UInt8]
    let stderr: String
    var text: String { String(decoding: stdout, as: UTF8.self) }
  }

  /// Blocks; `input` nil means that standard input ends at once.
  static func run(_ words: [String], input: [UInt8] = []) throws -> Output {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = words
    let (stdin, stdout, stderr) = (Pipe(), Pipe(), Pipe())
    (process.standardInput, process.standardOutput, process.standardError) = (stdin, stdout, stderr)
    // `waitUntilExit` spins a run loop and can miss the end on a thread of the pool.
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    try process.run()
    stdin.fileHandleForWriting.write(Data(input))
    try stdin.fileHandleForWriting.close()
    let complaints = Mutex<Data>(Data())
    let group = DispatchGroup()
    DispatchQueue.global().async(group: group) {
      let data = stderr.fileHandleForReading.readDataToEndOfFile()
      complaints.withLock { $0 = data }
    }
    let out = stdout.fileHandleForReading.readDataToEndOfFile()
    group.wait()
    ended.wait()
    return Output(
      status: process.terminationStatus, stdout: [UInt8](out),
      stderr: String(decoding: complaints.withLock { $0 }, as: UTF8.self))
  }

  /// The same off the cooperative threads.
  static func runApart(_ words: [String], input: [UInt8] = []) async throws -> Output {
    try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async {
        continuation.resume(with: Result { try run(words, input: input) })
      }
    }
  }
}

/// Keeps what is logged.
final class LogLines: Sendable {
  private let lines = Mutex<[String]>([])

  var all: [String] { lines.withLock { $0 } }
  func has(_ words: String) -> Bool { all.contains { $0.contains(words) } }
  fileprivate func add(_ line: String) { lines.withLock { $0.append(line) } }

  var logger: Logger {
    var logger = Logger(label: "test") { _ in Handler(lines: self) }
    logger.logLevel = .debug
    return logger
  }

  private struct Handler: LogHandler {
    let lines: LogLines
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.debug

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      let all = metadata.merging(event.metadata ?? [:]) { $1 }
      let pairs = all.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
      lines.add("\(event.message) \(pairs.joined(separator: " "))")
    }
  }
}

extension LinkTimeouts {
  static func with(_ change: (inout LinkTimeouts) -> Void) -> LinkTimeouts {
    var timeouts = LinkTimeouts()
    change(&timeouts)
    return timeouts
  }
}

/// A value that one task sets and another waits for.
final class Box<Value: Sendable>: Sendable {
  private let state = Mutex<[Value]>([])

  func put(_ value: Value) { state.withLock { $0.append(value) } }
  var all: [Value] { state.withLock { $0 } }
}

/// Waits until `condition` holds; an issue after `limit`.
func eventually(
  within limit: Duration = .seconds(60), _ what: Comment,
  sourceLocation: SourceLocation = #_sourceLocation, _ condition: () -> Bool
) async {
  let clock = ContinuousClock()
  let end = clock.now + limit
  while !condition() {
    guard clock.now < end else {
      Issue.record(what, sourceLocation: sourceLocation)
      return
    }
    try? await Task.sleep(for: .milliseconds(10))
  }
}
