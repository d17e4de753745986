// A node: every part built in dependency order, then run until it is told to stop.

internal import AgentAPI
internal import ClusterTrust
internal import Foundation
internal import HelpdeskDomain
package import Logging
internal import ReplicaCore
internal import ReplicaStore
internal import SyncTransport

/// One running node over one data directory.
package final class Node: Sendable {
  let parts: NodeParts
  let gate: ReplicaGate
  private let hub: PeerHub
  private let upkeep: Upkeep
  private let listener: PeerListener
  private let server: AgentServer
  private let joins: JoinDesk
  private let feed: DeskFeed
  private let log: Logger
  private let apiPort: PortBox

  /// Builds the node: settings, key, store (lock, checks), membership, transport, links, API.
  /// Throws ``NodeError``; nothing serves yet when this returns.
  package static func open(
    directory path: String, options: ServeOptions = ServeOptions(), log: Logger,
    clock: NodeClock? = nil
  ) async throws -> Node {
    let directory = DataDirectory(path)
    do {
      // Settings and key first: they fail fastest and cost nothing.
      var configuration = try NodeConfiguration.load(from: directory)
      configuration.peers.merge(options.peerAddresses) { $1 }
      let key = try directory.nodeKey.loadKey()
      // The store takes the lock of the directory and checks itself before it is given out.
      let store = try ReplicaStore.open(StoreOptions.node(directory))
      let clock = clock ?? NodeClock(drillOffset: options.drillOffsetSeconds * 1_000)
      clock.goOn(from: store.clock.last)
      return try await Node(directory, configuration, key, store, clock, log)
    } catch { throw NodeError.from(error, doing: "starting the node") }
  }

  private init(
    _ directory: DataDirectory, _ configuration: NodeConfiguration, _ key: NodeKey,
    _ store: ReplicaStore, _ clock: NodeClock, _ log: Logger
  ) async throws {
    let own = Slot(configuration.slot)
    let (membershipLog, invites) = try await StoreBookStorage.load(from: store)
    try Self.checkDrill(clock, membershipLog.membership)
    let certificate = try APICertificates.renew(
      configuration, in: directory, now: clock.now, log: log)
    let signals = NodeSignals()
    let book = ClusterBook(
      log: membershipLog, invites: invites, storage: StoreBookStorage(store: store),
      changed: { _ in signals.membershipChanged() })
    let standing = NodeStanding()
    let table = LinkTable(own: own, now: { clock.now })
    let dutyBooks = DutyBooks()
    let cluster = membershipLog.cluster

    // The membership log alone says who a peer is.
    let member = membershipLog.membership.member(own)
    let address = NodeAddress(
      cluster: cluster, office: OfficeID(configuration.office),
      node: member?.node ?? NodeName(configuration.node), slot: own)
    let transport = PeerTransport(
      credentials: try NodeSetup.credentials(key, address), logger: log,
      check: PeerJudge.check(book, own: own))

    let feed = DeskFeed()
    let door = MutationDoor(
      DoorParts(
        store: store, clock: clock, offices: { book.officeFacts }, dutyBooks: dutyBooks,
        readOnly: { standing.readOnly },
        sign: { dot, hash in
          try key.sign(
            SignedHead.signedBytes(cluster: cluster.rawValue, dot: dot, hash: hash))
        },
        committed: { isOwn in
          if isOwn { table.tell(.committed(own: true)) }
          signals.committed()
        }))
    gate = ReplicaGate(
      store: store, clock: clock, book: book, dutyBooks: dutyBooks, own: own, log: log,
      committed: {
        table.tell(.committed(own: false))
        signals.committed()
      },
      forked: { dot in
        standing.fork(dot.slot, own: own)
        log.critical("slot \(dot.slot) holds two histories at \(dot)")
      },
      differs: { dot, peer in
        standing.difference(in: dot.slot, by: peer)
        log.error("slot \(peer) says that its chain differs from ours at \(dot)")
      },
      beyondSeal: { signals.foundBeyondSeal($0) },
      runsAhead: { slot, milliseconds in
        standing.runsAhead(slot, by: milliseconds)
        log.warning("slot \(slot) stamps \(milliseconds) ms ahead of this node's clock")
      })
    let buckets = BucketDesk()
    let presence = PresenceBook(own: own)
    let snapshots = SnapshotDesk(store: store, now: { clock.now }, log: log)
    let linkParts = PeerLink.Parts(
      replica: gate, membership: book, snapshots: snapshots, now: { clock.now }, log: log,
      notes: { peer, note in
        table.note(peer, note)
        if case .live(_, let skew) = note { clock.heard(peer, skew: skew) }
        signals.peerNoted(peer, note)
      },
      buckets: { buckets.received($0, $1, $2) },
      presence: { presence.heard($1, from: $0, now: clock.now) })
    let level = store.schemaLevel
    hub = PeerHub(
      own: own, table: table, dialler: TransportDialler(transport: transport, book: book),
      parts: linkParts,
      hello: { now in
        Hello(
          cluster: cluster.rawValue, slot: own, schemaLevel: level, clock: now,
          drillOffset: clock.drillOffset, membership: book.membershipDigest)
      }, log: log)

    let addressBook = AddressBook()
    let attachments = try Self.attachments(
      directory, store, clock, table, addressBook,
      TransportDialler(transport: transport, book: book), standing, log)
    let duty = DutyDesk(
      store: store, clock: clock, offices: { book.officeFacts }, dutyBooks: dutyBooks)
    let accounts = await AccountDesk(
      store: store, office: OfficeID(configuration.office),
      graceHours: configuration.signInGraceHours ?? NodeConfiguration.defaultSignInGraceHours,
      now: { clock.now })
    let alarms = AlarmWatch(
      own: own, desk: duty, clock: clock, peers: { table.status },
      nodeName: { book.membership.member($0)?.node.rawValue ?? "unknown node" },
      frozen: { store.frozenSlots.union(standing.forks) },
      differences: { standing.differences }, ahead: { standing.ahead },
      voidRecords: {
        book.membership.voids.filter { $0.reason.isAlarm }.map {
          "A membership record has no effect: \($0.reason.code)."
        }
      }, accounts: { accounts.alarms() }, badFiles: { standing.badFiles },
      certificate: certificate)
    parts = NodeParts(
      configuration: configuration, directory: directory, own: own, key: key, store: store,
      clock: clock, book: book, door: door, table: table, transport: transport, duty: duty,
      alarms: alarms, buckets: buckets, standing: standing, accounts: accounts, presence: presence,
      addressBook: addressBook, attachments: attachments,
      certificate: certificate, startedAt: clock.now)
    joins = JoinDesk(book: book, key: key, now: { clock.now }, log: log)
    upkeep = Upkeep(
      parts: parts, hub: hub, signals: signals, snapshots: snapshots, feed: feed,
      notices: NoticeDesk(parts: parts, feed: feed, log: log), log: log)
    self.feed = feed
    self.log = log
    let listen = try HostPort(configuration.peerListen, option: "peer_listen")
    listener = try await PeerListener.bind(
      transport, at: PeerEndpoint(host: listen.host, port: listen.port))
    let ports = PortBox()
    apiPort = ports
    server = try APIServing.server(parts, feed: feed, ports: ports, log: log)
    await upkeep.refresh()
    // Before anybody is let in: a node that was cut off too long does not begin with open doors.
    await accounts.beat(book, own: own, status: [:])
  }

  /// Roster time may be moved in a drill cluster only.
  private static func checkDrill(_ clock: NodeClock, _ membership: Membership) throws {
    guard clock.drillOffset == 0 || membership.isDrill else {
      throw NodeError(
        .badOption, "--drill-offset moves roster time, and this is no drill cluster",
        hint: "Leave it out; or found a cluster for drills with `helio init --drill`.")
    }
  }

  /// `host:port` where peers reach this node, with the port that the system chose.
  package var peerEndpoint: HostPort {
    HostPort(host: listener.endpoint.host, port: listener.endpoint.port)
  }
  /// The port of the agent API once it listens; 0 before.
  package var agentPort: Int { apiPort.value }

  /// Serves until cancelled or until a graceful shutdown.
  package func run() async throws {
    if let reason = upkeep.standing() { log.warning("read-only: \(reason)") }
    log.notice(
      "serving",
      metadata: [
        "node": "\(parts.configuration.node)", "office": "\(parts.configuration.office)",
        "slot": "\(parts.own)", "peers": "\(peerEndpoint)",
        "members": "\(parts.book.membership.active.count)",
      ])
    // Whichever part ends first, or a cancellation, ends the others; then the store is closed.
    let ending = await withTaskGroup(of: Result<Void, any Error>.self) { group in
      group.addTask { await Self.result { try await self.acceptPeers() } }
      group.addTask { await Self.result { try await self.server.run() } }
      group.addTask { await Self.result { await self.upkeep.run() } }
      group.addTask { await Self.result { await self.parts.attachments.run() } }
      let first = await group.next() ?? .success(())
      await hub.stop()
      group.cancelAll()
      return first
    }
    feed.finish()
    do { try parts.store.close() } catch { log.error("the store did not close: \(error)") }
    if case .failure(let error) = ending, !(error is CancellationError) { throw error }
  }

  private static func result(
    _ body: () async throws -> Void
  ) async -> Result<Void, any Error> {
    do { return .success(try await body()) } catch { return .failure(error) }
  }

  private func acceptPeers() async throws {
    let (book, hub, joins) = (parts.book, hub, joins)
    let files = parts.attachments.hub
    try await listener.run(
      onPeer: { connection in
        guard let member = book.membership.verdict(for: connection.peer.leaf).member else {
          return
        }
        await hub.run(TransportChannel(connection), peer: member.slot, dialledByUs: false)
      },
      onJoin: { call in await joins.answer(call) },
      onBulk: { connection in
        guard let member = book.membership.verdict(for: connection.peer.leaf).member else {
          return
        }
        await files.run(TransportBulkChannel(connection), peer: member.slot)
      })
  }
}
