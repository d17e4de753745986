// The links of the simulated world: dialling, delivery, and the driver of the shipped sessions.

internal import ClusterTrust
internal import HelpdeskDomain
internal import ReplicaCore

extension World {
  func openWindow() {
    guard !windowIsOpen else { return }
    windowIsOpen = true
    for pair in isHealed ? Array(pairs.indices) : dayPairs {
      queue.add(.dial(pair: pair), at: now + network.between(50, 2_000))
    }
  }

  func closeWindow() throws {
    windowIsOpen = false
    for id in connections.keys.sorted() {
      guard let connection = connections[id] else { continue }
      for side in 0..<2 { try tellNow(connection, side, .shutdown(.shuttingDown)) }
      drop(connection)
    }
  }

  private func isBlocked(_ from: Int, _ to: Int) -> Bool { blocked[from][to] > now }

  func dial(_ pair: Int) throws {
    guard windowIsOpen, connectionOfPair[pair] == nil, isHealed || dayPairs.contains(pair) else {
      return
    }
    let (a, b) = pairs[pair]
    guard nodes[a].isUp, nodes[b].isUp, !isBlocked(a, b), !isBlocked(b, a) else {
      queue.add(.dial(pair: pair), at: now + network.between(1_000, 4_000))
      return
    }
    guard admitEachOther(nodes[a], nodes[b]) else {
      queue.add(.dial(pair: pair), at: now + network.between(20_000, 60_000))
      return
    }
    lastConnection += 1
    let connection = Connection(
      id: lastConnection, pair: pair,
      sides: [side(of: nodes[a], to: nodes[b]), side(of: nodes[b], to: nodes[a])])
    connections[connection.id] = connection
    connectionOfPair[pair] = connection.id
    note("link \(nodes[a].slot)-\(nodes[b].slot) up")
    for side in 0..<2 { try tellNow(connection, side, .opened) }
  }

  private func side(of node: SimNode, to peer: SimNode) -> Connection.Side {
    let (own, members) = (node.slot, node.members.digest)
    let session = SyncSession(own: own, expected: peer.slot, flow: plan.flow) { now in
      Hello(
        cluster: ReplicaSetting.cluster, slot: own, schemaLevel: Desk.schema.level, clock: now,
        drillOffset: 0, membership: members)
    }
    return Connection.Side(node: node.index, session: session)
  }

  // MARK: Delivery

  private func send(_ message: SyncMessage, _ connection: Connection, from side: Int) {
    let other = 1 - side
    guard connection.sides[side].isOpen, !failsToSend(message, connection, from: side) else {
      return
    }
    if isLost(message, connection) { return }
    var latency = network.between(4, 120)
    if slowUntil[connection.pair] > now { latency += network.between(500, 7_000) }
    var isInOrder = true
    if case .batch = message {
      if connection.delaysNext {
        connection.delaysNext = false
        latency += network.between(300, 4_000)
        isInOrder = false
      }
      if connection.replaysNext {
        connection.replaysNext = false
        sometimes.hit(.batchReplayed)
        post(message, connection, other, at: now + (latency + network.between(200, 5_000)))
      }
    }
    let earliest = connection.sides[other].lastDelivery
    let at = isInOrder ? max(earliest, now + latency) : now + latency
    if isInOrder { connection.sides[other].lastDelivery = at }
    post(message, connection, other, at: at)
    if doublingUntil[connection.pair] > now, isLoose(message), network.chance(30) {
      sometimes.hit(.messageDoubled)
      post(message, connection, other, at: at + network.between(0, 3_000))
    }
  }

  /// HELLO and BYE frame a connection; a network that lost or doubled one of them would be another
  /// connection.
  private func isLoose(_ message: SyncMessage) -> Bool {
    switch message {
    case .hello, .bye: false
    default: true
    }
  }

  private func isLost(_ message: SyncMessage, _ connection: Connection) -> Bool {
    guard lossyUntil[connection.pair] > now, isLoose(message), network.chance(20) else {
      return false
    }
    sometimes.hit(.messageLost)
    return true
  }

  private func post(
    _ message: SyncMessage, _ connection: Connection, _ side: Int, at instant: Instant
  ) {
    connection.sides[side].inFlight += 1
    queue.add(.deliver(connection: connection.id, side: side, message), at: instant)
  }

  func deliver(_ id: Int, _ side: Int, _ message: SyncMessage) throws {
    guard let connection = connections[id] else { return }
    connection.sides[side].inFlight -= 1
    guard connection.sides[side].isOpen, !connection.sides[side].isDeaf else { return }
    let until = blocked[connection.sides[1 - side].node][connection.sides[side].node]
    if until > now {
      if until - now > SimLimits.retransmission {
        connection.sides[side].isDeaf = true
        return
      }
      let again = max(until, connection.sides[side].lastDelivery)
      connection.sides[side].lastDelivery = again
      post(message, connection, side, at: again)
      return
    }
    try tellNow(connection, side, .received(message))
  }

  func hungUp(_ id: Int, _ side: Int) {
    guard let connection = connections[id], connection.sides[side].isOpen else { return }
    connection.sides[side].isOpen = false
    forget(connection)
  }

  /// One end stops without a word; the other hears of it a moment later.
  func endLink(_ connection: Connection, _ side: Int, _ why: String) {
    note("\(nodes[connection.sides[side].node].office) ends a link: \(why)")
    connection.sides[side].isOpen = false
    queue.add(
      .hangUp(connection: connection.id, side: 1 - side), at: now + network.between(5, 300))
    forget(connection)
  }

  /// Both ends are gone at once, with all that was under way.
  func drop(_ connection: Connection) {
    if connection.sides.contains(where: { $0.isOpen && $0.inFlight > 0 }) {
      sometimes.hit(.linkLostInFlight)
    }
    for side in 0..<2 { connection.sides[side].isOpen = false }
    forget(connection)
  }

  private func forget(_ connection: Connection) {
    guard connection.sides.allSatisfy({ !$0.isOpen }) else { return }
    connections[connection.id] = nil
    if connectionOfPair[connection.pair] == connection.id {
      connectionOfPair[connection.pair] = nil
      note("link \(connection.pair) down")
      queue.add(.dial(pair: connection.pair), at: now + network.between(500, 4_000))
    }
  }

  // MARK: Driving sessions

  /// Tells all sessions of a node, after the present event.
  func tell(_ node: SimNode, _ event: SessionEvent) {
    for id in connections.keys.sorted() {
      guard let side = connections[id]?.end(of: node.index) else { continue }
      told.append((id, side, event))
    }
  }

  /// Gives an event to a session and performs its effects, as the node's peer link does.
  func tellNow(_ connection: Connection, _ side: Int, _ event: SessionEvent) throws {
    var events = [event]
    while !events.isEmpty {
      let next = events.removeFirst()
      let node = nodes[connection.sides[side].node]
      guard connection.sides[side].isOpen, node.isUp else { return }
      let local = node.replica.local
      let moment = node.clock.read(at: now)
      let effects = connection.sides[side].session.handle(next, local: local, now: moment.now)
      for effect in effects where node.isUp && connection.sides[side].isOpen {
        if let answer = try perform(effect, connection, side, node) { events.append(answer) }
      }
    }
  }

  private func perform(
    _ effect: SessionEffect, _ connection: Connection, _ side: Int, _ node: SimNode
  ) throws -> SessionEvent? {
    switch effect {
    case .send(let message): deliverFrom(node, message, connection, side)
    case .readLog(let excluding, let only, let after, let limit):
      guard !fires(node, .logReadFails) else {
        endLink(connection, side, "the log could not be read")
        return nil
      }
      let (batch, next) = try node.replica.readLog(
        excluding: excluding, onlySlot: only, after: after, maxBytes: limit)
      if next != nil { sometimes.hit(.batchCut) }
      return .logRead(batch, next: next)
    case .persist(let batch): return try persist(batch, connection, side, node)
    case .compareHashes(let theirs):
      checks.hit(8)
      if let dot = try node.replica.firstDifference(from: theirs) {
        try sawFork(at: dot, node)
        return .forkFound(dot)
      }
    case .arm(let instant):
      connection.sides[side].timer += 1
      let timer = connection.sides[side].timer
      queue.add(
        .tick(connection: connection.id, side: side, timer: timer),
        at: max(now + 1, node.clock.trueInstant(of: instant)))
    case .note(.fingerprintDiffers):
      throw Violation(3, "\(node.office) has its peer's deltas but another fingerprint")
    case .close(let reason, let text): try closed(connection, side, node, reason, text)
    case .sendMembers:
      let records = node.members.missing(from: []).map(\.encoded)
      send(.members(records), connection, from: side)
    case .mergeMembers(let records):
      return merge(records, node) ? .membershipChanged : nil
    case .note, .serveSnapshot, .snapshotChunk, .sendBuckets,
      .bucketsReceived, .presenceReceived:
      break
    }
    return nil
  }

  private func deliverFrom(
    _ node: SimNode, _ message: SyncMessage, _ connection: Connection, _ side: Int
  ) {
    guard case .batch = message else { return send(message, connection, from: side) }
    if dies(node, at: .crashBeforeBatch) { return }
    send(message, connection, from: side)
    _ = dies(node, at: .crashAfterBatch)
  }

  private func persist(
    _ batch: DeltaBatch, _ connection: Connection, _ side: Int, _ node: SimNode
  ) throws -> SessionEvent? {
    let peer = nodes[connection.sides[1 - side].node].slot
    let before = node.replica.local.headed.vector
    let moment = node.clock.read(at: now)
    let applied: SimApplied
    do { applied = try node.replica.apply(batch, now: moment.now, probe: probe(node)) } catch {
      let outcome = try outcome(of: error, node)
      note("\(node.office) cannot take \(batch.deltas.count) from \(peer): \(error)")
      return outcome.map { .applied($0, bytes: batch.byteCount) }
    }
    let after = node.replica.local.headed.vector
    checks.hit(6)
    guard after.covers(before) else {
      throw Violation(6, "the vector of \(node.office) went back from \(before) to \(after)")
    }
    if batch.deltas.contains(where: { $0.dot.slot != peer && !before.contains($0.dot) }) {
      sometimes.hit(.relay)
    }
    for delta in batch.deltas
    where delta.dot.slot != peer && newer.contains(delta.dot) && !before.contains(delta.dot) {
      sometimes.hit(.unknownColumnRelayed)
    }
    try checkSeals(node, before: before, after: after)
    if let dot = applied.beyondSeal { try growSeal(to: dot, node) }
    if applied.ownSlotAhead {
      try sawFork(at: Dot(node.slot, before[node.slot] + 1), node)
    }
    sometimes.hit(.voidDelta, applied.voided)
    note("\(node.office) takes \(batch.deltas.count) from \(peer): \(applied.outcome)")
    switch applied.outcome {
    case .committed(let count): if count > 0 { tell(node, .committed(own: false)) }
    case .missing(let count):
      sometimes.hit(.pastMissing)
      if count > 0 { tell(node, .committed(own: false)) }
    case .refused(let why) where forks.expected != nil: note("\(node.office) refuses: \(why)")
    case .refused(let why): throw Violation(9, "\(node.office) refuses a batch: \(why)")
    case .fork(let dot): try sawFork(at: dot, node)
    case .storageFull: throw Violation(1, "\(node.office): the disk of the simulator is full")
    }
    try checkClock(of: node)
    try checkWhole(node, batch.deltas.filter { !before.contains($0.dot) && after.contains($0.dot) })
    if dies(node, at: .applyUnacknowledged) { return nil }
    return .applied(applied.outcome, bytes: batch.byteCount)
  }

  private func closed(
    _ connection: Connection, _ side: Int, _ node: SimNode, _ reason: ByeReason, _ text: String
  ) throws {
    note("\(node.office) closes a link: \(reason) \(text)")
    switch reason {
    case .stalled: sometimes.hit(.stalledLink)
    case .shuttingDown, .paused: break
    case _ where excused.contains(reason): break
    default: throw Violation(4, "\(node.office) closed a link of honest peers: \(reason) \(text)")
    }
    connection.sides[side].isOpen = false
    queue.add(
      .hangUp(connection: connection.id, side: 1 - side),
      at: max(now, connection.sides[1 - side].lastDelivery) + network.between(5, 300))
    forget(connection)
  }
}
