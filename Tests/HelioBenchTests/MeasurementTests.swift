// The cheap measurements, tiny: each gives rows, with a rival where it promises one.

import Testing

@testable import helio_bench

@Suite(.serialized) struct MeasurementTests {
  private static let plan: BenchPlan = {
    var plan = BenchPlan(tickets: 20)
    plan.changes = 60
    plan.clients = 8
    plan.requests = 20
    plan.idleSeconds = 1
    return plan
  }()

  @Test("local commits and remote apply stand beside bare SQLite")
  func bare() async throws {
    for rows in [
      try await LocalCommits().run(Self.plan), try await RemoteApply().run(Self.plan),
    ] {
      #expect(!rows.isEmpty)
      for row in rows {
        #expect(row.value > 0)
        #expect((row.rivalValue ?? 0) > 0)
        #expect(row.rival?.contains("bare SQLite") == true)
      }
    }
  }

  @Test("bytes on the wire are counted, and more than nothing is said on an idle link")
  func wire() async throws {
    let rows = try await WireBytes().run(Self.plan)
    #expect(rows.map(\.unit) == ["bytes", "bytes", "bytes/minute"])
    // A signed head alone is 64 bytes and more, a batch of one cannot be smaller.
    #expect(rows[0].value > 100)
    #expect(rows[1].value > 20 && rows[1].value < rows[0].value)
  }

  @Test("stored bytes are within reason of plain tables")
  func size() async throws {
    let rows = try await StoredBytes().run(Self.plan)
    #expect(rows[0].ratio.map { $0 > 0.5 && $0 < 20 } == true)
  }
}
