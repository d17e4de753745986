// What a node does by itself: keep links, index, announce, record what was seen, tidy.

internal import AgentAPI
internal import ClusterTrust
internal import Foundation
internal import HelpdeskDomain
internal import Logging
internal import ReplicaCore
internal import ReplicaStore
internal import SyncTransport
internal import Synchronization

/// The background work of a node, driven by signals and a slow beat.
final class Upkeep: Sendable {
  /// Between two beats, in milliseconds.
  private static let beat: Int64 = 1_000
  private static let seenEvery: Int64 = 5_000
  /// How long a removed peer has to take in why, in milliseconds.
  private static let farewell: Int64 = 1_000
  private static let tidyEvery: Int64 = 60_000

  private let parts: NodeParts
  private let hub: PeerHub
  private let signals: NodeSignals
  private let snapshots: SnapshotDesk
  private let feed: DeskFeed
  private let notices: NoticeDesk
  private let log: Logger
  private let told = Mutex<Int64>(0)
  private let toldMembership = Mutex<Digest?>(nil)

  init(
    parts: NodeParts, hub: PeerHub, signals: NodeSignals, snapshots: SnapshotDesk,
    feed: DeskFeed, notices: NoticeDesk, log: Logger
  ) {
    self.parts = parts
    self.hub = hub
    self.signals = signals
    self.snapshots = snapshots
    self.feed = feed
    self.notices = notices
    self.log = log
    told.withLock { $0 = parts.store.appliedNumber }
  }

  func run() async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.listen() }
      group.addTask { await self.index() }
      group.addTask { await self.beats() }
      group.addTask { await self.notices.run() }
      await group.waitForAll()
    }
  }

  // MARK: Signals

  private func listen() async {
    for await signal in signals.stream {
      switch signal {
      case .committed:
        parts.attachments.nudge()
        await tellFeed()
        notices.wake()
      case .membershipChanged: await refresh()
      case .peerNoted(let peer, .peerState(_, equal: true)): await firstEqual(peer)
      case .peerNoted: break
      case .foundBeyondSeal(let dot): await growSeal(to: dot)
      }
    }
  }

  /// Brings links, standing and addresses in line with the membership log.
  func refresh() async {
    tellMembership()
    let membership = parts.book.membership
    parts.standing.set(standing())
    let removed = membership.members.filter { !$0.isActive && $0.slot != parts.own }
    if removed.contains(where: { parts.table.link(to: $0.slot) != nil }) {
      // The removed node is told why: its session sends the records, then says BYE.
      for member in removed { await hub.close(member.slot, .removed) }
      try? await Task.sleep(for: .milliseconds(Self.farewell))
    }
    closeForeignLinks()
    let announced = (try? await announcements()) ?? [:]
    var addresses: [Slot: HostPort] = [:]
    var targets: [PeerTarget] = []
    for member in membership.active where member.slot != parts.own {
      let name = member.node.rawValue
      let text =
        parts.configuration.peers[name] ?? announced[member.slot]
        ?? parts.configuration.seeds[name]
      guard let text, let address = try? HostPort(text, option: "peers") else { continue }
      addresses[member.slot] = address
      targets.append(PeerTarget(slot: member.slot, name: name, address: address))
    }
    parts.addressBook.set(addresses)
    await hub.keep(parts.standing.readOnly == nil ? targets : [])
  }

  /// Peers are told of a new state of the membership log. The beat looks too: of many signals at once
  /// some are dropped.
  private func tellMembership() {
    let digest = parts.book.membershipDigest
    let isNew = toldMembership.withLock { told in
      defer { told = digest }
      return told != digest
    }
    if isNew { parts.table.tell(.membershipChanged) }
  }

  /// Closes links whose key was a member's and is not any more. Joiners have unknown keys: their
  /// links end by themselves.
  private func closeForeignLinks() {
    parts.transport.links.closeAll(reason: "the peer is no member any more") {
      [book = parts.book] peer in
      guard case .refused(let refusal) = book.membership.verdict(for: peer.leaf) else {
        return false
      }
      switch refusal {
      case .removed, .retiredKey, .voidAdmission: return true
      case .certificate, .otherCluster, .unknownKey, .nameMismatch: return false
      }
    }
  }

  /// Why this node may not write; nil where it may.
  func standing() -> String? {
    do throws(ServeRefusal) {
      _ = try parts.book.membership.mayServe(key: parts.key.publicKey, slot: parts.own)
      return nil
    } catch { return error.message }
  }

  private func announcements() async throws -> [Slot: String] {
    try await parts.store.read { view in
      var found: [Slot: String] = [:]
      for (id, row) in try view.rows(Desk.site) {
        if let text = row.value(SiteColumn.peerAddress).text { found[id.slot] = text }
      }
      return found
    }
  }

  /// How many deltas a new node had to replay after its snapshot.
  private func firstEqual(_ peer: Slot) async {
    let store = parts.store
    let record = try? await store.read { view -> BootstrapRecord? in
      guard let bytes = try view.local(BookKeys.bootstrap)?.bytes else { return nil }
      return try JSONDecoder().decode(BootstrapRecord.self, from: Data(bytes))
    }
    guard var record = record ?? nil, record.replayed == nil else { return }
    record.replayed = store.deltaCount - record.deltas
    let (chunks, resumed, replayed) = (record.chunks, record.resumed, record.replayed ?? 0)
    guard let bytes = try? JSONEncoder().encode(record) else { return }
    try? await store.write { $0.setLocal(BookKeys.bootstrap, .bytes([UInt8](bytes))) }
    log.notice(
      "bootstrap complete: equal to slot \(peer)",
      metadata: [
        "chunks": "\(chunks)", "resumed": "\(resumed)", "replayed_deltas": "\(replayed)",
      ])
  }

  // MARK: Events

  private func tellFeed() async {
    let from = told.withLock { $0 }
    let to = parts.store.appliedNumber
    guard to > from else { return }
    told.withLock { $0 = to }
    guard feed.isWatched else { return }
    await feed.tell(of: parts.store, after: from, upTo: to)
  }

  // MARK: Beats

  private func index() async {
    var failure = ""
    while !Task.isCancelled {
      do {
        if try await indexSome() == 0 { try? await Task.sleep(for: .milliseconds(200)) }
        failure = ""
      } catch {
        if !Task.isCancelled, "\(error)" != failure {
          failure = "\(error)"
          log.error("nothing new can be searched for: \(failure)")
        }
        try? await Task.sleep(for: .seconds(10))
      }
    }
  }

  /// A look on a read-only connection first: an idle node leaves the writer alone.
  private func indexSome() async throws -> Int {
    guard try await parts.store.read({ try $0.searchLag().rows }) > 0 else { return 0 }
    return try await parts.store.indexPending(limit: 500)
  }

  private func beats() async {
    var sinceSeen = Self.seenEvery
    var sinceTidy: Int64 = 0
    await announce()
    while !Task.isCancelled {
      try? await Task.sleep(for: .milliseconds(Self.beat))
      sinceSeen += Self.beat
      sinceTidy += Self.beat
      if let marks = parts.presence.outgoing(now: parts.clock.now) {
        parts.table.tell(.presence(marks))
      }
      if sinceSeen >= Self.seenEvery {
        sinceSeen = 0
        await recordSeen()
        await refresh()
        await parts.accounts.beat(parts.book, own: parts.own, status: parts.table.status)
        await notices.lookAtAlarms()
      }
      if sinceTidy >= Self.tidyEvery {
        sinceTidy = 0
        await snapshots.tidy()
        await notices.tidy()
      }
    }
  }

  private var nodeItself: Actor {
    Actor(
      user: .none, role: .admin, office: OfficeID(parts.configuration.office), authority: nil,
      via: .system)
  }

  private func announce() async {
    let configuration = parts.configuration
    let listen = try? HostPort(configuration.apiListen, option: "api_listen")
    let command = DeskCommand.announceSite(
      peerAddress: configuration.peerAddress,
      apiURL: APIServing.url(configuration, port: listen?.port ?? 0))
    do { _ = try await parts.door.submit(command, as: nodeItself) } catch {
      log.warning("the node's address could not be announced: \(error)")
    }
  }

  /// A seal covers all that an active member had applied: the signed head that such a member
  /// relays is the proof. Claimed vectors are none: a false one would give a removed node rights.
  private func growSeal(to dot: Dot) async {
    let membership = parts.book.membership
    guard membership.issuer(parts.key.publicKey)?.isActive == true,
      case .removed(let seal)? = membership.member(dot.slot)?.state, dot.seq > seal
    else { return }
    let (key, now) = (parts.key, parts.clock.now)
    do {
      _ = try await parts.book.change { log, _ in
        try log.remove(slot: dot.slot, seal: dot.seq, by: key, at: now)
      }
    } catch { log.warning("the seal of slot \(dot.slot) could not grow: \(error)") }
  }

  /// Whether a ticket is in transit to this office in a slot that it accepted: without one there
  /// is nothing to say, and two nodes of one office would answer each other for ever.
  private func isAwaited() async -> Bool {
    let (office, now) = (OfficeID(parts.configuration.office), parts.clock.rosterNow)
    let awaited = try? await parts.duty.read { duty in
      try duty.groups().contains { group in
        let view = duty.ownership(group.id, at: now)
        guard view.slot.office == office, view.board.acceptance != nil else { return false }
        return try !duty.unseen(group.id, view).isEmpty
      }
    }
    return awaited ?? false
  }

  /// At most one entry a minute, and none where nothing waits for it.
  private func recordSeen() async {
    guard parts.standing.readOnly == nil, parts.clock.drift == nil, await isAwaited() else {
      return
    }
    do { _ = try await parts.door.submit(.recordSeen, as: nodeItself) } catch {
      log.debug("nothing was recorded as seen: \(error)")
    }
  }
}
