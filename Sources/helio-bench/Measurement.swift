// The common shape of everything that is measured.

/// One measurement: it sets its own scene in a folder that goes with it, and returns its rows.
protocol Measurement: Sendable {
  /// The name that `--only` takes.
  static var name: String { get }
  /// What it measures, in one line.
  static var summary: String { get }

  init()

  /// Throws where the scene cannot be set or the figures would be of something else.
  func run(_ plan: BenchPlan) async throws -> [BenchRow]
}

/// How much to measure.
struct BenchPlan: Sendable {
  /// Tickets that the desk holds.
  var tickets: Int
  /// Changes of a measurement that takes a row rate.
  var changes: Int
  /// Clients at a time, where many are meant.
  var clients = 64
  /// Requests of one kind of which percentiles are taken.
  var requests = 1_000
  /// Seconds that an idle link is watched.
  var idleSeconds = 60
  var seed: UInt64 = 1
  /// Another system to measure beside ours.
  var peer: PeerSystem?

  init(tickets: Int) {
    self.tickets = tickets
    changes = min(20_000, max(200, tickets * 2))
  }
}

/// Why there is no figure.
struct BenchFailure: Error, CustomStringConvertible {
  var description: String

  init(_ description: String) { self.description = description }
}
