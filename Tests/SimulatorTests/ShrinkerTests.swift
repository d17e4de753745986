// The fault list of a failure keeps what the failure needs, and nothing else within reach.

import Testing

@testable import Simulator

@Suite struct ShrinkerTests {
  private func report(_ numbers: some Sequence<Int>, breaks invariant: Int?) -> SeedReport {
    SeedReport(
      seed: 1, replicas: "memory", hash: "", steps: 0, commands: 0, refused: 0, tickets: 0,
      deltas: 0, boundaries: 0, forged: 0,
      faults: numbers.map { FaultRecord(number: $0, kind: "cut", second: 0, text: "") },
      sometimes: SometimesCounts(), violation: invariant.map { Violation($0, "") },
      lastSteps: ["1 0 first", "2 5 bad"])
  }

  private func shrunk(
    of count: Int, limit: Int = 100, needs: Set<Int>, otherwise: Int? = nil
  ) -> ShrunkFailure {
    Shrinker(failed: report(0..<count, breaks: 3), limit: limit) { kept in
      report(kept.sorted(), breaks: needs.isSubset(of: kept) ? 3 : otherwise)
    }.run()
  }

  @Test func whatIsNeededStays() {
    #expect(shrunk(of: 40, needs: [7, 31]).numbers == [7, 31])
    #expect(shrunk(of: 40, needs: []).numbers == [])
    #expect(shrunk(of: 1, needs: [0]).numbers == [0])
  }

  @Test func anotherInvariantIsAnotherFailure() {
    #expect(shrunk(of: 16, needs: [5], otherwise: 1).numbers == [5])
  }

  @Test func theRunsAreBounded() {
    let result = shrunk(of: 64, limit: 5, needs: [1, 62])
    #expect(result.tries <= 5)
    #expect(Set(result.numbers).isSuperset(of: [1, 62]))
  }

  @Test func theFirstBadStepIsNamed() {
    #expect(shrunk(of: 4, needs: [2]).firstBadStep == "2 5 bad")
  }
}
