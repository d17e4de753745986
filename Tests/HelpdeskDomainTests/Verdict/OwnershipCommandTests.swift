// Ownership acts through decide and verdict, with a real roster: Paris by day, Tokyo by night.

import HelpdeskDomain
import ReplicaCore
import Testing

@Suite struct OwnershipCommandTests {
  let scene: DutyScene
  let ticket: RowID

  init() throws {
    scene = try DutyScene()
    ticket = try scene.desk.ticket()
    scene.desk.sync()
  }

  func everywhere(_ check: (DeskNode) -> Void) {
    for node in [scene.paris, scene.tokyo] { check(node) }
  }

  func refusal(_ body: () throws -> Void) -> Refusal? {
    do {
      try body()
      return nil
    } catch {
      return error as? Refusal
    }
  }

  @Test func aTicketMovesOnAtTheBoundaryWithoutAnyDelta() {
    let deltas = scene.paris.memory.log.count
    everywhere { #expect(scene.owner(ticket, on: $0).office == DeskScene.paris) }
    scene.at("2026-09-18T20:30Z")
    everywhere {
      #expect(scene.owner(ticket, on: $0).office == DeskScene.tokyo)
      #expect($0.memory.log.count == deltas)
    }
  }

  @Test func theBirthInTheOfficeOnDutyAcceptsTheTicket() {
    guard case .accepted = scene.owner(ticket, on: scene.tokyo).reason else {
      Issue.record("not accepted by its birth")
      return
    }
  }

  @Test func theIncomingLeadAcceptsForAllGroups() throws {
    #expect(
      refusal { try scene.tokyo.act(.accept, by: scene.desk.tokyoLead) }
        == .ownership(
          .notOnDuty(
            office: DeskScene.tokyo, onDuty: DeskScene.paris, until: utc("2026-09-18T20:30Z"))))
    scene.at("2026-09-18T20:40Z")
    #expect(scene.owner(ticket, on: scene.tokyo).reason == .onDuty)
    try scene.tokyo.act(.accept, by: scene.desk.tokyoLead)
    scene.desk.sync()
    everywhere {
      guard case .accepted = scene.owner(ticket, on: $0).reason else {
        Issue.record("not accepted on \($0.office)")
        return
      }
      #expect($0.memory.voids.isEmpty)
    }
  }

  /// INVARIANTS 13, hostile row 11: the raw delta of another office's agent is void everywhere.
  @Test func anAgentOfAnotherOfficeCannotAcceptNotEvenByARawDelta() throws {
    scene.at("2026-09-18T20:40Z")
    let honest = try Decider.decide(
      command: .accept, actor: scene.tokyo.actor(scene.desk.tokyoLead),
      reading: scene.tokyo.memory, context: scene.tokyo.context())
    let paris = scene.tokyo.actor(scene.desk.lead)
    #expect(scene.tokyo.forge(honest.changes, by: paris) == .otherOffice)
    // In its own name, but not on duty.
    var changes = honest.changes
    changes[0].row = RowRef(Tables.acceptance, scene.tokyo.freshID())
    for index in changes[0].actions.indices
    where changes[0].actions[index].cell.column == AcceptanceColumn.office {
      changes[0].actions[index].kind = .write(.plain(.text("paris")), replaces: [], unread: [])
    }
    #expect(scene.tokyo.forge(changes, by: paris) == .notOnDuty)
    // By an agent who is no lead.
    changes = honest.changes
    changes[0].row = RowRef(Tables.acceptance, scene.tokyo.freshID())
    #expect(
      scene.tokyo.forge(changes, by: scene.tokyo.actor(scene.desk.tokyoAgent)) == .role)
    // One that does not say whether it is of a ticket or of the whole board.
    changes = honest.changes
    changes[0].row = RowRef(Tables.acceptance, scene.tokyo.freshID())
    changes[0].actions.removeAll { $0.cell.column == AcceptanceColumn.ticket }
    #expect(
      scene.tokyo.forge(changes, by: scene.tokyo.actor(scene.desk.tokyoLead)) == .incomplete)
    scene.desk.sync()
    everywhere {
      #expect($0.memory.voids.count == 4)
      #expect(scene.owner(ticket, on: $0).reason == .onDuty)
    }
    #expect(scene.paris.memory.voids == scene.tokyo.memory.voids)
  }

  @Test func onlyTheFallbacksLeadCoversAndOnlyInTime() throws {
    scene.at("2026-09-18T20:40Z")
    let cover = DeskCommand.cover(ticket: nil)
    #expect(
      refusal { try scene.paris.act(cover, by: scene.desk.lead) }
        == .ownership(.tooEarlyToCover(at: utc("2026-09-18T20:45Z"))))
    scene.at("2026-09-18T20:50Z")
    let honest = try Decider.decide(
      command: cover, actor: scene.paris.actor(scene.desk.lead), reading: scene.paris.memory,
      context: scene.paris.context())
    #expect(
      refusal { try scene.tokyo.act(cover, by: scene.desk.tokyoLead) }
        == .ownership(.notFallback(office: DeskScene.tokyo, fallback: DeskScene.paris)))
    #expect(
      DeskMemoryJudge.verdict(
        honest.changes, by: scene.paris.actor(scene.desk.tokyoLead), on: scene.paris)
        == .otherOffice)
    try scene.paris.act(cover, by: scene.desk.lead)
    scene.desk.sync()
    everywhere {
      #expect(scene.owner(ticket, on: $0).office == DeskScene.paris)
      #expect($0.memory.voids.isEmpty)
    }
    // A late accept beats the cover.
    try scene.tokyo.act(.accept, by: scene.desk.tokyoLead)
    scene.desk.sync()
    everywhere { #expect(scene.owner(ticket, on: $0).office == DeskScene.tokyo) }
  }

  @Test func takingAsksFirstWhereTheTicketIsForeign() throws {
    scene.at("2026-09-18T20:10Z")
    let take = DeskCommand.take(ticket: ticket, evenIfForeign: false)
    #expect(
      refusal { try scene.tokyo.act(take, by: scene.desk.tokyoAgent) }
        == .ownership(.foreignTicket(owner: DeskScene.paris)))
    try scene.tokyo.act(
      .take(ticket: ticket, evenIfForeign: true), by: scene.desk.tokyoAgent)
    scene.desk.sync()
    everywhere {
      let owner = scene.owner(ticket, on: $0)
      #expect(owner.office == DeskScene.tokyo)
      #expect(owner.agent == scene.desk.tokyoAgent)
      #expect(
        $0.ticket(ticket).value(TicketColumn.assignee)
          == .integer(scene.desk.tokyoAgent.rawValue))
      #expect($0.ticket(ticket).value(TicketColumn.status) == .text("open"))
    }
  }

  /// A grant holds in one group; the taker's default group must not move the ticket away from it.
  @Test func takingDoesNotMoveTheTicketToTheTakersGroup() throws {
    try scene.paris.act(
      .addMembership(user: scene.desk.tokyoAgent, group: scene.desk.group, isDefault: true),
      by: scene.desk.admin)
    scene.desk.sync()
    scene.at("2026-09-18T20:10Z")
    try scene.tokyo.act(
      .take(ticket: ticket, evenIfForeign: true), by: scene.desk.tokyoAgent)
    #expect(scene.owner(ticket, on: scene.tokyo).office == DeskScene.tokyo)
    #expect(scene.tokyo.ticket(ticket).value(TicketColumn.group) == .null)
  }

  @Test func onlyTheOwnerHandsOn() throws {
    let hand = DeskCommand.handTo(
      ticket: ticket, office: DeskScene.tokyo, agent: scene.desk.tokyoAgent, note: "Please")
    scene.at("2026-09-18T20:10Z")
    #expect(
      refusal { try scene.tokyo.act(hand, by: scene.desk.tokyoAgent) }
        == .ownership(.notOwner(office: DeskScene.tokyo, owner: DeskScene.paris)))
    let honest = try Decider.decide(
      command: hand, actor: scene.paris.actor(scene.desk.agent), reading: scene.paris.memory,
      context: scene.paris.context())
    #expect(
      DeskMemoryJudge.verdict(
        honest.changes.filter { $0.row.entity == Tables.grant },
        by: scene.paris.actor(scene.desk.tokyoAgent), on: scene.paris) == .notOwner)
    try scene.paris.act(hand, by: scene.desk.agent)
    scene.desk.sync()
    everywhere { #expect(scene.owner(ticket, on: $0).office == DeskScene.tokyo) }
    try scene.tokyo.act(.sendBack(ticket: ticket, note: nil), by: scene.desk.tokyoAgent)
    scene.desk.sync()
    everywhere {
      #expect(scene.owner(ticket, on: $0).office == DeskScene.paris)
      #expect($0.memory.voids.isEmpty)
    }
  }

  @Test func aStayingTicketKeepsItsHomeAndWakesWhenTheCustomerWrites() throws {
    let customer = scene.desk.user(.endUser)
    let stayer = try scene.desk.ticket { $0.edit.requester = customer }
    try scene.paris.act(.stay(ticket: stayer, wakeAt: nil), by: scene.desk.agent)
    scene.at("2026-09-18T21:00Z")
    scene.desk.sync()
    everywhere { #expect(scene.owner(stayer, on: $0).office == DeskScene.paris) }
    try scene.tokyo.act(
      .updateTicket(
        stayer, .with { $0.comment = CommentDraft(body: "Help!", author: customer) }),
      by: scene.desk.tokyoAgent)
    #expect(scene.owner(stayer, on: scene.tokyo).office == DeskScene.tokyo)
    try scene.tokyo.act(.stay(ticket: stayer, wakeAt: nil), by: scene.desk.tokyoAgent)
    try scene.tokyo.act(.moveOn(ticket: stayer), by: scene.desk.tokyoAgent)
    #expect(scene.owner(stayer, on: scene.tokyo).office == DeskScene.tokyo)
    #expect(
      refusal {
        try scene.tokyo.act(
          .stay(ticket: stayer, wakeAt: DeskScene.start), by: scene.desk.tokyoAgent)
      } != nil)
  }

  @Test func becomingUrgentMovesAStayingTicketOnInTheSameDelta() throws {
    try scene.paris.act(.stay(ticket: ticket, wakeAt: nil), by: scene.desk.agent)
    let decision = try scene.paris.act(
      .updateTicket(ticket, .with { $0.priority = .set("urgent") }), by: scene.desk.agent)
    #expect(decision.changes[0].actions.map(\.cell.column).contains(TicketColumn.placement))
    let text = scene.paris.ticket(ticket).value(TicketColumn.placement)
    #expect(Placement(text)?.mode == .movesOn)
  }

  @Test func theGroupOfThePlacementFollowsTheTickets() throws {
    try scene.paris.act(
      .updateTicket(ticket, .with { $0.group = .set(scene.desk.group) }), by: scene.desk.agent)
    let placement = Placement(scene.paris.ticket(ticket).value(TicketColumn.placement))
    #expect(placement?.group == scene.desk.group)
    #expect(placement?.home == DeskScene.paris)
  }

  @Test func anActOfTheOfficeOnDutyAcceptsThatTicketOnce() throws {
    scene.at("2026-09-18T20:40Z")
    let note = DeskCommand.updateTicket(
      ticket, .with { $0.comment = CommentDraft(body: "Seen", isPublic: false) })
    try scene.paris.act(note, by: scene.desk.agent)
    #expect(scene.rows(Tables.acceptance, on: scene.paris) == 1)
    try scene.tokyo.act(note, by: scene.desk.tokyoAgent)
    #expect(scene.rows(Tables.acceptance, on: scene.tokyo) == 2)
    try scene.tokyo.act(note, by: scene.desk.tokyoAgent)
    #expect(scene.rows(Tables.acceptance, on: scene.tokyo) == 2)
    scene.desk.sync()
    guard case .accepted = scene.owner(ticket, on: scene.paris).reason else {
      Issue.record("not accepted")
      return
    }
  }

  /// A ticket born in a cut-off office is in transit until the office on duty has provably seen it.
  @Test func whatTheOfficeHasNotSeenIsInTransit() throws {
    scene.at("2026-09-18T20:40Z")
    try scene.tokyo.act(.accept, by: scene.desk.tokyoLead)
    let born = try scene.desk.ticket()
    scene.desk.sync()
    everywhere { #expect(scene.owner(born, on: $0).reason == .onDuty) }
    scene.at("2026-09-18T20:42Z")
    try scene.tokyo.act(.recordSeen, by: scene.tokyo.console)
    #expect(try scene.tokyo.act(.recordSeen, by: scene.tokyo.console).isEmpty)
    scene.desk.sync()
    everywhere {
      guard case .accepted = scene.owner(born, on: $0).reason else {
        Issue.record("still in transit on \($0.office)")
        return
      }
      #expect($0.memory.voids.isEmpty)
    }
    #expect(throws: Refusal.self) {
      try scene.tokyo.act(.recordSeen, by: scene.desk.tokyoLead)
    }
  }

  @Test func aNodeSpeaksOnlyForItsOwnOffice() throws {
    scene.at("2026-09-18T20:40Z")
    try scene.tokyo.act(.accept, by: scene.desk.tokyoLead)
    try scene.desk.paris.act(
      .updateTicket(ticket, .with { $0.subject = "New" }), by: scene.desk.agent)
    scene.desk.sync()
    scene.at("2026-09-18T20:45Z")
    let honest = try Decider.decide(
      command: .recordSeen, actor: scene.tokyo.console, reading: scene.tokyo.memory,
      context: scene.tokyo.context())
    #expect(!honest.isEmpty)
    var changes = honest.changes
    changes[0].row = RowRef(Tables.seen, scene.paris.freshID())
    #expect(scene.paris.forge(changes, by: scene.paris.console) == .otherOffice)
  }

  @Test func aNodeThatCannotTrustItsClockMayNotAcceptOrCover() throws {
    scene.at("2026-09-18T20:50Z")
    scene.tokyo.clockDrift = 86_400_000
    #expect(
      refusal { try scene.tokyo.act(.accept, by: scene.desk.tokyoLead) }
        == .clockUntrusted(driftMilliseconds: 86_400_000))
    scene.paris.clockDrift = -5_000
    #expect(
      refusal { try scene.paris.act(.cover(ticket: ticket), by: scene.desk.lead) }
        == .clockUntrusted(driftMilliseconds: -5_000))
    let edit = try scene.tokyo.act(
      .updateTicket(ticket, .with { $0.subject = "Worked on" }), by: scene.desk.tokyoAgent)
    #expect(!edit.changes[0].byOwner)
  }

  @Test func theOwnersFenceIsItsSlotsStartAndNobodyElseMayClaimIt() throws {
    let edit = DeskCommand.updateTicket(ticket, .with { $0.subject = "Owned" })
    let byOwner = try scene.paris.act(edit, by: scene.desk.agent)
    let fence = UInt64(utc("2026-09-18T08:30Z").seconds)
    #expect(byOwner.changes[0].byOwner)
    #expect(byOwner.changes[0].actions.allSatisfy { $0.fence == fence })
    scene.desk.sync()
    let foreign = try scene.tokyo.act(
      .updateTicket(ticket, .with { $0.subject = "Foreign" }), by: scene.desk.tokyoAgent)
    #expect(!foreign.changes[0].byOwner)
    #expect(foreign.changes[0].actions[0].fence == fence)

    let tokyo = scene.tokyo.actor(scene.desk.tokyoAgent)
    func claim(_ fence: Instant, byOwner: Bool) -> VoidReason? {
      let change = RowChange(
        RowRef(Tables.ticket, ticket), byOwner: byOwner,
        [
          CellAction(
            CellKey(TicketColumn.priority),
            .write(.plain(.text("low")), replaces: [], unread: []),
            fence: UInt64(fence.seconds))
        ])
      return DeskMemoryJudge.verdict([change], by: tokyo, on: scene.tokyo)
    }
    #expect(claim(utc("2026-09-18T08:30Z"), byOwner: true) == .notOwner)
    #expect(claim(utc("2026-09-18T08:30Z"), byOwner: false) == .fence)
    #expect(claim(utc("2026-09-18T20:29Z"), byOwner: true) == .fence)
    #expect(claim(utc("2026-09-18T20:30Z"), byOwner: true) == nil)
  }

  @Test func writesApartShowTheOwnersAcrossABoundary() throws {
    scene.at("2026-09-18T20:29Z")
    try scene.paris.act(
      .updateTicket(ticket, .with { $0.subject = "Paris, late" }), by: scene.desk.agent)
    scene.at("2026-09-18T20:35Z")
    try scene.tokyo.act(
      .updateTicket(ticket, .with { $0.subject = "Tokyo, on duty" }), by: scene.desk.tokyoAgent)
    scene.paris.now = utc("2026-09-18T20:40Z")
    try scene.paris.act(
      .updateTicket(ticket, .with { $0.subject = "Paris, out of turn" }), by: scene.desk.agent)
    scene.desk.sync()
    everywhere {
      let subject = $0.ticket(ticket).cells[CellKey(TicketColumn.subject)]?.register
      #expect(subject?.winner?.value == .text("Tokyo, on duty"))
      #expect(subject?.conflicts.map(\.value) == [.text("Paris, out of turn")])
      #expect($0.memory.voids.isEmpty)
    }
  }

  @Test func aHandoffNoteIsKeptWithItsSlot() throws {
    try scene.paris.act(
      .handoffNote(ticket: ticket, text: "Valve is closed", nextAction: "Call at nine"),
      by: scene.desk.agent)
    let id = try #require(scene.paris.memory.rows(of: Tables.handoffNote).first)
    let note = scene.paris.row(Tables.handoffNote, id)
    #expect(
      note.value(HandoffNoteColumn.slotStart)
        == .integer(utc("2026-09-18T08:30Z").milliseconds))
    #expect(note.value(HandoffNoteColumn.office) == .text("paris"))
  }

  @Test func rostersMustBeReadableAndNewer() throws {
    let node = scene.paris
    let admin = scene.desk.admin
    let late = try DutyScene.canonical(number: 1, now: node.now)
    for bad in ["{}", "not json", late, late + " "] {
      #expect(
        problems { try node.act(.publishRoster(canonical: bad), by: admin) }
          == ["roster:InvalidValue"])
    }
    try node.act(
      .publishRoster(canonical: try DutyScene.canonical(number: 2, now: node.now)), by: admin)
    let bad = RowChange(
      RowRef(Tables.roster, node.freshID()),
      [
        CellAction(
          CellKey(RosterColumn.publication),
          .write(.plain(.text("{}")), replaces: [], unread: []))
      ])
    #expect(node.forge([bad], by: node.actor(admin)) == .badRoster)
  }

  /// An agent of Paris works on at Tokyo's node, and her acts count for Paris.
  @Test func anActCountsForTheAgentsOfficeWhereverTheNodeIs() throws {
    let edit = try scene.tokyo.act(
      .updateTicket(ticket, .with { $0.subject = "From abroad" }), by: scene.desk.agent)
    #expect(edit.changes[0].byOwner)
    scene.at("2026-09-18T20:40Z")
    try scene.paris.act(.accept, by: scene.desk.tokyoLead)
    scene.desk.sync()
    everywhere { #expect($0.memory.voids.isEmpty) }
  }
}
