// docs/openapi.yaml describes every route of the code, and none that the code does not have.

import AgentAPI
import Foundation
import Testing

@Suite struct OpenAPITests {
  @Test func theFileAndTheRoutesAreTheSame() throws {
    let fixture = APIFixture()
    let registered = Set(AgentServer.routeTable(fixture.services).lines)
    let described = try Self.described()
    #expect(registered.count > 100)
    #expect(registered.subtracting(described).sorted() == [], "docs/openapi.yaml lacks these")
    #expect(described.subtracting(registered).sorted() == [], "the node has no such routes")
  }

  /// `METHOD /path` of every operation under `paths`, by the file's own indentation.
  private static func described() throws -> Set<String> {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("docs/openapi.yaml")
    var isInPaths = false
    var path = ""
    var found: Set<String> = []
    for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
      if !line.hasPrefix(" ") { isInPaths = line == "paths:" }
      guard isInPaths else { continue }
      if let match = line.wholeMatch(of: #/  (/.*):/#) {
        path = String(match.output.1)
      } else if let match = line.wholeMatch(of: #/    (get|put|post|patch|delete):/#) {
        found.insert("\(match.output.1.uppercased()) \(path)")
      }
    }
    return found
  }
}
