// How the node opens its store.

internal import HelpdeskDomain
internal import ReplicaCore
internal import ReplicaStore

extension StoreOptions {
  /// The store of a data directory, with the ticket placements of the domain.
  static func node(_ directory: DataDirectory) -> StoreOptions {
    StoreOptions(
      directory: directory.path,
      placement: { row in
        guard let placement = Placement(row.value(TicketColumn.placement)) else { return nil }
        return DerivedPlacement(
          group: placement.group, home: placement.home, movesOn: placement.mode == .movesOn,
          wakeAt: placement.wake)
      })
  }
}

/// Names of the node's own values in the store; they leave in no snapshot.
enum BookKeys {
  static let membership = "membership"
  static let invites = "invites"
  /// JSON of ``BootstrapRecord``.
  static let bootstrap = "bootstrap"
}
