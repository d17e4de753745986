// What goes wrong in the simulated world.

internal import HelpdeskDomain
internal import ReplicaCore

extension World {
  func inject(_ kind: FaultKind) throws {
    let pair = network.below(3)
    let (a, b) = pairs[pair]
    let node = nodes[network.below(3)]
    switch kind {
    case .cutPair: cut([(a, b), (b, a)], for: network.between(3_000, 240_000), "cut \(a)-\(b)")
    case .cutNode:
      let edges = nodes.indices.flatMap { [(node.index, $0), ($0, node.index)] }
      cut(edges, for: network.between(3_000, 300_000), "cut \(node.office) off")
    case .oneWay:
      sometimes.hit(.oneWayCut)
      let edge = network.chance(50) ? (a, b) : (b, a)
      cut([edge], for: network.between(8_000, 120_000), "one way \(edge.0)->\(edge.1)")
    case .flap:
      // Down for a part of each of some short periods: links die and come again.
      fault("flap \(a)-\(b)")
      if let id = connectionOfPair[pair], let connection = connections[id] { drop(connection) }
      for round in 1...Int64(3) {
        queue.add(.fault(.lostLink), at: now + round * network.between(1_500, 6_000))
      }
    case .slow:
      slowUntil[pair] = now + network.between(10_000, 90_000)
      fault("slow \(a)-\(b)")
    case .lostLink:
      guard let id = connectionOfPair[pair], let connection = connections[id] else { return }
      guard connection.sides.contains(where: { $0.inFlight > 0 }) else {
        // Wait until something is under way: that is the case to look at.
        queue.add(.fault(.lostLink), at: now + network.between(20, 400))
        return
      }
      fault("link \(a)-\(b) lost with \(connection.sides.map(\.inFlight)) in flight")
      drop(connection)
    case .restart:
      try commitNow(node)
      stop(node, "restart", for: network.between(1_000, 12_000))
    case .crash:
      guard network.chance(50) else {
        node.crashesWhenBusy = true
        return
      }
      if !node.queue.isEmpty { sometimes.hit(.crashBetweenCommits) }
      stop(
        node, "crash with \(node.queue.count) waiting", for: network.between(4_000, 400_000))
    case .crashInCommit:
      node.losesPower = true
    case .clockJump:
      let sizes: [Int64] = [10_000, 70_000, 3_600_000, 86_400_000, 2_000_000_000_000]
      let size = network.pick(sizes) ?? 0
      node.clock.jump = network.chance(50) ? size : -size
      fault("clock of \(node.office) jumps by \(node.clock.jump) ms")
      queue.add(.repairClock(node: node.index), at: now + network.between(60_000, 1_200_000))
    case .replay, .reorder:
      guard let id = connectionOfPair[pair], let connection = connections[id] else { return }
      if kind == .replay { connection.replaysNext = true } else { connection.delaysNext = true }
      fault("\(kind.rawValue) the next batch of \(a)-\(b)")
    }
  }

  private func cut(_ edges: [(Int, Int)], for duration: Int64, _ text: String) {
    fault("\(text) for \(duration) ms")
    for (from, to) in edges { blocked[from][to] = max(blocked[from][to], now + duration) }
  }

  private func commitNow(_ node: SimNode) throws {
    guard node.isUp, !node.queue.isEmpty else { return }
    queue.add(.commit(node: node.index, life: node.life), at: now)
  }

  /// Power is gone: what waited at the door is lost, sessions end without a word.
  func stop(_ node: SimNode, _ text: String, for duration: Int64) {
    guard node.isUp else { return }
    fault("\(node.office): \(text), down for \(duration) ms")
    node.isUp = false
    node.crashesWhenBusy = false
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
    node.clock.restart(at: now)
    let after = node.replica.local
    note("\(node.office) starts at \(after.headed.digest)")
    for dot in node.acknowledged.keys.sorted() where !after.headed.vector.contains(dot) {
      throw Violation(1, "\(node.office) lost \(dot), which it had acknowledged, in a crash")
    }
    guard after == before else {
      throw Violation(7, "\(node.office) starts with another state than it had committed")
    }
    try checkClock(of: node)
    for (pair, ends) in pairs.enumerated() where ends.0 == node.index || ends.1 == node.index {
      queue.add(.dial(pair: pair), at: now + network.between(300, 3_000))
    }
  }

  /// Ends every fault: nodes up, clocks right, the network open and quiet.
  func heal() throws {
    note("heal")
    for node in nodes {
      node.clock.jump = 0
      node.losesPower = false
      node.crashesWhenBusy = false
      if !node.isUp { try startNode(node, node.life) }
      for other in nodes { blocked[node.index][other.index] = .zero }
    }
    for pair in slowUntil.indices { slowUntil[pair] = .zero }
    for id in connections.keys.sorted() {
      if let connection = connections[id] { drop(connection) }
    }
    windowIsOpen = false
    openWindow()
  }
}
