// The fourth node's operator writes what no decision would make: it must be void everywhere.

internal import HelpdeskDomain
internal import ReplicaCore

extension World {
  private var guestSlot: Slot { nodes[plan.offices.count].slot }

  private func write(
    _ column: UInt16, _ value: Value, replaces: [Dot] = [], fence: UInt64 = 0
  ) -> CellAction {
    CellAction(
      CellKey(column), .write(.plain(value), replaces: replaces, unread: []), fence: fence)
  }

  /// Makes one illegal delta and expects its own node to hold it void already.
  func forge(_ planned: PlannedFault) throws {
    guard let guest, let ticket = knownTicket(),
      let agent = users.first(where: { $0.office == 1 && $0.role == .agent }),
      let lead = users.first(where: { $0.office == 1 && $0.role == .lead }),
      let light = users.first(where: { $0.office == 1 && $0.role == .lightAgent })
    else { return }
    let node = nodes[plan.offices.count]
    let kind = random.below(10)
    let changes: [RowChange]
    var actor = self.actor(agent)
    let row = RowRef(Desk.ticket, ticket)
    let subject = write(TicketColumn.subject, .text("forged"))
    switch kind {
    case 0:
      changes = [RowChange(row, [write(TicketColumn.status, .text("open"), fence: 4_000_000_000)])]
    case 1: changes = [RowChange(try anyComment(), [write(CommentColumn.body, .text("unsaid"))])]
    case 2:
      let id = RowID(number: 900_000 + Int64(forged.count), slot: Slot(1))
      changes = [RowChange(RowRef(Desk.ticket, id), [subject])]
    case 3:
      actor.authority = nil
      changes = [RowChange(row, [subject])]
    case 4:
      actor = self.actor(lead)
      changes = [try foreignAcceptance()]
    case 5:
      actor = Actor(user: .none, role: .admin, office: node.office, authority: nil)
      changes = [RowChange(row, [subject])]
    case 6:
      actor = self.actor(light)
      changes = [publicComment(ticket, by: light.id)]
    case 7:
      let placement = Placement(group: .none, home: node.office, weight: 99)
      changes = [RowChange(row, [write(TicketColumn.placement, placement.value)])]
    case 8:
      let unseen = Dot(Slot(1), 1_000_000)
      changes = [RowChange(row, [write(TicketColumn.subject, .text("x"), replaces: [unseen])])]
    default:
      actor = self.actor(light)
      changes = [RowChange(row, [subject])]
    }
    let made = guest.forge(changes, by: actor, at: node.clock.read(at: now))
    guard let reason = made.void else {
      throw Violation(13, "an illegal delta of kind \(kind) has effect: \(made.dot) \(changes)")
    }
    forged[made.dot] = reason
    fault(planned, "forged \(made.dot): \(reason.rawValue)")
    tell(node, .committed(own: true))
  }

  func knownTicket() -> RowID? {
    let vector = nodes[plan.offices.count].replica.local.headed.vector
    return random.pick(tickets.filter { vector.contains($0.dot) })?.id
  }

  private func anyComment() throws -> RowRef {
    let ids = try nodes[plan.offices.count].replica.read { $0.rows(of: Desk.comment) }
    return RowRef(Desk.comment, random.pick(ids) ?? .none)
  }

  /// A lead of the second office accepts in the name of the first.
  private func foreignAcceptance() throws -> RowChange {
    let replica = nodes[plan.offices.count].replica
    let vector = replica.local.headed.vector
    let roster = try replica.read { $0.rows(of: Desk.roster).last ?? .none }
    let start = boundaries.last { $0 <= now } ?? plan.start
    return RowChange(
      RowRef(Desk.acceptance, RowID(number: 800_000 + Int64(forged.count), slot: guestSlot)),
      [
        write(AcceptanceColumn.office, .text(plan.offices[0].code.rawValue)),
        write(AcceptanceColumn.slotStart, .integer(start.milliseconds)),
        write(AcceptanceColumn.roster, .integer(roster.rawValue)),
        write(AcceptanceColumn.agent, .integer(0)),
        write(AcceptanceColumn.at, .integer(now.milliseconds)),
        write(AcceptanceColumn.ticket, .integer(0)),
        write(AcceptanceColumn.vector, SeenVector.value(vector)),
      ])
  }

  private func publicComment(_ ticket: RowID, by author: RowID) -> RowChange {
    RowChange(
      RowRef(Desk.comment, RowID(number: 700_000 + Int64(forged.count), slot: guestSlot)),
      [
        write(CommentColumn.ticket, .integer(ticket.rawValue)),
        write(CommentColumn.author, .integer(author.rawValue)),
        write(CommentColumn.isPublic, .integer(1)),
        write(CommentColumn.body, .text("dear customer")),
      ])
  }
}
