// Opens a connection for files where one is of use, beside a live session, and closes it after.

internal import Logging
internal import ReplicaCore
internal import ReplicaStore

/// The connections for files of a node.
actor BulkHub {
  /// Between two tries to reach a peer: from, up to, in milliseconds.
  private static let backoff: (first: Int64, last: Int64) = (500, 60_000)
  /// A peer that cannot dial us is called so long after something new is here, in milliseconds;
  /// one that can has called by then.
  private static let offerAfter: Int64 = 3_000
  /// Connections with one peer at a time.
  private static let perPeer = 4

  private let keeper: AttachmentKeeper
  private let table: LinkTable
  private let dialler: any BulkDialling
  private let addresses: @Sendable () -> [Slot: HostPort]
  private let now: @Sendable () -> Instant
  private let log: Logger
  private var links: [ObjectIdentifier: BulkLink] = [:]
  private var dialling: [Slot: Task<Void, Never>] = [:]
  private var waits: [Slot: (until: Instant, next: Int64)] = [:]
  private var offers: [Slot: Instant] = [:]
  /// When each live session began, so that a new one is noticed.
  private var sessions: [Slot: Instant] = [:]

  init(
    keeper: AttachmentKeeper, table: LinkTable, dialler: any BulkDialling,
    addresses: @escaping @Sendable () -> [Slot: HostPort], now: @escaping @Sendable () -> Instant,
    log: Logger
  ) {
    self.keeper = keeper
    self.table = table
    self.dialler = dialler
    self.addresses = addresses
    self.now = now
    self.log = log
  }

  /// Runs a connection that either side opened; returns when it ends.
  func run(_ channel: any BulkChannel, peer: Slot) async {
    guard table.link(to: peer) != nil, !table.isPaused(peer), count(peer) < Self.perPeer else {
      channel.close("files go only beside a live session, a few connections at a time")
      return
    }
    let link = BulkLink(
      peer: peer, channel: channel, keeper: keeper,
      isLiveBusy: { [table] in table.link(to: peer)?.isSending ?? false }, now: now, log: log)
    links[ObjectIdentifier(link)] = link
    offers[peer] = nil
    await keeper.met(peer)
    await link.run()
    links[ObjectIdentifier(link)] = nil
  }

  /// Something new is here: peers that only we can dial are to hear of it.
  func offer() {
    for link in table.links where link.dialledByUs { plan(link.peer) }
  }

  private func plan(_ peer: Slot) {
    if offers[peer] == nil { offers[peer] = now() + Self.offerAfter }
  }

  /// Dials where there is reason to, and closes what has no session beside it.
  func beat() async {
    let live = Dictionary(table.links.map { ($0.peer, $0) }, uniquingKeysWith: { $1 })
    for link in links.values where live[link.peer] == nil || table.isPaused(link.peer) {
      link.close("the session with this peer ended")
    }
    sessions = sessions.filter { live[$0.key] != nil }
    for (peer, session) in live.sorted(by: { $0.key < $1.key }) {
      if sessions[peer] != session.openedAt {
        sessions[peer] = session.openedAt
        waits[peer] = nil
        if session.dialledByUs, keeper.blobs.count > 0 { plan(peer) }
      }
      guard dialling[peer] == nil, count(peer) == 0, !table.isPaused(peer),
        (waits[peer]?.until ?? .zero) <= now()
      else { continue }
      let isOffered = offers[peer].map { $0 <= now() } ?? false
      let hasWork = await keeper.hasWork(for: peer)
      if hasWork || isOffered { dial(peer) }
    }
  }

  func stop() {
    for task in dialling.values { task.cancel() }
    for link in links.values { link.close("this node stops") }
  }

  private func count(_ peer: Slot) -> Int { links.values.count(where: { $0.peer == peer }) }

  private func dial(_ peer: Slot) {
    guard dialling[peer] == nil, let address = addresses()[peer] else { return }
    offers[peer] = nil
    dialling[peer] = Task { await self.call(peer, address) }
  }

  private func call(_ peer: Slot, _ address: HostPort) async {
    let began = now()
    do {
      try await dialler.dialBulk(address, expecting: peer) { channel in
        await self.run(channel, peer: peer)
      }
    } catch {
      log.debug("no connection for files with slot \(peer) at \(address): \(error)")
    }
    dialling[peer] = nil
    // One that ended at once was refused, or the peer does not exchange files.
    let isShort = now() - began < 1_000
    let wait = isShort ? waits[peer]?.next ?? Self.backoff.first : Self.backoff.first
    waits[peer] = (now() + wait, min(isShort ? wait * 2 : wait, Self.backoff.last))
  }
}
