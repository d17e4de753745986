// What a store must be told when it is opened.

internal import Foundation
internal import HelpdeskDomain
package import ReplicaCore

/// Where a ticket belongs, read from its placement register; indexed so that boards are quick.
package struct DerivedPlacement: Hashable, Sendable {
  package var group: RowID?
  package var home: OfficeID
  /// False: it stays at home.
  package var movesOn: Bool
  /// When a staying ticket wakes; nil: not by itself.
  package var wakeAt: Instant?

  package init(group: RowID?, home: OfficeID, movesOn: Bool, wakeAt: Instant? = nil) {
    self.group = group
    self.home = home
    self.movesOn = movesOn
    self.wakeAt = wakeAt
  }
}

/// How a store is opened.
package struct StoreOptions: Sendable {
  /// What a commit waits for.
  package enum Durability: Sendable {
    /// `synchronous=FULL`: an acknowledged write survives power loss.
    case full
    /// Nothing: for the simulator, whose disk is simulated.
    case simulated
  }

  /// What is checked before the store is given out.
  package enum Check: Sendable {
    /// SQLite's quick_check, and the tail of each replica's chain.
    case quick
    /// Only the tails.
    case tails
  }

  /// The data directory; made where it is missing (mode 0700).
  package var directory: String
  package var schema: Schema
  package var durability: Durability = .full
  package var check: Check = .quick
  /// Wall time, for what is local to this node (when a delta was applied).
  package var now: @Sendable () -> Instant
  /// The free bytes of the directory's volume; nil where the system does not say.
  package var freeBytes: @Sendable (_ directory: String) -> Int64? = { FreeSpace.bytes(at: $0) }
  /// Parses a ticket's placement; nil where it has none. It must be pure.
  package var placement: @Sendable (RowState) -> DerivedPlacement?

  package init(
    directory: String, schema: Schema = Desk.schema,
    now: @escaping @Sendable () -> Instant = StoreOptions.systemTime,
    placement: @escaping @Sendable (RowState) -> DerivedPlacement? = { _ in nil }
  ) {
    self.directory = directory
    self.schema = schema
    self.now = now
    self.placement = placement
  }

  /// The machine's clock.
  package static let systemTime: @Sendable () -> Instant = {
    Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
  }

  var databasePath: String { directory + "/heliotrope.sqlite" }
}
