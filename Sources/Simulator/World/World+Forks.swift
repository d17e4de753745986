// Old backups put back and databases that run twice: others must notice within one exchange.

internal import HelpdeskDomain
internal import ReplicaCore

extension World {
  /// An operator makes a backup, which is put back at the end of the run.
  func backUp(_ planned: PlannedFault, _ node: SimNode) throws {
    guard forks.backup == nil, node.isReadable else { return }
    forks.backup = (
      planned, node.index, try node.replica.copy(to: "\(directory)/backup-\(node.slot)")
    )
    fault(planned, "backup of \(node.office) at seq \(node.replica.local.headed.vector[node.slot])")
  }

  /// The last act of a run, when all hold the same: one slot gets a second history (invariant 8).
  func provokeFork() throws {
    if let (planned, index, replica) = forks.backup, nodes[0].admits(nodes[index].slot) {
      try restore(planned, nodes[index], replica)
    } else if let (planned, index) = forks.cloning, activeNodes.count == nodes.count {
      try clone(planned, nodes[index])
    }
  }

  private func restore(
    _ planned: PlannedFault, _ node: SimNode, _ old: any SimReplica
  ) throws {
    let (slot, now) = (node.slot, node.replica.local.headed.vector)
    let then = old.local.headed.vector
    guard now[slot] > then[slot] else { return }
    try (node.replica as? StoreReplica)?.close()
    node.replica = old
    old.standing = SimStanding(offices: setting.offices)
    membershipChanged(node)
    fault(planned, "\(node.office) goes back from seq \(now[slot]) to \(then[slot])")
    node.forget()
    try write(random.below(4), at: node)
    try expectFork(of: slot, but: [node.index])
    sometimes.hit(.restoredBackupFound)
  }

  private func clone(_ planned: PlannedFault, _ node: SimNode) throws {
    let copy = try node.replica.copy(to: "\(directory)/clone-\(node.slot)")
    let twin = SimNode(
      index: nodes.count, office: node.office, replica: copy, clock: SimClock(skew: 0, at: now),
      members: node.members, key: node.key)
    add(twin, talkingTo: (node.index + 1) % plan.offices.count)
    fault(planned, "the database of \(node.office) runs twice")
    try write(1 + random.below(2), at: node)
    try write(1 + random.below(2), at: twin)
    try expectFork(of: node.slot, but: [node.index, twin.index])
    sometimes.hit(.clonedDatabaseFound)
  }

  /// Opens the links for one exchange. The nodes beside the forked ones stay whole.
  private func expectFork(of slot: Slot, but forked: Set<Int>) throws {
    let before = nodes.map { $0.replica.local.headed.vector[slot] }
    forks.expected = slot
    excused.formUnion([.fork, .badBatch])
    windowIsOpen = false
    openWindow()
    try run(until: now + SimLimits.dialling + 5_000)
    checks.hit(8)
    guard forks.isSeen else {
      throw Violation(8, "slot \(slot) has two histories, and nobody noticed in one exchange")
    }
    try closeWindow()
    for node in activeNodes where !forked.contains(node.index) {
      let dump = try node.replica.dump()
      try LogCheck(name: node.office.rawValue, dump: dump).run()
      guard dump.heads[slot].map(\.dot.seq) ?? 0 >= before[node.index] else {
        throw Violation(8, "\(node.office) gave up deltas of slot \(slot) for those of a copy")
      }
    }
  }

  private func add(_ node: SimNode, talkingTo other: Int) {
    nodes.append(node)
    pastVectors.append([])
    for index in blocked.indices { blocked[index].append(.zero) }
    blocked.append(nodes.map { _ in .zero })
    pairs.append((other, node.index))
    slowUntil.append(.zero)
    lossyUntil.append(.zero)
    doublingUntil.append(.zero)
  }

  /// Tickets made there before any peer is met again.
  private func write(_ count: Int, at node: SimNode) throws {
    guard let user = users.first(where: { plan.offices[$0.office].code == node.office }) else {
      return
    }
    for number in 0..<count {
      let draft = TicketDraft(
        subject: "After the copy \(node.index) \(number)",
        comment: CommentDraft(body: "Nobody else has seen it"))
      _ = try node.replica.commit(
        [SimCommand(command: .createTicket(draft), actor: actor(user))],
        at: node.clock.read(at: now + Int64(number))
      )[0].get()
    }
  }

  /// A second history was seen, or a violation where none was made.
  func sawFork(at dot: Dot, _ node: SimNode) throws {
    guard forks.expected == dot.slot else {
      throw Violation(8, "\(node.office) sees a fork at \(dot), and no database was copied")
    }
    forks.isSeen = true
    sometimes.hit(.forkFound)
    note("\(node.office) sees a fork at \(dot)")
  }
}

extension SimNode {
  /// An old copy knows nothing of what was checked of the newer one.
  func forget() {
    acknowledged = [:]
    lastHLC = .zero
    tokens = [:]
  }
}
