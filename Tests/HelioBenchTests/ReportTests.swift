// The shape of a report is what scripts rely on: percentiles, table, JSON keys.

import ArgumentParser
import Foundation
import Testing

@testable import helio_bench

@Suite struct ReportTests {
  @Test("a percentile is a value that occurred, by the nearest rank")
  func percentiles() {
    let hundred = Percentiles((1...100).shuffled().map(Double.init))
    #expect(hundred.median == 50)
    #expect(hundred.p99 == 99)
    #expect(hundred.at(100) == 100)
    #expect(hundred.at(0) == 1)
    #expect(Percentiles([7]).p99 == 7)
    #expect(Percentiles([1, 2]).at(51) == 2)
    #expect(Percentiles([]).median == 0)
  }

  @Test("the ratio is ours by the rival's, and none where the rival has nothing")
  func ratio() {
    #expect(BenchRow("a", 30, "x/s", rival: "b", 60).ratio == 0.5)
    #expect(BenchRow("a", 30, "x/s", rival: "b", 0).ratio == nil)
    #expect(BenchRow("a", 30, "x/s").ratio == nil)
  }

  @Test("every row of the JSON has the six keys, null where there is no rival")
  func json() throws {
    let report = BenchReport(rows: [
      BenchRow("alone", 1.5, "ms"), BenchRow("beside", 2, "ms", rival: "other", 4),
    ])
    let parsed = try JSONSerialization.jsonObject(with: Data(try report.json().utf8))
    let rows = try #require((parsed as? [String: Any])?["rows"] as? [[String: Any]])
    #expect(rows.count == 2)
    for row in rows {
      #expect(Set(row.keys) == ["name", "value", "unit", "rival", "rival_value", "ratio"])
    }
    #expect(rows[0]["rival"] is NSNull)
    #expect(rows[0]["ratio"] is NSNull)
    #expect(rows[1]["rival_value"] as? Double == 4)
    #expect(rows[1]["ratio"] as? Double == 0.5)
    let again = try JSONDecoder().decode(BenchReport.self, from: Data(try report.json().utf8))
    #expect(again == report)
  }

  @Test("numbers stand under each other, and no line ends in blanks")
  func table() throws {
    let report = BenchReport(rows: [
      BenchRow("short", 12_345.6, "bytes"),
      BenchRow("a longer name", 0.1234, "ms", rival: "bare", 0.5),
    ])
    let lines = report.table().split(separator: "\n").map(String.init)
    #expect(
      lines == [
        "name           value  unit   rival  rival value  ratio",
        "short          12346  bytes",
        "a longer name  0.123  ms     bare         0.500   0.25",
      ])
  }

  @Test("the command line knows every measurement by its name, once")
  func names() throws {
    let names = Measurements.all.map { $0.name }
    #expect(Set(names).count == names.count)
    for name in names { #expect(try HelioBench.parse(["--only", name]).only == [name]) }
    #expect(throws: (any Error).self) { try HelioBench.parse(["--only", "nothing"]) }
    #expect(throws: (any Error).self) { try HelioBench.parse(["--n", "0"]) }
    #expect(try HelioBench.parse(["--peer", "postgres", "--json"]).peer == .postgres)
  }

  @Test("the same seed gives the same inputs")
  func inputs() {
    var (one, two) = (SeededRandom(seed: 5), SeededRandom(seed: 5))
    #expect((0..<50).map { _ in one.next() } == (0..<50).map { _ in two.next() })
    var (a, b) = (SeededRandom(seed: 5), SeededRandom(seed: 5))
    #expect(BenchDesk.draft(&a) == BenchDesk.draft(&b))
    var c = SeededRandom(seed: 6)
    #expect(BenchDesk.draft(&a) != BenchDesk.draft(&c))
  }
}
