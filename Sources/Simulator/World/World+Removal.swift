// A node is removed: the membership log spreads, links close, and nothing of it counts any more.

internal import ClusterTrust
internal import HelpdeskDomain
internal import ReplicaCore

extension World {
  /// Nodes that the issuer holds to be authorised.
  var activeNodes: [SimNode] { nodes.filter { nodes[0].admits($0.slot) } }

  /// Two offices at least stay, and the issuer is one of them. A guest talks to one node only, which
  /// therefore stays.
  func remove(_ planned: PlannedFault, _ node: SimNode) throws {
    let issuer = nodes[0]
    guard node !== issuer, plan.guest == nil || node.index != 1, issuer.isReadable,
      activeNodes.count == nodes.count
    else { return }
    let seal = issuer.replica.local.headed.vector[node.slot]
    try issuer.members.remove(slot: node.slot, seal: seal, by: issuer.key, at: now)
    fault(planned, "\(node.office) removed, sealed at \(seal)")
    excused.insert(.removed)
    membershipChanged(issuer)
  }

  /// Brings a node in line with its membership log, as its upkeep does.
  func membershipChanged(_ node: SimNode) {
    let membership = node.members.membership
    var seals: [Slot: UInt64] = [:]
    for member in membership.members {
      if case .removed(let seal) = member.state { seals[member.slot] = seal }
    }
    node.replica.standing = SimStanding(
      offices: OfficeFacts(
        order: membership.offices.map(\.code),
        active: Set(membership.offices.filter(\.isActive).map(\.code)),
        slots: Dictionary(
          membership.members.map { ($0.slot, $0.office) }, uniquingKeysWith: { first, _ in first }),
        records: node.members.records.count),
      seals: seals)
    tell(node, .membershipChanged)
    for id in connections.keys.sorted() {
      guard let connection = connections[id], let side = connection.end(of: node.index),
        !node.admits(nodes[connection.sides[1 - side].node].slot)
      else { continue }
      // Its session sends the records first, so that the removed node learns why.
      told.append((id, side, .shutdown(.removed)))
    }
    queue.add(.checkRemoved(node: node.index), at: now + 5_000)
  }

  /// Takes in records of a peer; answers whether any was new.
  func merge(_ records: [[UInt8]], _ node: SimNode) -> Bool {
    let decoded = records.compactMap { try? MembershipRecord(encoded: $0) }
    guard !node.members.merge(decoded).added.isEmpty else { return false }
    note("\(node.office) takes in membership records")
    membershipChanged(node)
    return true
  }

  /// The issuer lets a seal grow over what a member had taken before it knew of the removal.
  func growSeal(to dot: Dot, _ node: SimNode) throws {
    sometimes.hit(.beyondSeal)
    guard node === nodes[0],
      case .removed(let seal)? = node.members.membership.member(dot.slot)?.state,
      dot.seq > seal
    else { return }
    try node.members.remove(slot: dot.slot, seal: dot.seq, by: node.key, at: now)
    note("\(node.office) seals slot \(dot.slot) at \(dot.seq)")
    membershipChanged(node)
  }

  /// Invariant 20: five seconds after a removal was applied no link to the removed node lives.
  func checkRemoved(_ node: SimNode) throws {
    checks.hit(20)
    for id in connections.keys.sorted() {
      guard let connection = connections[id], let side = connection.end(of: node.index),
        connection.sides[side].isOpen
      else { continue }
      let peer = nodes[connection.sides[1 - side].node]
      guard node.admits(peer.slot) else {
        throw Violation(20, "\(node.office) still talks to \(peer.office), which was removed")
      }
    }
  }

  /// Invariant 20: what comes after a removal was applied does not get past the seal.
  func checkSeals(_ node: SimNode, before: VersionVector, after: VersionVector) throws {
    for (slot, seal) in node.replica.standing.seals.sorted(by: { $0.key < $1.key }) {
      checks.hit(20)
      guard after[slot] <= max(seal, before[slot]) else {
        throw Violation(
          20, "\(node.office) took \(slot):\(after[slot]) of a removed node, sealed at \(seal)")
      }
    }
  }

  /// Whether both ends let the other in.
  func admitEachOther(_ a: SimNode, _ b: SimNode) -> Bool {
    guard a.admits(b.slot), b.admits(a.slot) else {
      sometimes.hit(.removedNodeRefused)
      return false
    }
    return true
  }
}
