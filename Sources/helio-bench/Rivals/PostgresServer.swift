// A throwaway PostgreSQL cluster on loopback, as durable as ours.

internal import Foundation

/// One server: made, started, asked, stopped, each within a bound.
struct PostgresServer: Sendable {
  let port: Int
  let folder: String
  private let user: [String]

  /// Where Debian's package puts the programs.
  static let programs = "/usr/lib/postgresql/15/bin"

  /// Makes a cluster below `folder` and starts it.
  static func start(_ name: String, in folder: String) async throws -> PostgresServer {
    guard FileManager.default.isExecutableFile(atPath: programs + "/initdb"),
      FileManager.default.isExecutableFile(atPath: programs + "/pgbench")
    else {
      throw BenchFailure(
        "--peer postgres needs PostgreSQL 15: install the Debian package postgresql-15")
    }
    let server = PostgresServer(
      port: try await FreePort.take(), folder: folder + "/" + name, user: try unprivileged())
    try FileManager.default.createDirectory(
      atPath: server.folder, withIntermediateDirectories: false)
    try server.own(server.folder)
    try await server.program("initdb", ["-D", server.data, "-A", "trust", "-U", "bench", "-N"], 60)
    try await server.configure()
    do {
      try await server.program(
        "pg_ctl", ["-D", server.data, "-l", server.folder + "/log", "-w", "-t", "30", "start"], 45)
    } catch {
      // It may have come up all the same.
      await server.stop()
      throw error
    }
    return server
  }

  private var data: String { folder + "/data" }

  /// What a subscriber connects with.
  var connection: String { "host=127.0.0.1 port=\(port) user=bench dbname=postgres" }

  /// Stops it, without waiting for its clients.
  func stop() async {
    _ = try? await program("pg_ctl", ["-D", data, "-m", "immediate", "-w", "-t", "20", "stop"], 30)
  }

  /// Runs SQL; the rows come back unaligned. The server ends a statement that takes too long, and
  /// if it does not, we end the client.
  @discardableResult
  func sql(_ text: String, seconds: Int = 60) async throws -> String {
    let found = try await program(
      "psql",
      connecting + ["-d", "postgres", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"],
      Double(seconds) + 5, input: "SET statement_timeout = '\(seconds)s';\n" + text + "\n")
    return found.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Runs a pgbench script of so many transactions a client.
  @discardableResult
  func bench(
    _ script: String, clients: Int, transactions: Int, seconds: Double, _ more: [String] = []
  ) async throws -> String {
    let path = folder + "/script.sql"
    try script.write(toFile: path, atomically: true, encoding: .utf8)
    try own(path)
    return try await program(
      "pgbench",
      connecting + [
        "-n", "-M", "prepared", "-c", "\(clients)", "-j", "\(min(2, clients))", "-t",
        "\(transactions)", "-f", path,
      ] + more + ["postgres"], seconds)
  }

  private var connecting: [String] { ["-h", "127.0.0.1", "-p", "\(port)", "-U", "bench"] }

  private func configure() async throws {
    let settings = """
      listen_addresses = '127.0.0.1'
      port = \(port)
      unix_socket_directories = ''
      wal_level = logical
      fsync = on
      synchronous_commit = on
      full_page_writes = on
      max_connections = 200

      """
    let path = data + "/postgresql.auto.conf"
    try settings.write(toFile: path, atomically: true, encoding: .utf8)
    try own(path)
  }

  @discardableResult
  private func program(
    _ name: String, _ arguments: [String], _ seconds: Double, input: String? = nil
  ) async throws -> String {
    try await Subprocess.run(
      user + ["\(Self.programs)/\(name)"] + arguments, seconds: seconds, in: folder, input: input)
  }

  /// PostgreSQL refuses to run as root.
  private static func unprivileged() throws -> [String] {
    guard geteuid() == 0 else { return [] }
    guard getpwnam("postgres") != nil else {
      throw BenchFailure("there is no user postgres; install the Debian package postgresql-15")
    }
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]
  }

  private func own(_ path: String) throws {
    guard geteuid() == 0, let entry = getpwnam("postgres") else { return }
    guard chown(path, entry.pointee.pw_uid, entry.pointee.pw_gid) == 0 else {
      throw BenchFailure("\(path) cannot be given to the user postgres")
    }
  }
}
