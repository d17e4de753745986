// A run sends whole incidents in order, names bad lines, and stops where the file or node fails.

internal import Synchronization
internal import Testing

@testable internal import helio

@Suite struct ImportRunTests {
  /// Keeps what a run sent, and answers as a node that creates what is new.
  private final class Node: Sendable {
    let batches = Mutex<[IncidentBatch]>([])
    let failsAt: Int?

    init(failsAt: Int? = nil) { self.failsAt = failsAt }

    @Sendable func take(_ batch: IncidentBatch) async throws(Failure) -> JSON {
      let count = batches.withLock { batches in
        batches.append(batch)
        return batches.count
      }
      if count == failsAt { throw Failure(.failed, "The disk is full.", hint: "Free space.") }
      return [
        "import": [
          "created": JSON(Int64(Set(batch.rows.map(\.number)).count)), "updated": 0,
          "unchanged": 0, "bad": [],
        ]
      ]
    }

    var lines: [Int] { batches.withLock { $0.flatMap { $0.rows.map(\.line) } } }
    var sizes: [Int] { batches.withLock { $0.map(\.rows.count) } }
  }

  private func file(_ text: String) throws -> IncidentFile {
    try IncidentFile(
      MemorySource([[UInt8](text.utf8)]), size: Int64(text.utf8.count), name: "log.csv")
  }

  /// A log of incidents with this many rows each.
  private func log(_ counts: [Int]) -> String {
    var text = "number,state\n"
    for (index, count) in counts.enumerated() {
      for row in 0..<count { text += "INC\(index),\(row)\n" }
    }
    return text
  }

  @Test func rowsArriveInOrderWithTheirLinesAndTheirNames() async throws {
    let node = Node()
    var run = ImportRun(
      file: try file("number,state\nINC1,\"a\nb\"\nINC1,c\nINC2,d"), source: "log.csv",
      officeMap: ["Group 1": "paris"], send: node.take)
    try await run.run()
    #expect(node.lines == [2, 4, 5])
    let batch = try #require(node.batches.withLock { $0.first })
    #expect(batch.source == "log.csv")
    #expect(batch.officeMap == ["Group 1": "paris"])
    #expect(batch.rows[0].values == ["number": "INC1", "state": "a\nb"])
    #expect(run.summary.rows == 3)
    #expect(run.summary.incidents == 2)
    #expect(run.summary.created == 2)
  }

  @Test func anIncidentIsNeverCutInTwo() async throws {
    let node = Node()
    var run = ImportRun(file: try file(log([300, 150, 100, 600, 1])), source: "x", send: node.take)
    try await run.run()
    #expect(node.sizes == [450, 100, 600, 1])
    #expect(node.lines == Array(2...1_152))
  }

  @Test func anIncidentThatIsTooLongIsNamedLineByLine() async throws {
    let node = Node()
    var run = ImportRun(
      file: try file(log([1, IncidentBatch.mostRows + 1, 1])), source: "x", send: node.take)
    try await run.run()
    #expect(node.lines == [2, IncidentBatch.mostRows + 4])
    #expect(run.summary.bad.count == IncidentBatch.mostRows + 1)
    #expect(run.summary.bad.first?.line == 3)
  }

  @Test func badLinesDoNotStopTheRest() async throws {
    let node = Node()
    var run = ImportRun(
      file: try file("number,state\nINC1\nINC2,b\n,c\nIN\"C,d\nINC2,e\nINC3,f\nINC2,g\n"),
      source: "x", send: node.take)
    try await run.run()
    #expect(node.lines == [3, 6, 7])
    #expect(run.summary.bad.map(\.line) == [2, 4, 5, 8])
    #expect(run.summary.bad.last?.reason.contains("stand together") == true)
  }

  @Test func theLimitCountsIncidents() async throws {
    let node = Node()
    var run = ImportRun(file: try file(log([2, 3, 4])), source: "x", limit: 2, send: node.take)
    try await run.run()
    #expect(node.lines == [2, 3, 4, 5, 6])
    #expect(run.summary.incidents == 2)
  }

  @Test func aSecondRunGoesOnAfterTheKeptLine() async throws {
    let node = Node(failsAt: 2)
    let kept = Mutex(0)
    var first = ImportRun(
      file: try file(log([400, 400, 400])), source: "x", send: node.take,
      keep: { line in kept.withLock { $0 = line } })
    await #expect(throws: Failure.self) { try await first.run() }
    #expect(first.summary.rows == 400)
    #expect(first.summary.stopped == "The disk is full.")
    let line = kept.withLock(\.self)
    #expect(line == 401)

    let mended = Node()
    var second = ImportRun(
      file: try file(log([400, 400, 400])), source: "x", after: line, send: mended.take)
    try await second.run()
    #expect(mended.lines == Array(402...1_201))
    #expect(second.summary.skipped == 400)
  }

  @Test func whatWasBeforeABreakInTheFileIsSent() async throws {
    let node = Node()
    let text = [UInt8](log([2, 2]).utf8)
    // The members before the cut are whole; the last one is not.
    let packed = gzip(text) + gzip(Array("INC2,0\nINC3,1\n".utf8)).prefix(12)
    let source = try GzipSource(MemorySource([packed]), name: "log.gz")
    var run = ImportRun(
      file: try IncidentFile(source, size: Int64(packed.count), name: "log.gz"), source: "x",
      send: node.take)
    await #expect(throws: Failure.self) { try await run.run() }
    // INC1 may go on behind the break, so only INC0 is known to be whole.
    #expect(node.lines == [2, 3])
    #expect(run.summary.stopped?.contains("breaks off") == true)
  }

  @Test(arguments: ["", "a,b\n", "number,x,number\n", "\"number\n"])
  func aFileWithoutAUsableHeaderIsRefused(text: String) {
    #expect(throws: Failure.self) { try file(text) }
  }

  @Test func officeMapsAreReadAndChecked() throws {
    #expect(
      try OfficeMap.read("Group 70=paris, a=b=tokyo") == ["Group 70": "paris", "a=b": "tokyo"])
    for wrong in ["Group 70", "=paris", "Group 70=Paris", "G=paris,G=tokyo"] {
      #expect(throws: Failure.self) { try OfficeMap.read(wrong) }
    }
  }
}
