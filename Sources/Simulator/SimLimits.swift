// The sizes and times of a simulated run, in one place.

/// What one seed does at most, and how long things take in virtual milliseconds.
enum SimLimits {
  /// A run lasts at least so long before the liveness phase.
  static let duration: Int64 = 25 * 3_600_000
  /// Commands of agents in one seed; those of leads and nodes come on top.
  static let commands = 500
  /// Every so many seeds, all replicas of one are SQLite stores.
  static let storeEvery: UInt64 = 4
  /// After a heal, links may take so long to be dialled.
  static let dialling: Int64 = 10_000
  /// Then delta sets must be equal within this time (invariant 4).
  static let liveness: Int64 = 30_000
  /// A blocked direction that opens again within this time retransmits; a longer block kills it.
  static let retransmission: Int64 = 12_000
  /// Between two looks at ownership while links are up.
  static let observeEvery: Int64 = 70_000
  /// Tickets looked at per node and look.
  static let observedTickets = 6
  /// From so many seeds on, every `sometimes` counter must have fired.
  static let seedsForSometimes = 100
  /// A wall clock that jumps by more is not trusted (the node's own rule).
  static let clockTolerance: Int64 = 5_000
}
