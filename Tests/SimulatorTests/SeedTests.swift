// Seeds run clean, replay exactly, and the corpus of seeds that once found something stays green.

import Foundation
import Testing

@testable import Simulator

@Suite struct SeedTests {
  private static var corpus: [UInt64] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "seeds.txt")
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap {
      $0.split(separator: " ").first.flatMap { UInt64($0) }
    }
  }

  @Test func theCorpusIsThere() { #expect(Self.corpus.count >= 3) }

  @Test(arguments: Self.corpus) func everySeedOfTheCorpusRunsClean(_ seed: UInt64) {
    let report = Simulation.run(seed: seed)
    #expect(report.isFine, "\(report.violation?.description ?? report.failure ?? "")")
    #expect(report.boundaries >= 3)
    #expect(report.commands + report.refused >= 500)
  }

  @Test(arguments: [1_001, 1_002, 1_003, 1_005, 1_006, 1_007] as [UInt64])
  func memorySeedsRunClean(_ seed: UInt64) {
    let report = Simulation.run(seed: seed)
    #expect(report.replicas == "memory")
    #expect(report.isFine, "\(report.violation?.description ?? report.failure ?? "")")
  }

  @Test(arguments: [1_000, 1_004, 1_008, 1_012] as [UInt64])
  func storeSeedsRunClean(_ seed: UInt64) {
    let report = Simulation.run(seed: seed)
    #expect(report.replicas == "sqlite")
    #expect(report.isFine, "\(report.violation?.description ?? report.failure ?? "")")
  }

  @Test(arguments: [11, 12] as [UInt64]) func aSeedReplaysExactly(_ seed: UInt64) {
    let first = Simulation.run(seed: seed)
    let second = Simulation.run(seed: seed)
    #expect(first.hash == second.hash)
    #expect(first.steps == second.steps)
    #expect(first.faults.map(\.description) == second.faults.map(\.description))
    #expect(first.hash != Simulation.run(seed: seed + 100).hash)
  }
}
