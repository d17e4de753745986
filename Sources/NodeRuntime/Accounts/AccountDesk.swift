// Everything about accounts that a node keeps beside the replica, and its part of the beat.

internal import AgentAPI
internal import ClusterTrust
internal import HelpdeskDomain
internal import ReplicaCore
internal import ReplicaStore

/// The parts of a node that deal with who may come in.
struct AccountDesk: Sendable {
  /// A hundred years, in hours.
  private static let longestGrace = 876_000
  /// Between two looks at what the log says of other offices, in milliseconds.
  private static let lookEvery: Int64 = 60_000

  let accounts: AgentAccounts
  let passwords: PasswordDesk
  let uses: TokenUse
  let grace: SignInGrace
  private let late = LateBook()
  private let store: ReplicaStore
  private let now: @Sendable () -> Instant

  init(
    store: ReplicaStore, office: OfficeID, graceHours: Int, now: @escaping @Sendable () -> Instant
  ) async {
    self.store = store
    self.now = now
    let passwords = PasswordDesk()
    let uses = TokenUse(store: store)
    let hours = Int64(min(max(0, graceHours), Self.longestGrace))
    let grace = SignInGrace(
      length: hours * 3_600_000, record: await SignInGrace.load(from: store))
    accounts = AgentAccounts(
      AgentAccounts.Parts(
        store: store, office: { office }, now: now, passwords: passwords, uses: uses,
        grace: grace),
      guarding: await AgentAccounts.load(from: store))
    self.passwords = passwords
    self.uses = uses
    self.grace = grace
  }

  /// Called every few seconds: what was heard of others, and what a restart should not forget.
  func beat(_ book: ClusterBook, own: Slot, status: [Slot: PeerStatus]) async {
    let now = now()
    let others = Self.others(book.membership, own: own)
    let links = others.compactMap { status[$0]?.heardAt }.max()
    // Others may be heard of through a third node only; the log knows, and is asked where links
    // have been silent.
    let isSilent = links.map { now - $0 > Self.lookEvery } ?? true
    var heard = links
    if isSilent, let log = try? await store.read({ try $0.lastStamp(of: others) }) {
      heard = max(links ?? log, log)
    }
    grace.look(others: !others.isEmpty, heard: heard, now: now)
    await grace.save(to: store, now: now)
    await accounts.save()
    await uses.flush()
    if late.isDue(now, every: Self.lookEvery) { await lookForLate() }
  }

  /// Looks for accounts that somebody gave out who had been disabled by then.
  func lookForLate() async {
    guard let found = try? await store.read({ try $0.lateAccounts() }) else { return }
    late.set(found)
  }

  /// What a person must look at.
  func alarms() -> [AlarmReport] {
    [grace.alarm(now: now())].compactMap(\.self) + late.alarms
  }

  /// Nodes of other offices: whoever is disabled is disabled there. In a cluster of one office, its
  /// other nodes.
  static func others(_ membership: Membership, own: Slot) -> [Slot] {
    let active = membership.active.filter { $0.slot != own }
    let office = membership.member(own)?.office
    let foreign = active.filter { $0.office != office }
    return (foreign.isEmpty ? active : foreign).map(\.slot)
  }
}
