// What people do in the simulated world: agents work, leads accept and cover, nodes note.

internal import HelpdeskDomain
internal import ReplicaCore

extension World {
  func actor(_ user: User) -> Actor {
    Actor(
      user: user.id, role: user.role, office: plan.offices[user.office].code,
      authority: user.authority)
  }

  private func user(_ office: Int, _ role: Role) -> User? {
    users.first { $0.office == office && $0.role == role }
  }

  /// The node at which people of an office work: their own, now and then another, and another
  /// where their own is down.
  private func node(for office: Int) -> SimNode? {
    let isThere = { (node: SimNode) in node.isUp && node.admits(node.slot) }
    if isThere(nodes[office]), !random.chance(4) { return nodes[office] }
    return random.pick(nodes.prefix(plan.offices.count).filter(isThere))
  }

  func submit(_ command: DeskCommand, byLeadOf office: Int) {
    guard let lead = user(office, .lead), let node = node(for: office) else { return }
    submit(command, by: actor(lead), at: node)
  }

  func recordSeen(_ node: SimNode) {
    guard node.isUp, node.clock.read(at: now).drift == nil else { return }
    submit(
      .recordSeen,
      by: Actor(user: .none, role: .admin, office: node.office, authority: nil, via: .system),
      at: node)
  }

  func publish(_ node: SimNode) {
    guard node.isUp else { return }
    var rules = plan.rules()
    rules.acceptWithin = 4 + node.index
    let console = Actor(user: .none, role: .admin, office: node.office, authority: nil, via: .cli)
    guard let command = try? publication(number: 2, rules, at: node) else { return }
    submit(command, by: console, at: node)
  }

  /// One agent does something; now and then a colleague elsewhere touches the same ticket.
  func actSomehow() throws {
    let office = random.below(plan.offices.count)
    let role: Role = random.chance(15) ? .lead : .agent
    guard let user = user(office, role), let node = node(for: office) else { return }
    guard let ticket = pickTicket(node), !random.chance(14) else {
      return submit(newTicket(), by: actor(user), at: node)
    }
    submit(try work(ticket, user, node), by: actor(user), at: node)
    guard random.chance(25) else { return }
    let other = (office + 1 + random.below(plan.offices.count - 1)) % plan.offices.count
    guard let colleague = self.user(other, .agent), nodes[other].isUp,
      knows(nodes[other], ticket)
    else { return }
    submit(.updateTicket(ticket, edit(nodes[other])), by: actor(colleague), at: nodes[other])
  }

  private func knows(_ node: SimNode, _ ticket: RowID) -> Bool {
    tickets.contains {
      $0.id == ticket && node.replica.local.headed.vector.contains($0.dot)
    }
  }

  private func pickTicket(_ node: SimNode) -> RowID? {
    let vector = node.replica.local.headed.vector
    let known = tickets.filter { vector.contains($0.dot) }
    let hot = random.chance(plan.heat) ? Array(known.suffix(5)) : known
    return random.pick(hot)?.id
  }

  private func newTicket() -> DeskCommand {
    var edit = TicketEdit()
    edit.priority = .set(random.pick(["low", "normal", "high", "urgent"]) ?? "normal")
    if let group = random.pick(groups), group != .none { edit.group = .set(group) }
    return .createTicket(
      TicketDraft(
        subject: "Pump \(random.below(10_000)) stands",
        comment: CommentDraft(body: "It stands still since shift \(random.below(100))"),
        edit: edit))
  }

  private func work(_ ticket: RowID, _ user: User, _ node: SimNode) throws -> DeskCommand {
    switch random.below(84) {
    case 0..<12:
      var edit = TicketEdit()
      edit.comment = CommentDraft(
        body: "Looked into it, \(random.below(10_000))", isPublic: random.chance(60))
      return .updateTicket(ticket, edit)
    case 12..<40: return .updateTicket(ticket, edit(node))
    case 40..<48: return .take(ticket: ticket, evenIfForeign: random.chance(60))
    case 48..<54:
      let office = plan.offices[random.below(plan.offices.count)].code
      return .handTo(ticket: ticket, office: office, agent: nil, note: "Yours now")
    case 54..<58: return .sendBack(ticket: ticket, note: nil)
    case 58..<62:
      let wake = random.chance(50) ? now + random.between(60_000, 30_000_000) : nil
      return .stay(ticket: ticket, wakeAt: wake)
    case 62..<66: return .moveOn(ticket: ticket)
    case 66..<71:
      var edit = TicketEdit()
      edit.status = "solved"
      return .updateTicket(ticket, edit)
    case 71..<74:
      return .handoffNote(ticket: ticket, text: "Valve is ordered", nextAction: "Call them")
    case 74..<76: return .cover(ticket: ticket)
    case 76..<77: return .deleteTicket(ticket)
    default: return try settle(node) ?? .updateTicket(ticket, edit(node))
    }
  }

  private func edit(_ node: SimNode) -> TicketEdit {
    var edit = TicketEdit()
    switch random.below(6) {
    case 0: edit.subject = "Pump \(random.below(10_000)) leaks"
    case 1: edit.status = random.pick(["open", "pending", "hold"])
    case 2: edit.priority = .set(random.pick(["low", "normal", "high", "urgent"]) ?? "low")
    case 3: edit.addTags = ["t\(random.below(6))"]
    case 4: edit.removeTags = ["t\(random.below(6))"]
    default:
      if let agent = users.filter({ $0.role == .agent }).randomElement(using: &random) {
        edit.assignee = .set(agent.id)
      }
    }
    if random.chance(30), let vector = random.pick(pastVectors[node.index]) {
      edit.version = TicketVersion(vector: vector)
    }
    return edit
  }

  /// Keeps what a form opened now would be opened with.
  func remember(_ node: SimNode) {
    pastVectors[node.index].append(node.replica.local.headed.vector)
    if pastVectors[node.index].count > 12 { pastVectors[node.index].removeFirst() }
  }

  /// Settles the first conflict among the newest tickets, if there is any.
  private func settle(_ node: SimNode) throws -> DeskCommand? {
    guard node.isReadable else { return nil }
    let newest = tickets.suffix(20)
    let found = try node.replica.read { reading -> (RowRef, CellKey, Dot)? in
      for ticket in newest {
        let row = RowRef(Desk.ticket, ticket.id)
        for (cell, state) in reading.row(row).cells.sorted(by: { $0.key < $1.key }) {
          guard let other = state.register?.conflicts.first else { continue }
          return (row, cell, other.stamp.dot)
        }
      }
      return nil
    }
    guard let (row, cell, dot) = found else { return nil }
    return .resolveConflict(row: row, cell: cell, random.chance(50) ? .keep : .other(dot))
  }
}
