// PostgreSQL 15 logical replication on the same rows: a ticket row and a history row per change.

internal import Foundation

/// What PostgreSQL reached.
struct PostgresFigures: Sendable {
  /// From the first commit at the publisher to the last one at the subscriber, a second.
  var commitsPerSecond: Double
  /// From the answer to the client until the subscriber's readers see it, in milliseconds.
  var delays: Percentiles
}

/// A publisher and a subscriber, both with fsync and `synchronous_commit = on`.
struct PostgresPair: Sendable {
  private let publisher: PostgresServer
  private let subscriber: PostgresServer

  /// Makes the pair, measures, and stops it whatever happens.
  static func measure(_ plan: BenchPlan) async throws -> PostgresFigures {
    let bench = try Workbench()
    // The servers run as another user, who must be let through to his own folders.
    try FileManager.default.setAttributes([.posixPermissions: 0o711], ofItemAtPath: bench.root)
    let publisher = try await PostgresServer.start("publisher", in: bench.root)
    do {
      let subscriber = try await PostgresServer.start("subscriber", in: bench.root)
      do {
        let figures = try await PostgresPair(publisher: publisher, subscriber: subscriber)
          .measure(plan)
        await subscriber.stop()
        await publisher.stop()
        return figures
      } catch {
        await subscriber.stop()
        throw error
      }
    } catch {
      await publisher.stop()
      throw error
    }
  }

  private func measure(_ plan: BenchPlan) async throws -> PostgresFigures {
    try await prepare(plan.tickets)
    let rate = try await rate(plan)
    let delays = try await delays(min(plan.requests, plan.changes), plan.tickets)
    return PostgresFigures(commitsPerSecond: rate, delays: Percentiles(delays))
  }

  /// The same tickets on both sides, and a subscription whose worker commits as durably.
  private func prepare(_ tickets: Int) async throws {
    let tables = """
      CREATE TABLE ticket(
        id bigint PRIMARY KEY, subject text, status text, priority text, external_id text,
        updated_ms bigint, requester_id bigint, assignee_id bigint);
      CREATE INDEX ON ticket(external_id);
      CREATE INDEX ON ticket(updated_ms);
      CREATE TABLE history(
        id bigserial PRIMARY KEY, ticket_id bigint NOT NULL, at_ms bigint NOT NULL,
        actor_id bigint NOT NULL, changes text NOT NULL);
      CREATE INDEX ON history(ticket_id);
      CREATE TABLE seen(id bigint, at_us bigint);
      INSERT INTO ticket
        SELECT i, 'printer invoice login cannot after update ' || i, 'new', 'normal', NULL, 0, 1, 1
        FROM generate_series(1, \(tickets)) i;
      VACUUM ANALYZE ticket;
      """
    for server in [publisher, subscriber] { try await server.sql(tables, seconds: 300) }
    try await publisher.sql("CREATE PUBLICATION desk FOR TABLE ticket, history;")
    try await subscriber.sql(
      """
      CREATE SUBSCRIPTION desk CONNECTION '\(publisher.connection)' PUBLICATION desk
      WITH (copy_data = false, synchronous_commit = 'on');
      """)
    // The first change through shows that the stream runs.
    try await publisher.bench(Self.change(tickets), clients: 1, transactions: 1, seconds: 30)
    try await wait(for: 1, seconds: 60)
  }

  /// One change in one transaction and one round trip.
  private static func change(_ tickets: Int) -> String {
    """
    \\set ticket random(1, \(tickets))
    \\set word random(1, 1000000)
    WITH changed AS (
      UPDATE ticket SET external_id = 'ref-' || :word::text, updated_ms = :word
      WHERE id = :ticket RETURNING id)
    INSERT INTO history(ticket_id, at_ms, actor_id, changes)
    SELECT id, :word, 1, '{"external_id":"ref-' || :word::text || '"}' FROM changed;
    """
  }

  private func rate(_ plan: BenchPlan) async throws -> Double {
    let each = max(1, plan.changes / plan.clients)
    let (count, before) = (each * plan.clients, try await rows())
    let watch = Stopwatch()
    let said = try await publisher.bench(
      Self.change(plan.tickets), clients: plan.clients, transactions: each, seconds: 300)
    try await wait(for: before + count, seconds: 300)
    return Double(count) / (watch.seconds - Self.connectingSeconds(said))
  }

  /// What pgbench's clients took to connect, by its own word: ours do not connect either.
  static func connectingSeconds(_ said: String) -> Double {
    let title = "initial connection time = "
    let line = said.split(separator: "\n").first { $0.hasPrefix(title) }
    let words = line?.dropFirst(title.count).split(separator: " ")
    return (words?.first.flatMap { Double($0) } ?? 0) / 1_000
  }

  private func rows() async throws -> Int {
    Int(try await subscriber.sql("SELECT count(*) FROM history;")) ?? 0
  }

  /// Waits inside the subscriber, so that asking costs no new process each time.
  private func wait(for count: Int, seconds: Int) async throws {
    try await subscriber.sql(
      """
      DO $$ BEGIN
        WHILE coalesce((SELECT max(id) FROM history), 0) < \(count)
          OR (SELECT count(*) FROM history) < \(count) LOOP
          PERFORM pg_sleep(0.002);
        END LOOP;
      END $$;
      """, seconds: seconds)
  }

  /// One client at a pace that lets each change arrive before the next. The publisher's side is
  /// pgbench's own log of when each commit was answered; the subscriber notes when it is visible.
  private func delays(_ count: Int, _ tickets: Int) async throws -> [Double] {
    let before = try await rows()
    let pace = 100
    let bound = count / pace + 60
    async let watching: String = subscriber.sql(
      Self.watch(from: before, to: before + count), seconds: bound)
    try await Task.sleep(for: .seconds(1))
    try await publisher.bench(
      Self.change(tickets), clients: 1, transactions: count, seconds: Double(bound),
      ["-R", "\(pace)", "-l", "--log-prefix=\(publisher.folder)/commits"])
    _ = try await watching
    let seen = try await subscriber.sql("SELECT at_us FROM seen ORDER BY id;")
      .split(separator: "\n").compactMap { Int($0) }
    let answered = try Self.answered(in: publisher.folder)
    guard seen.count == count, answered.count == count else {
      throw BenchFailure("PostgreSQL: \(answered.count) commits, \(seen.count) seen, of \(count)")
    }
    return zip(answered, seen).map { max(0, Double($1 - $0) / 1_000) }
  }

  private static func watch(from first: Int, to last: Int) -> String {
    """
    DO $$ DECLARE known bigint := \(first); newest bigint; BEGIN
      WHILE known < \(last) LOOP
        SELECT max(id) INTO newest FROM history;
        IF newest > known THEN
          INSERT INTO seen SELECT i, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint
            FROM generate_series(known + 1, newest) i;
          known := newest;
        ELSE PERFORM pg_sleep(0.0001);
        END IF;
      END LOOP;
    END $$;
    """
  }

  /// Columns of pgbench's log: client, transaction, microseconds, script, seconds, microseconds.
  private static func answered(in folder: String) throws -> [Int] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    return try names.filter { $0.hasPrefix("commits.") }.sorted().flatMap { name in
      try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8).split(separator: "\n")
        .compactMap { line -> Int? in
          let fields = line.split(separator: " ").compactMap { Int($0) }
          return fields.count >= 6 ? fields[4] * 1_000_000 + fields[5] : nil
        }
    }
  }
}
