// The project's own sources as the house tests read them.

import Foundation

/// A committed Swift file, generated code left out.
struct SourceFile {
  let path: String
  let lines: [String]

  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  var target: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }

  static func all(under folder: String) -> [SourceFile] {
    let base = root.appendingPathComponent(folder)
    let walker = FileManager.default.enumerator(atPath: base.path)
    var files: [SourceFile] = []
    while let name = walker?.nextObject() as? String {
      guard name.hasSuffix(".swift"), !name.contains("Generated/") else { continue }
      let text = try? String(
        contentsOf: base.appendingPathComponent(name), encoding: .utf8)
      files.append(
        SourceFile(
          path: folder + "/" + name,
          lines: (text ?? "").split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init)))
    }
    return files.sorted { $0.path < $1.path }
  }
}
