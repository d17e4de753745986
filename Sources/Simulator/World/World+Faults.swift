// What goes wrong in the simulated world.

internal import HelpdeskDomain
internal import ReplicaCore

extension World {
  /// Lets a planned fault happen. Its chance is its own: leaving another one out changes nothing.
  func inject(_ planned: PlannedFault) throws {
    var chance = SeededRandom(plan.seed ^ UInt64(planned.number + 1) &* 0x9FB2_1C65_1E98_DF25)
    let pair = chance.pick(dayPairs) ?? 0
    let node = nodes[chance.below(plan.offices.count)]
    switch planned.kind {
    case .cutPair, .cutNode, .oneWay: cut(planned, pair, node, &chance)
    case .flap: flap(planned, pair, &chance)
    case .slow:
      slowUntil[pair] = now + chance.between(10_000, 90_000)
      fault(planned, "slow \(pairs[pair])")
    case .lostLink: try loseLink(planned, pair, &chance)
    case .restart:
      try commitNow(node)
      stop(node, planned, "restart", for: chance.between(1_000, 12_000))
    case .crash:
      guard chance.chance(50) else {
        node.crashesWhenBusy = planned
        return
      }
      if !node.queue.isEmpty { sometimes.hit(.crashBetweenCommits) }
      stop(
        node, planned, "crash with \(node.queue.count) waiting",
        for: chance.between(4_000, 400_000))
    case .crashInCommit:
      let inside: [Failpoint] = [
        .commitBegun, .commitHalfDecided, .commitBeforeHead, .commitSealed, .commitWritten,
      ]
      arm(node, planned, chance.pick(inside) ?? .commitBegun)
    case .failpoint: arm(node, planned, chance.pick(Failpoint.allCases) ?? .commitBegun)
    case .torn: arm(node, planned, .tornLastWrite)
    case .diskFull:
      fault(planned, "disk of \(node.office) full")
      excused.insert(.overLimit)
      node.replica.disk.isFull = true
      queue.add(.clearDisk(node: node.index), at: now + chance.between(15_000, 600_000))
    case .loss:
      lossyUntil[pair] = now + chance.between(5_000, 90_000)
      fault(planned, "messages of \(pairs[pair]) lost")
    case .duplication:
      doublingUntil[pair] = now + chance.between(5_000, 90_000)
      fault(planned, "messages of \(pairs[pair]) doubled")
    case .clockJump:
      let sizes: [Int64] = [10_000, 70_000, 3_600_000, 86_400_000, 2_000_000_000_000]
      let size = chance.pick(sizes) ?? 0
      node.clock.jump = chance.chance(50) ? size : -size
      fault(planned, "clock of \(node.office) jumps by \(node.clock.jump) ms")
      queue.add(.repairClock(node: node.index), at: now + chance.between(60_000, 1_200_000))
    case .replay, .reorder:
      guard let id = connectionOfPair[pair], let connection = connections[id] else { return }
      if planned.kind == .replay {
        connection.replaysNext = true
      } else {
        connection.delaysNext = true
      }
      fault(planned, "\(planned.kind.rawValue) the next batch of \(pairs[pair])")
    case .removal: try remove(planned, node)
    case .restoredBackup: try backUp(planned, node)
    case .clonedDatabase:
      if forks.cloning == nil { forks.cloning = (planned, node.index) }
    case .forge: try forge(planned)
    case .newerColumns: try writeNewer(planned)
    }
  }

  private func cut(
    _ planned: PlannedFault, _ pair: Int, _ node: SimNode, _ chance: inout SeededRandom
  ) {
    let (a, b) = pairs[pair]
    var edges = [(a, b), (b, a)]
    var duration = chance.between(3_000, 240_000)
    var text = "cut \(a)-\(b)"
    switch planned.kind {
    case .cutNode:
      edges = nodes.indices.flatMap { [(node.index, $0), ($0, node.index)] }
      text = "cut \(node.office) off"
    case .oneWay:
      sometimes.hit(.oneWayCut)
      edges = [chance.chance(50) ? (a, b) : (b, a)]
      duration = chance.between(8_000, 120_000)
      text = "one way \(edges[0].0)->\(edges[0].1)"
    default: break
    }
    fault(planned, "\(text) for \(duration) ms")
    for (from, to) in edges { blocked[from][to] = max(blocked[from][to], now + duration) }
  }

  /// Down for a part of each of some short periods: links die and come again.
  private func flap(_ planned: PlannedFault, _ pair: Int, _ chance: inout SeededRandom) {
    fault(planned, "flap \(pairs[pair])")
    if let id = connectionOfPair[pair], let connection = connections[id] { drop(connection) }
    for round in 1...Int64(3) {
      queue.add(
        .fault(PlannedFault(number: planned.number, kind: .lostLink)),
        at: now + round * chance.between(1_500, 6_000))
    }
  }

  private func loseLink(
    _ planned: PlannedFault, _ pair: Int, _ chance: inout SeededRandom
  ) throws {
    guard let id = connectionOfPair[pair], let connection = connections[id] else { return }
    guard connection.sides.contains(where: { $0.inFlight > 0 }) else {
      // Wait until something is under way: that is the case to look at.
      queue.add(.fault(planned), at: now + chance.between(20, 400))
      return
    }
    fault(planned, "link \(pairs[pair]) lost with \(connection.sides.map(\.inFlight)) in flight")
    drop(connection)
  }

  private func commitNow(_ node: SimNode) throws {
    guard node.isUp, !node.queue.isEmpty else { return }
    queue.add(.commit(node: node.index, life: node.life), at: now)
  }

  /// Power is gone: what waited at the door is lost, sessions end without a word.
  func stop(_ node: SimNode, _ planned: PlannedFault, _ text: String, for duration: Int64) {
    guard node.isUp else { return }
    fault(planned, "\(node.office): \(text), down for \(duration) ms")
    node.isUp = false
    node.crashesWhenBusy = nil
    node.life += 1
    node.queue = []
    node.commitIsDue = false
    for id in connections.keys.sorted() {
      guard let connection = connections[id], let side = connection.end(of: node.index) else {
        continue
      }
      connection.sides[side].isOpen = false
      // The peer hears of it at once, or only by silence.
      if network.chance(60) {
        queue.add(
          .hangUp(connection: id, side: 1 - side), at: now + network.between(10, 2_000))
      }
    }
    queue.add(.startNode(node: node.index, life: node.life), at: now + duration)
  }

  func startNode(_ node: SimNode, _ life: Int) throws {
    guard !node.isUp, node.life == life else { return }
    let before = node.replica.local
    try node.replica.restart()
    node.isUp = true
    node.hasFailedDisk = false
    node.clock.restart(at: now)
    let after = node.replica.local
    note("\(node.office) starts at \(after.headed.digest)")
    checks.hit(1, node.acknowledged.count)
    checks.hit(7)
    for dot in node.acknowledged.keys.sorted() where !after.headed.vector.contains(dot) {
      throw Violation(1, "\(node.office) lost \(dot), which it had acknowledged, in a crash")
    }
    guard after == before else {
      throw Violation(7, "\(node.office) starts with another state than it had committed")
    }
    try checkClock(of: node)
    if dies(node, at: .crashAtStart) { return }
    for (pair, ends) in pairs.enumerated() where ends.0 == node.index || ends.1 == node.index {
      queue.add(.dial(pair: pair), at: now + network.between(300, 3_000))
    }
  }

  /// Ends every fault: nodes up, clocks right, the network open and quiet.
  func heal() throws {
    note("heal")
    for node in nodes {
      node.clock.jump = 0
      node.armed = [:]
      node.replica.disk.isFull = false
      node.crashesWhenBusy = nil
      if !node.isUp { try startNode(node, node.life) }
      // A disk that failed is looked after: the store opens again.
      if node.hasFailedDisk { try node.replica.restart() }
      node.hasFailedDisk = false
      for other in nodes { blocked[node.index][other.index] = .zero }
    }
    for pair in slowUntil.indices {
      slowUntil[pair] = .zero
      lossyUntil[pair] = .zero
      doublingUntil[pair] = .zero
    }
    for id in connections.keys.sorted() {
      if let connection = connections[id] { drop(connection) }
    }
    windowIsOpen = false
    isHealed = true
    openWindow()
  }
}
