// A node of a newer release writes columns and entities that are not known here: they must be kept.

internal import HelpdeskDomain
internal import ReplicaCore

extension World {
  /// Far above every code that is given out.
  private static let register: UInt16 = 40_001
  private static let set: UInt16 = 40_002
  private static let map: UInt16 = 40_003
  private static let entity = EntityCode(60_000)

  /// Makes one delta that only a newer release understands; it must have effect.
  func writeNewer(_ planned: PlannedFault) throws {
    guard let guest, let ticket = knownTicket(),
      let agent = users.first(where: { $0.office == 1 && $0.role == .agent })
    else { return }
    let node = nodes[plan.offices.count]
    let row = RowRef(Desk.ticket, ticket)
    let state = guest.read { $0.row(row) }
    let change = RowChange(row, newerActions(on: state))
    let id = RowID(number: 600_000 + Int64(newer.count), slot: guest.slot)
    let other = RowChange(RowRef(Self.entity, id), newerActions(on: RowState()))
    let made = guest.forge(
      random.chance(50) ? [change] : [change, other], by: actor(agent),
      at: node.clock.read(at: now))
    guard made.void == nil else {
      throw Violation(3, "\(made.dot) writes columns of a newer release and is void here")
    }
    newer.insert(made.dot)
    fault(planned, "columns of a newer release in \(made.dot)")
    tell(node, .committed(own: true))
  }

  /// A register, a set and a map, each merged by the kind that its action states.
  private func newerActions(on state: RowState) -> [CellAction] {
    let map = CellKey(Self.map, key: Int64(random.below(3)))
    let element = Value.text("n\(random.below(4))")
    let dots = state.cells[CellKey(Self.set)]?.set?.dots(of: element) ?? []
    let inSet: CellAction.Kind =
      random.chance(30) && !dots.isEmpty
      ? .remove(element, seen: dots) : .add(element, replaces: dots)
    return [newerWrite(CellKey(Self.register), state), newerWrite(map, state)]
      + [CellAction(CellKey(Self.set), inSet)]
  }

  /// Now and then it names nothing, so that siblings arise.
  private func newerWrite(_ cell: CellKey, _ state: RowState) -> CellAction {
    let live = state.cells[cell]?.register?.live.map(\.stamp.dot) ?? []
    let value = Value.text("of a newer release \(random.below(1_000))")
    return CellAction(
      cell, .write(.plain(value), replaces: random.chance(70) ? live : [], unread: []))
  }
}
