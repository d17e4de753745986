// Keeps the house tidy: what a reader may rely on everywhere, with the remedy in each message.

import Foundation
import Testing

struct TidyTests {
  private static let sources = SourceFile.all(under: "Sources")
  private static let tests = SourceFile.all(under: "Tests")
  private static let pure = ["ReplicaCore", "HelpdeskDomain"]

  @Test("sources were found at all")
  func found() {
    #expect(Self.sources.count > 50)
    #expect(Self.tests.count > 10)
  }

  @Test("no file is longer than 400 lines; split it by topic (Type+Topic.swift)")
  func sizes() {
    for file in Self.sources + Self.tests where file.lines.count > 401 {
      Issue.record("\(file.path) has \(file.lines.count) lines")
    }
  }

  @Test("a file opens with why it exists, one comment line")
  func opening() {
    for file in Self.sources + Self.tests {
      let first = file.lines.first ?? ""
      if !first.hasPrefix("// ") || first.count < 12 {
        Issue.record("\(file.path) opens with '\(first)'; say in one sentence why it exists")
      }
    }
  }

  @Test("the pure targets use no clock, log, task, disk or unseeded randomness")
  func purity() {
    let banned: [(word: String, remedy: String)] = [
      ("Date()", "take `now: Instant` as an argument"),
      ("Task {", "return an effect"), ("Task.sleep", "return .arm(instant)"),
      ("ContinuousClock", "take `now` as an argument"), ("print(", "return a note"),
      ("Logger(", "return a note"), ("SystemRandomNumberGenerator", "pass the generator in"),
      ("URLSession", "leave I/O to the runtime"),
      ("try!", "handle the error"), ("@unchecked", "use a value type"),
      ("nonisolated(unsafe)", "use a value type"), ("fatalError(", "throw a typed error"),
    ]
    for file in Self.sources where Self.pure.contains(file.target) {
      for (number, line) in file.lines.enumerated() {
        let code = line.split(separator: "//", maxSplits: 1).first.map(String.init) ?? ""
        guard !line.trimmingCharacters(in: .whitespaces).hasPrefix("//") else { continue }
        for ban in banned where code.contains(ban.word) {
          Issue.record("\(file.path):\(number + 1) uses \(ban.word): \(ban.remedy)")
        }
      }
    }
  }

  @Test("ReplicaCore imports no Foundation")
  func coreImports() {
    for file in Self.sources where file.target == "ReplicaCore" {
      for line in file.lines where line.contains("import Foundation") {
        Issue.record("\(file.path): \(line); the core is plain Swift")
      }
    }
  }

  @Test("imports go strictly down, and foreign types stay in their target")
  func imports() {
    let allowed: [String: Set<String>] = [
      "ReplicaCore": [], "HelpdeskDomain": ["ReplicaCore"], "ClusterTrust": ["ReplicaCore"],
      "ReplicaStore": ["ReplicaCore", "HelpdeskDomain"],
      "SyncTransport": ["ReplicaCore", "ClusterTrust"],
      "AgentAPI": ["ReplicaCore", "HelpdeskDomain"],
      "Simulator": ["ReplicaCore", "HelpdeskDomain", "ClusterTrust", "ReplicaStore"],
      "helio-sim": ["Simulator"],
      // It goes in by the node's doors alone; the store under it is what it holds rivals against.
      "helio-bench": [
        "ReplicaCore", "HelpdeskDomain", "ClusterTrust", "SyncTransport", "NodeRuntime",
      ],
    ]
    let own = Set(allowed.keys).union(["NodeRuntime"])
    for file in Self.sources {
      guard let permitted = allowed[file.target] else { continue }
      for line in file.lines where line.contains("import ") {
        let words = line.split(separator: " ")
        guard let index = words.firstIndex(of: "import"), index + 1 < words.count else { continue }
        let module = String(words[index + 1])
        if own.contains(module), !permitted.contains(module) {
          Issue.record("\(file.path) imports \(module); imports go strictly down (ARCHITECTURE)")
        }
        if module == "GRDB", file.target != "ReplicaStore" {
          Issue.record("\(file.path): GRDB types never leave ReplicaStore")
        }
        if module == "GRDBSQLite", !file.path.hasPrefix("Sources/helio-bench/Rivals/") {
          Issue.record("\(file.path): bare SQLite is a rival of the benchmark, nothing else")
        }
      }
    }
  }

  @Test("a package declaration says what it is")
  func documentation() {
    let opening = [
      "package func", "package struct", "package enum", "package protocol",
      "package actor", "package final class", "package init", "package static func",
    ]
    var bare = 0
    var all = 0
    for file in Self.sources {
      for (number, line) in file.lines.enumerated() {
        let code = line.trimmingCharacters(in: .whitespaces)
        guard opening.contains(where: { code.hasPrefix($0) }), !code.hasPrefix("package init")
        else { continue }
        all += 1
        var above = number - 1
        while above >= 0,
          file.lines[above].trimmingCharacters(in: .whitespaces).hasPrefix("@")
        { above -= 1 }
        let before = above >= 0 ? file.lines[above].trimmingCharacters(in: .whitespaces) : ""
        if !before.hasPrefix("///") { bare += 1 }
      }
    }
    // Operators and self-evident members of a family go without; the rest must not.
    #expect(Double(bare) < Double(all) * 0.35, "\(bare) of \(all) package declarations are bare")
  }

  @Test("links in Markdown lead somewhere")
  func links() throws {
    let files = try markdown()
    for file in files {
      let text = try String(contentsOf: file, encoding: .utf8)
      for target in Self.targets(in: text) {
        let path = file.deletingLastPathComponent().appendingPathComponent(target).path
        if !FileManager.default.fileExists(atPath: path) {
          Issue.record("\(file.lastPathComponent) links to \(target), which is not there")
        }
      }
    }
  }

  private func markdown() throws -> [URL] {
    let root = SourceFile.root
    var found = [root.appendingPathComponent("README.md")]
    let docs = root.appendingPathComponent("docs")
    let walker = FileManager.default.enumerator(atPath: docs.path)
    while let name = walker?.nextObject() as? String {
      if name.hasSuffix(".md") { found.append(docs.appendingPathComponent(name)) }
    }
    return found.filter { FileManager.default.fileExists(atPath: $0.path) }
  }

  private static func targets(in text: String) -> [String] {
    var targets: [String] = []
    for piece in text.components(separatedBy: "](").dropFirst() {
      guard let end = piece.firstIndex(of: ")") else { continue }
      let target = String(piece[..<end].prefix { $0 != "#" })
      if target.isEmpty || target.contains("://") || target.contains(" ") { continue }
      targets.append(target)
    }
    return targets
  }
}
