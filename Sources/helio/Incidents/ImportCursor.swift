// Where an interrupted import goes on. Only to save time: the node knows what it has.

internal import Foundation

/// The last line that a node has acknowledged, kept in a small file outside the node.
struct ImportCursor {
  private struct Content: Codable {
    var file: String
    var size: Int64
    var node: String
    var line: Int
  }

  private let path: URL
  private var content: Content

  /// The cursor of this file for this node. `home` is XDG_STATE_HOME, or what stands for it.
  init(file: String, size: Int64, node: String, home: URL) {
    let whole = URL(fileURLWithPath: file).standardizedFileURL.path
    content = Content(file: whole, size: size, node: node, line: 0)
    path = home.appendingPathComponent("heliotrope", isDirectory: true)
      .appendingPathComponent("import-\(Self.hash(whole + "\n" + node)).json")
  }

  /// Where state of programs goes (XDG Base Directory Specification).
  static func home(_ environment: [String: String]) -> URL {
    if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") {
      return URL(fileURLWithPath: state, isDirectory: true)
    }
    return FileManager.default.homeDirectoryForCurrentUser
      .appendingPathComponent(".local/state", isDirectory: true)
  }

  /// The line of the last run; 0 where there is none, or the file has changed its size.
  func lastLine() -> Int {
    guard let data = try? Data(contentsOf: path),
      let kept = try? JSONDecoder().decode(Content.self, from: data),
      kept.file == content.file, kept.size == content.size, kept.node == content.node
    else { return 0 }
    return kept.line
  }

  /// Remembers a line. False where it cannot be kept; the import itself does not need it.
  mutating func keep(line: Int) -> Bool {
    content.line = line
    do {
      try FileManager.default.createDirectory(
        at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
      try JSONEncoder().encode(content).write(to: path, options: .atomic)
      return true
    } catch {
      return false
    }
  }

  /// Forgets it, once the import is done.
  func clear() { try? FileManager.default.removeItem(at: path) }

  /// FNV-1a, 64 bits (Fowler, Noll, Vo): the same name in every run, unlike Swift's hash.
  private static func hash(_ text: String) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 {
      hash ^= UInt64(byte)
      hash &*= 0x100_0000_01B3
    }
    return String(hash, radix: 16)
  }
}
