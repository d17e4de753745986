// A rival that did less than it says would make every ratio a lie.

import Foundation
import HelpdeskDomain
import ReplicaCore
import Testing

@testable import helio_bench

@Suite(.serialized) struct RivalTests {
  @Test("bare SQLite is as durable as ours, and keeps every type of value")
  func durable() throws {
    let bench = try Workbench()
    let database = try BareDatabase(bench.path("a.sqlite"))
    #expect(try database.rows("PRAGMA synchronous") == [[.integer(2)]])
    #expect(try database.rows("PRAGMA journal_mode") == [[.text("wal")]])
    try database.run("CREATE TABLE t(a, b, c, d)")
    let row: [Value] = [.null, .integer(-7), .text("téléphone 电话"), .bytes([0, 255, 0])]
    try database.transaction { try database.run("INSERT INTO t VALUES (?, ?, ?, ?)", row) }
    #expect(try database.rows("SELECT * FROM t") == [row])
    #expect(throws: BenchFailure.self) { try database.run("INSERT INTO missing VALUES (1)") }
  }

  @Test("bare SQLite ends with the very rows that the store wrote, in as many transactions")
  func replay() async throws {
    let bench = try Workbench()
    let directory = bench.path("paris")
    try await BenchNode.found(in: directory)
    let filling = try await BenchNode.start(directory)
    let desk = try await BenchDesk.fill(filling.node, tickets: 20, seed: 1)
    await filling.stop()
    let rival = try bench.copy(filling.database, to: "rival.sqlite")
    let before = try RecordedLog.last(rival)

    let measured = try await BenchNode.start(directory)
    var updates = Updates(of: desk.tickets, seed: 2)
    try await Clients.submit(updates.take(40), by: 8, at: measured.node, as: desk.agent)
    await measured.stop()
    let recorded = try RecordedLog.read(measured.database, after: before)
    #expect(recorded.count >= 40)
    #expect(recorded.groups.count >= 5)
    #expect(recorded.groups.allSatisfy { !$0.isEmpty })
    _ = try BareReplay.seconds(recorded, in: rival)

    let (ours, theirs) = (try BareDatabase(measured.database), try BareDatabase(rival))
    for query in [
      "SELECT * FROM log ORDER BY apply_no", "SELECT * FROM subject ORDER BY entity, id, apply_no",
      "SELECT id, external_id, updated_ms, applied_no FROM ticket ORDER BY id",
    ] {
      #expect(try ours.rows(query) == theirs.rows(query), "\(query)")
    }
  }

  @Test("plain tables hold the same rows, and a history row for each row that a delta changed")
  func plain() async throws {
    let bench = try Workbench()
    let directory = bench.path("paris")
    try await BenchNode.found(in: directory)
    let running = try await BenchNode.start(directory)
    _ = try await BenchDesk.fill(running.node, tickets: 10, seed: 1)
    await running.stop()
    try PlainTables.write(of: running.database, to: bench.path("plain.sqlite"))
    let (ours, theirs) = (
      try BareDatabase(running.database), try BareDatabase(bench.path("plain.sqlite"))
    )
    for query in [
      "SELECT id, subject, priority, requester_id FROM ticket ORDER BY id",
      "SELECT id, body FROM comment ORDER BY id",
    ] {
      #expect(try ours.rows(query) == theirs.rows(query), "\(query)")
    }
    let ticket = Int64(Desk.ticket.rawValue)
    let logged = try ours.rows("SELECT count(*) FROM subject WHERE entity = \(ticket)")
    let kept = try theirs.rows(
      "SELECT count(*) FROM history WHERE row_id IN (SELECT id FROM ticket)")
    #expect(logged == kept)
  }

  @Test("a program that does not end is ended, and one that fails says why")
  func bounded() async throws {
    let bench = try Workbench()
    let watch = Stopwatch()
    await #expect(throws: BenchFailure.self) {
      try await Subprocess.run(["sleep", "30"], seconds: 0.2, in: bench.root)
    }
    #expect(watch.seconds < 10)
    let failed = await #expect(throws: BenchFailure.self) {
      try await Subprocess.run(["sh", "-c", "echo no >&2; exit 3"], seconds: 10, in: bench.root)
    }
    #expect(failed?.description.contains("3: no") == true)
    let said = try await Subprocess.run(["cat"], seconds: 10, in: bench.root, input: "hello")
    #expect(said == "hello")
  }

  @Test("a program inherits no open file: a listener's port would stay taken while it runs")
  func inheritsNothing() async throws {
    let bench = try Workbench()
    let file = open("/dev/null", O_RDONLY)
    let held = fcntl(file, F_DUPFD, 200)
    defer { [file, held].forEach { close($0) } }
    try #require(held >= 200)
    let said = try await Subprocess.run(
      ["sh", "-c", "ls /proc/$$/fd"], seconds: 10, in: bench.root)
    #expect(said.split(separator: "\n") == ["0", "1", "2"])
  }

  @Test("the time in which pgbench's clients connect is read from its own words")
  func connecting() {
    let said = """
      latency average = 3.1 ms
      initial connection time = 87.500 ms
      tps = 5120.1 (without initial connection time)
      """
    #expect(PostgresPair.connectingSeconds(said) == 0.0875)
    #expect(PostgresPair.connectingSeconds("") == 0)
  }

  @Test("an office's hour is the zone's, across its change of clocks")
  func hour() throws {
    // 2026-03-28 12:00 UTC; the next 09:00 in Paris is after the change, at 07:00 UTC.
    let noon: Int64 = 1_774_699_200
    #expect(try OfficeHour.next(9, in: "Europe/Paris", after: noon) == noon + 19 * 3_600)
    #expect(throws: BenchFailure.self) { try OfficeHour.next(9, in: "No/Where", after: noon) }
  }
}
