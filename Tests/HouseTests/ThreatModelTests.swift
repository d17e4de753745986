// The threat model says which test shows what: those tests must exist.

import Foundation
import Testing

@Suite struct ThreatModelTests {
  private static let text: String = {
    let file = SourceFile.root.appendingPathComponent("docs/THREAT_MODEL.md")
    return (try? String(contentsOf: file, encoding: .utf8)) ?? ""
  }()

  /// The numbered rows.
  private static let table: [String] = text.split(separator: "\n").map(String.init).filter { line in
    line.split(separator: "|").first.map { Int($0.trimmingCharacters(in: .whitespaces)) != nil }
      ?? false
  }

  /// The rows of all tables of cases, numbered or not.
  private static let cases: [String] = {
    let section = text.range(of: "## Hostile and unlucky input").map { text[$0.upperBound...] }
    return (section ?? "").split(separator: "\n").map(String.init).filter { $0.hasPrefix("| ") }
      .filter { $0.contains("`") }
  }()

  @Test func everyHostileCaseHasARow() {
    let numbers = Self.table.compactMap { line in
      line.split(separator: "|").first.flatMap { Int($0.trimmingCharacters(in: .whitespaces)) }
    }
    #expect(numbers == Array(1...28))
  }

  @Test func everyTestThatIsNamedExists() throws {
    let sources = SourceFile.all(under: "Tests").flatMap(\.lines)
    let declared = Set(
      sources.flatMap { line in
        line.matches(of: /(?:func|struct) ([A-Za-z0-9]+)/).map { String($0.1) }
      })
    #expect(Self.cases.count > Self.table.count)
    for line in Self.cases {
      let cell = try #require(line.split(separator: "|").last)
      let blackbox = Set(cell.matches(of: /blackbox `([a-z_]+)`/).map { String($0.1) })
      for name in cell.matches(of: /`([A-Za-z0-9_]+)`/).map({ String($0.1) }) {
        let script = SourceFile.root.appendingPathComponent("Tests/blackbox/\(name).py").path
        let exists =
          blackbox.contains(name)
          ? FileManager.default.fileExists(atPath: script) : declared.contains(name)
        #expect(exists, "\(name) is no test: \(line)")
      }
    }
  }
}
