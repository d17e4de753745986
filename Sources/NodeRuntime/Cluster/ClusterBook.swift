// The node's view of its cluster: membership log and invites, kept in the replica's database.

package import ClusterTrust
package import HelpdeskDomain
package import ReplicaCore
internal import Synchronization

/// Where the book's bytes are kept; written in one transaction.
package protocol BookStorage: Sendable {
  /// Runs a change of the book; both values are committed together, or none.
  func saveBook(membership: [UInt8], invites: [UInt8]) async throws
}

/// Membership log and invites behind one lock, for TLS callbacks that cannot wait.
package final class ClusterBook: Sendable, MembershipAccess {
  private struct State {
    var log: MembershipLog
    var invites: InviteBook
    var guardian = TokenGuard()
  }

  private let state: Mutex<State>
  /// One change at a time, from the decision to the commit.
  private let turn = AsyncTurn()
  private let storage: any BookStorage
  /// Told after every change of the membership log.
  private let changed: @Sendable (Membership) -> Void

  package init(
    log: MembershipLog, invites: InviteBook, storage: any BookStorage,
    changed: @escaping @Sendable (Membership) -> Void
  ) {
    state = Mutex(State(log: log, invites: invites))
    self.storage = storage
    self.changed = changed
  }

  package var membership: Membership { state.withLock { $0.log.membership } }
  package var log: MembershipLog { state.withLock { $0.log } }
  package var invites: InviteBook { state.withLock { $0.invites } }
  package var membershipDigest: Digest { state.withLock { $0.log.digest } }
  package var membershipRecords: [[UInt8]] {
    state.withLock { $0.log.missing(from: []).map(\.encoded) }
  }

  /// Changes log and invites: `body` works on copies, which count once they are committed.
  package func change<T: Sendable>(
    _ body: @Sendable (inout MembershipLog, inout InviteBook) throws -> T
  ) async throws -> T {
    try await turn.take { [self] in
      var (log, invites) = state.withLock { ($0.log, $0.invites) }
      let before = log.digest
      let result = try body(&log, &invites)
      try await storage.saveBook(membership: log.encoded, invites: invites.encoded)
      let (newLog, newInvites) = (log, invites)
      state.withLock {
        $0.log = newLog
        $0.invites = newInvites
      }
      if newLog.digest != before { changed(newLog.membership) }
      return result
    }
  }

  package func mergeMembership(_ records: [[UInt8]]) async -> Bool {
    let decoded = records.compactMap { try? MembershipRecord(encoded: $0) }
    let known = state.withLock { Set($0.log.hashes) }
    guard decoded.contains(where: { !known.contains($0.hash) }) else { return false }
    let merge = try? await change { log, _ in log.merge(decoded) }
    return !(merge?.added.isEmpty ?? true)
  }

  /// Whether an address may try another token now.
  package func mayTryToken(from address: String, now: Instant) -> Bool {
    state.withLock { $0.guardian.allows(address, now: now) }
  }

  /// The offices as the domain needs them.
  package var officeFacts: OfficeFacts {
    let (membership, records) = state.withLock { ($0.log.membership, $0.log.records.count) }
    return OfficeFacts(
      order: membership.offices.map(\.code),
      active: Set(membership.offices.filter(\.isActive).map(\.code)),
      slots: Dictionary(
        membership.members.map { ($0.slot, $0.office) }, uniquingKeysWith: { first, _ in first }),
      records: records)
  }
}
