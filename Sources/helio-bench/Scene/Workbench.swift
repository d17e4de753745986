// The temporary folder of one measurement; nothing of it stays.

internal import Foundation

/// A folder that is removed with the value's last use.
final class Workbench: Sendable {
  let root: String

  init() throws {
    // Short, since a Unix socket's path holds 107 bytes; on disk, since /tmp may be memory.
    let base = ProcessInfo.processInfo.environment["HELIO_BENCH_DIR"] ?? "/var/tmp"
    root = "\(base)/helio-bench-" + String(UInt64.random(in: 0 ... .max), radix: 36)
    try FileManager.default.createDirectory(
      atPath: root, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  func path(_ name: String) -> String { "\(root)/\(name)" }

  /// Copies a database that nobody has open.
  func copy(_ from: String, to name: String) throws -> String {
    try FileManager.default.copyItem(atPath: from, toPath: path(name))
    return path(name)
  }

  static func bytes(_ path: String) throws -> Int {
    let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
    return size ?? 0
  }
}
