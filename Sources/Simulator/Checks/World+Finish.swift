// The end of a run: heal, wait, and compare everything that the replicas hold.

internal import ClusterTrust
internal import HelpdeskDomain
internal import ReplicaCore

extension World {
  /// Invariant 4, then all that can be compared once the delta sets are equal.
  func finish() throws {
    try heal()
    let linked = now + SimLimits.dialling
    while now < linked, !allLinked { try run(until: now + 250) }
    guard allLinked else { throw Violation(4, "links are not up 10 s after the heal") }
    let deadline = now + SimLimits.liveness
    while now < deadline, !allEqual { try run(until: now + 500) }
    checks.hit(4)
    guard allEqual else {
      let vectors = nodes.map { "\($0.office) \($0.replica.local.headed.vector.sorted)" }
      throw Violation(4, "30 s after the heal the delta sets differ: \(vectors)")
    }
    // Two more summaries, so that the sessions compare fingerprints themselves.
    try run(until: now + 12_000)
    try observe()
    try closeWindow()
    try compare()
    try provokeFork()
  }

  private var allLinked: Bool {
    pairs.indices.filter { pair in
      nodes[0].admits(nodes[pairs[pair].0].slot) && nodes[0].admits(nodes[pairs[pair].1].slot)
    }.allSatisfy { pair in
      connectionOfPair[pair].flatMap { connections[$0] }?.isLive == true
    }
  }

  private var allEqual: Bool {
    let first = nodes[0].replica.local.headed
    return activeNodes.allSatisfy {
      $0.queue.isEmpty && $0.replica.local.headed == first
        && $0.members.digest == nodes[0].members.digest
    }
  }

  private func compare() throws {
    let active = activeNodes
    deltas = nodes[0].replica.local.headed.vector.total
    let dumps = try active.map { try $0.replica.dump() }
    let reference = dumps[0]
    for (node, dump) in zip(active, dumps) {
      try LogCheck(name: node.office.rawValue, dump: dump).run()
      for invariant in [3, 6, 7, 9, 19] { checks.hit(invariant) }
      try checkSame(node, dump, reference)
      let bodies = Dictionary(uniqueKeysWithValues: dump.log.map { ($0.dot, $0.body) })
      for author in nodes {
        checks.hit(1, author.acknowledged.count)
        let seal = nodes[0].replica.standing.seals[author.slot] ?? .max
        for (dot, digest) in author.acknowledged.sorted(by: { $0.key < $1.key })
        where dot.seq <= seal && bodies[dot].map({ Digest.sha256($0) }) != digest {
          throw Violation(1, "\(dot), acknowledged by \(author.office), is not on \(node.office)")
        }
      }
    }
    var order = OrderCheck(dump: reference, rows: 10, random: SeededRandom(plan.seed ^ 0x0D3))
    checks.hit(5, try order.run())
    try checkDuty()
    try checkVoids(reference)
    checks.hit(13, reference.log.count)
    checks.hit(15)
    sometimes.hit(.losingWriteHidden, try MergeCheck(dump: reference).run())
    countConflicts(reference)
    note("end \(nodes[0].replica.local.headed.digest) \(nodes[0].replica.local.fingerprint)")
  }

  private func checkDuty() throws {
    var all: [[DutySlot]] = []
    for node in [nodes[0], activeNodes[activeNodes.count - 1]] {
      // The same instants on both.
      var chance = SeededRandom(plan.seed ^ 0xD17)
      all.append(
        try node.replica.read {
          try DutyCheck($0).slots(over: plan.start...plan.end, &chance)
        })
    }
    checks.hit(21, all[0].count)
    guard all[0] == all[1] else {
      throw Violation(21, "two nodes with the same publications have other slots")
    }
  }

  private func checkSame(
    _ node: SimNode, _ dump: ReplicaDump, _ reference: ReplicaDump
  ) throws {
    guard node.replica.local == nodes[0].replica.local, dump.voids == reference.voids else {
      throw Violation(3, "\(node.office) ends with another fingerprint or other voids")
    }
    guard dump.rows != reference.rows else { return }
    let rows = Set(dump.rows.keys).union(reference.rows.keys).sorted()
    let first = rows.first { dump.rows[$0] != reference.rows[$0] }
    throw Violation(3, "\(node.office) ends with another row \(first.map { "\($0)" } ?? "?")")
  }

  /// Void is what was forged, for the reason found at its birth, and nothing that was decided.
  private func checkVoids(_ dump: ReplicaDump) throws {
    let expected = forged.mapValues(\.rawValue)
    guard dump.voids != expected else { return }
    for dot in Set(expected.keys).union(dump.voids.keys).sorted()
    where expected[dot] != dump.voids[dot] {
      throw Violation(
        13,
        "\(dot) is void for \(dump.voids[dot] ?? "nothing"), expected "
          + (expected[dot] ?? "nothing"))
    }
  }

  private func countConflicts(_ dump: ReplicaDump) {
    for (_, state) in dump.rows {
      for (_, cell) in state.cells {
        guard let register = cell.register else { continue }
        guard let shown = register.winner, !register.conflicts.isEmpty else { continue }
        sometimes.hit(.conflict)
        let slots = (register.conflicts + [shown]).map { write in
          boundaries.lastIndex { $0 <= write.stamp.hlc.instant }
        }
        if Set(slots).count > 1 { sometimes.hit(.conflictAcrossBoundary) }
      }
    }
    if dump.rows.keys.count(where: { $0.entity == Desk.roster }) > 2 {
      sometimes.hit(.concurrentRosters)
    }
  }
}
