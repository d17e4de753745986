// Keeps the cluster book in the replica's database, so that it commits like everything else.

internal import ClusterTrust
internal import ReplicaCore
internal import ReplicaStore

/// Book values in the store's local table.
struct StoreBookStorage: BookStorage {
  var store: ReplicaStore

  func saveBook(membership: [UInt8], invites: [UInt8]) async throws {
    try await store.write { transaction in
      transaction.setLocal(BookKeys.membership, .bytes(membership))
      transaction.setLocal(BookKeys.invites, .bytes(invites))
    }
  }

  /// The book as it was last committed.
  static func load(from store: ReplicaStore) async throws -> (MembershipLog, InviteBook) {
    let (log, invites) = try await store.read { view in
      (
        try view.local(BookKeys.membership)?.bytes,
        try view.local(BookKeys.invites)?.bytes
      )
    }
    guard let log else {
      throw NodeError(
        .notInitialized, "the database holds no membership log",
        hint: "The data directory is not whole; restore it from a backup or join again.")
    }
    return (
      try MembershipLog(encoded: log),
      try invites.map { try InviteBook(encoded: $0) } ?? InviteBook()
    )
  }
}
