// What an office did in a shift, counted from real deltas.

import HelpdeskDomain
import ReplicaCore
import Testing

@Suite struct ShiftTallyTests {
  let scene: DutyScene
  let ticket: RowID

  init() throws {
    scene = try DutyScene()
    ticket = try scene.desk.ticket()
    scene.desk.sync()
  }

  /// The delta of an act.
  func done(_ command: DeskCommand, by actor: Actor, on node: DeskNode) throws -> Delta {
    try node.act(command, by: actor)
    return try #require(node.memory.log.last?.delta)
  }

  func done(_ command: DeskCommand, by user: RowID) throws -> Delta {
    try done(command, by: scene.paris.actor(user), on: scene.paris)
  }

  /// The tally of an office over all deltas of both nodes, whose authors' offices are known.
  func tally(_ office: OfficeID, _ deltas: [(Delta, OfficeID?)]) -> ShiftTally {
    var tally = ShiftTally(of: office)
    for (delta, author) in deltas {
      tally.add(delta, by: author, at: delta.header.hlc.instant)
    }
    return tally
  }

  @Test func aNewTicketIsOneActAndAReplyIsAnother() throws {
    let made = try done(
      .createTicket(TicketDraft(subject: "Second", comment: CommentDraft(body: "x"))),
      by: scene.desk.agent)
    let reply = try done(
      .updateTicket(
        ticket,
        .with {
          $0.comment = CommentDraft(body: "Done")
          $0.status = "solved"
        }), by: scene.desk.agent)
    let note = try done(
      .updateTicket(ticket, .with { $0.comment = CommentDraft(body: "psst", isPublic: false) }),
      by: scene.desk.agent)
    let tally = tally(
      DeskScene.paris, [made, reply, note].map { ($0, DeskScene.paris) })
    #expect(
      tally.acts[scene.desk.agent] == [
        .created: 1, .publicReply: 1, .solved: 1, .assigned: 1, .privateNote: 1,
      ])
    #expect(tally.touched.keys.contains(ticket))
    #expect(tally.touched.count == 2)
  }

  @Test func whatOthersDidCountsOnlyWhereItConcernsTheOffice() throws {
    scene.at("2026-09-18T20:10Z")
    let handed = try done(
      .handTo(ticket: ticket, office: DeskScene.tokyo, agent: nil, note: "Yours"),
      by: scene.desk.agent)
    let own = tally(DeskScene.paris, [(handed, DeskScene.paris)])
    #expect(own.handedOn.map(\.to) == [DeskScene.tokyo])
    #expect(own.handedOn.map(\.note) == ["Yours"])
    #expect(own.received.isEmpty)
    let theirs = tally(DeskScene.tokyo, [(handed, DeskScene.paris)])
    #expect(theirs.received.map(\.ticket) == [ticket])
    #expect(theirs.acts.isEmpty)
    #expect(theirs.touched.isEmpty)
  }

  @Test func aNodesOwnEntriesAreNobodysActs() throws {
    let seen = try done(
      .createGroup(GroupDraft(name: "Valves")), by: scene.paris.console, on: scene.paris)
    #expect(tally(DeskScene.paris, [(seen, nil)]).acts.isEmpty)
  }

  @Test func anAcceptedBoardIsListedAndAnActOnOneTicketIsCounted() throws {
    scene.at("2026-09-18T20:40Z")
    let (lead, agent) = (
      scene.tokyo.actor(scene.desk.tokyoLead), scene.tokyo.actor(scene.desk.tokyoAgent)
    )
    let accepted = try done(.accept, by: lead, on: scene.tokyo)
    let edit = try done(
      .updateTicket(ticket, .with { $0.subject = "Tokyo has it" }), by: agent, on: scene.tokyo)
    let tally = tally(
      DeskScene.tokyo, [(accepted, DeskScene.tokyo), (edit, DeskScene.tokyo)])
    #expect(tally.accepted.map(\.kind) == [.accept])
    #expect(tally.acts[scene.desk.tokyoLead] == [.accept: 1])
    #expect(tally.acts[scene.desk.tokyoAgent]?[.fields] == 1)
  }

  @Test func aPromiseIsKeptWithTheNoteAndMustLieAhead() throws {
    let until = scene.paris.now + 3_600_000
    try scene.paris.act(
      .handoffNote(
        ticket: ticket, text: "Waits", nextAction: nil,
        promise: HandoffPromise(text: "We call back", to: "Ada", until: until)),
      by: scene.desk.agent)
    let id = try #require(scene.paris.memory.rows(of: Tables.handoffNote).last)
    let note = scene.paris.row(Tables.handoffNote, id)
    #expect(note.value(HandoffNoteColumn.promise) == .text("We call back"))
    #expect(note.value(HandoffNoteColumn.promisedTo) == .text("Ada"))
    #expect(note.value(HandoffNoteColumn.promisedUntil) == .integer(until.milliseconds))
    for (text, time) in [("", until), ("We call", scene.paris.now)] {
      let promise = HandoffPromise(text: text, to: nil, until: time)
      #expect(
        problems {
          try scene.paris.act(
            .handoffNote(ticket: ticket, text: "n", nextAction: nil, promise: promise),
            by: scene.desk.agent)
        }.count == 1)
    }
  }
}
