// What two offices wrote apart: the owner's value is shown, the other waits in the inbox, alike on
// every node.

import HelpdeskDomain
import ReplicaCore
import Testing

@Suite struct ConflictTests {
  let scene: DeskScene
  let ticket: RowID

  init() throws {
    scene = try DeskScene()
    ticket = try scene.ticket()
    scene.sync()
  }

  func subject(_ node: DeskNode) -> RegisterState {
    node.ticket(ticket).cells[CellKey(TicketColumn.subject)]?.register ?? RegisterState()
  }

  func rename(_ node: DeskNode, _ text: String, by user: RowID) throws {
    try node.act(.updateTicket(ticket, .with { $0.subject = text }), by: user)
  }

  @Test(arguments: [true, false])
  func theOwnersValueIsShownAndTheOtherKept(_ ownerFirst: Bool) throws {
    // Without a roster the ticket is with its home, Paris.
    if ownerFirst {
      try rename(scene.paris, "Paris says", by: scene.agent)
      scene.tokyo.now = scene.paris.now + 60_000
      try rename(scene.tokyo, "Tokyo says", by: scene.tokyoAgent)
    } else {
      try rename(scene.tokyo, "Tokyo says", by: scene.tokyoAgent)
      scene.paris.now = scene.tokyo.now + 60_000
      try rename(scene.paris, "Paris says", by: scene.agent)
    }
    #expect(subject(scene.tokyo).winner?.value == .text("Tokyo says"))
    scene.sync()
    for node in [scene.paris, scene.tokyo] {
      #expect(subject(node).winner?.value == .text("Paris says"))
      #expect(subject(node).conflicts.map(\.value) == [.text("Tokyo says")])
      #expect(node.memory.voids.isEmpty)
    }
    #expect(scene.paris.memory.states == scene.tokyo.memory.states)
  }

  @Test func aWriteThatSawAValueReplacesItWhoeverMadeIt() throws {
    try rename(scene.paris, "Paris says", by: scene.agent)
    scene.sync()
    try rename(scene.tokyo, "Tokyo read and says", by: scene.tokyoAgent)
    scene.sync()
    #expect(subject(scene.paris).winner?.value == .text("Tokyo read and says"))
    #expect(subject(scene.paris).conflicts.isEmpty)
  }

  @Test func aStaleFormCollidesVisibly() throws {
    let version = TicketVersion(vector: scene.paris.memory.vector)
    try rename(scene.paris, "Changed meanwhile", by: scene.lead)
    try scene.paris.act(
      .updateTicket(
        ticket,
        .with {
          $0.version = version
          $0.subject = "From the old form"
        }), by: scene.agent)
    // What one writes is what one sees; what one had not read waits in the inbox.
    #expect(subject(scene.paris).winner?.value == .text("From the old form"))
    #expect(subject(scene.paris).conflicts.map(\.value) == [.text("Changed meanwhile")])
  }

  @Test func anOldFormWritesOnlyWhatItsAuthorChanged() throws {
    let version = TicketVersion(vector: scene.paris.memory.vector)
    try rename(scene.paris, "Changed meanwhile", by: scene.lead)
    try scene.paris.act(
      .updateTicket(
        ticket,
        .with {
          $0.version = version
          $0.subject = "Pump stands"
          $0.status = "new"
          $0.priority = .set("high")
        }), by: scene.agent)
    #expect(subject(scene.paris).winner?.value == .text("Changed meanwhile"))
    #expect(subject(scene.paris).conflicts.isEmpty)
    #expect(scene.paris.ticket(ticket).value(TicketColumn.priority) == .text("high"))
  }

  @Test func tagsOfBothOfficesStand() throws {
    try scene.paris.act(.updateTicket(ticket, .with { $0.addTags = ["a"] }), by: scene.agent)
    scene.sync()
    try scene.paris.act(.updateTicket(ticket, .with { $0.tags = ["b"] }), by: scene.agent)
    try scene.tokyo.act(
      .updateTicket(ticket, .with { $0.tags = ["a", "c"] }), by: scene.tokyoAgent)
    scene.sync()
    #expect(scene.paris.ticket(ticket).elements(TicketColumn.tags) == [.text("b"), .text("c")])
    #expect(scene.paris.memory.states == scene.tokyo.memory.states)
  }

  @Test(arguments: 0..<3)
  func aConflictIsSettledOnce(_ way: Int) throws {
    try rename(scene.paris, "Paris says", by: scene.agent)
    try rename(scene.tokyo, "Tokyo says", by: scene.tokyoAgent)
    scene.sync()
    let other = try #require(subject(scene.tokyo).conflicts.first?.stamp.dot)
    let choices: [(ConflictChoice, String)] = [
      (.keep, "Paris says"), (.other(other), "Tokyo says"), (.both, "Paris says / Tokyo says"),
    ]
    try scene.tokyo.act(
      .resolveConflict(
        row: RowRef(Tables.ticket, ticket), cell: CellKey(TicketColumn.subject),
        choices[way].0), by: scene.tokyoAgent)
    scene.sync()
    for node in [scene.paris, scene.tokyo] {
      #expect(subject(node).winner?.value == .text(choices[way].1))
      #expect(subject(node).conflicts.isEmpty)
    }
    #expect(throws: Refusal.self) {
      try scene.tokyo.act(
        .resolveConflict(
          row: RowRef(Tables.ticket, ticket), cell: CellKey(TicketColumn.subject), .keep),
        by: scene.tokyoAgent)
    }
  }

  @Test func settledApartInTwoWaysIsAConflictAgain() throws {
    try rename(scene.paris, "Paris says", by: scene.agent)
    try rename(scene.tokyo, "Tokyo says", by: scene.tokyoAgent)
    scene.sync()
    let row = RowRef(Tables.ticket, ticket)
    let cell = CellKey(TicketColumn.subject)
    let other = try #require(subject(scene.tokyo).conflicts.first?.stamp.dot)
    try scene.paris.act(.resolveConflict(row: row, cell: cell, .keep), by: scene.agent)
    try scene.tokyo.act(
      .resolveConflict(row: row, cell: cell, .other(other)), by: scene.tokyoAgent)
    scene.sync()
    #expect(subject(scene.paris).winner?.value == .text("Paris says"))
    #expect(subject(scene.paris).conflicts.map(\.value) == [.text("Tokyo says")])
    #expect(scene.paris.memory.states == scene.tokyo.memory.states)
  }

  /// A personal view is its owner's: nobody else settles its conflicts, or sees them.
  @Test func theConflictsOfAPersonalViewAreItsOwners() throws {
    var draft = ViewDraft()
    draft.title = "Mine"
    draft.conditions = ViewConditions(all: [ViewCondition("status", "is", .text("open"))])
    draft.restriction = .user(scene.agent)
    let made = try scene.paris.act(.view(.create(draft)), by: scene.agent)
    let id = try #require(made.created)
    scene.sync()
    for (node, title) in [(scene.paris, "In Paris"), (scene.tokyo, "In Tokyo")] {
      draft.title = title
      try node.act(.view(.update(id, draft)), by: scene.agent)
    }
    scene.sync()
    let row = RowRef(Tables.view, id)
    let cell = CellKey(ViewColumn.title)
    let state = scene.paris.row(Tables.view, id)
    let register = try #require(state.cells[cell]?.register)
    #expect(register.conflicts.count == 1)
    let conflict = ConflictRecord(
      row: row, cell: cell, column: "title", shown: try #require(register.winner),
      shownBy: scene.agent, others: register.conflicts, othersBy: [scene.agent],
      restriction: Restriction(of: Tables.view, state))
    #expect(conflict.restriction == .user(scene.agent))
    let settle = DeskCommand.resolveConflict(row: row, cell: cell, .keep)
    for role in Role.allCases where role != .agent {
      let user = scene.user(role)
      #expect(!conflict.isShown(to: scene.paris.actor(user)), "\(role)")
      #expect(throws: Refusal.self) { try scene.paris.act(settle, by: user) }
    }
    #expect(conflict.isShown(to: scene.paris.actor(scene.agent)))
    #expect(conflict.isShown(to: scene.paris.console))
    try scene.tokyo.act(settle, by: scene.agent)
    scene.sync()
    #expect(scene.paris.row(Tables.view, id).cells[cell]?.register?.conflicts.isEmpty == true)
    #expect(scene.paris.memory.voids.isEmpty)
  }

  /// Where a row itself is for few, so are its conflicts.
  @Test func theInboxShowsToNobodyWhatTheRowDoesNot() {
    let write = Write(
      Stamp(dot: Dot(Slot(1), 1), hlc: .zero, fence: 0, byOwner: false), .text("x"))
    func shown(_ entity: EntityCode, _ restriction: Restriction = .everybody) -> Set<Role> {
      let conflict = ConflictRecord(
        row: RowRef(entity, RowID(10_001)), cell: CellKey(3), column: "c", shown: write,
        shownBy: .none, others: [write], othersBy: [.none], restriction: restriction)
      return Set(Role.allCases.filter { conflict.isShown(to: scene.paris.actor(scene.user($0))) })
    }
    #expect(shown(Tables.webhook) == [.admin])
    #expect(shown(Tables.token) == [.admin, .auditor])
    #expect(shown(Tables.macro, .groups([scene.group])) == [.lead, .admin])
    #expect(shown(Tables.macro, .user(scene.agent)) == [.agent])
    for entity in [Tables.ticket, Tables.view] {
      #expect(shown(entity) == [.lightAgent, .agent, .lead, .admin, .auditor])
    }
  }

  /// Their owner alone sees personal ones, and leads what is shared.
  @Test func aPersonalMacroIsItsOwnersToSettle() throws {
    var draft = MacroDraft()
    draft.title = "Mine"
    draft.actions = [MacroAction("status", .text("solved"))]
    draft.restriction = .user(scene.agent)
    let id = try #require(try scene.paris.act(.macro(.create(draft)), by: scene.agent).created)
    scene.sync()
    for (node, title) in [(scene.paris, "Here"), (scene.tokyo, "There")] {
      var edit = MacroDraft()
      edit.title = title
      try node.act(.macro(.update(id, edit)), by: scene.agent)
    }
    scene.sync()
    let row = RowRef(Tables.macro, id)
    let settle = DeskCommand.resolveConflict(
      row: row, cell: CellKey(MacroColumn.title), .keep)
    for user in [scene.lead, scene.admin, scene.tokyoAgent] {
      #expect(throws: Refusal.notFound(kind: "macro", id: "\(id)")) {
        try scene.paris.act(settle, by: user)
      }
    }
    try scene.paris.act(settle, by: scene.agent)
    scene.sync()
    let title = scene.tokyo.row(Tables.macro, id).cells[CellKey(MacroColumn.title)]?.register
    #expect(title?.conflicts.isEmpty == true)
  }

  @Test func twoOptionsOfAListAreNotJoined() throws {
    let draft = TicketFieldDraft(title: "Handset", type: "tagger", options: #"["a","b"]"#)
    let field = try #require(
      try scene.paris.act(.createTicketField(draft), by: scene.admin).created)
    scene.sync()
    for (node, user, value) in [
      (scene.paris, scene.agent, "a"), (scene.tokyo, scene.tokyoAgent, "b"),
    ] {
      try node.act(.updateTicket(ticket, .with { $0.fields = [field: .text(value)] }), by: user)
    }
    scene.sync()
    let cell = CellKey(TicketColumn.fields, key: field.rawValue)
    let row = RowRef(Tables.ticket, ticket)
    #expect(
      problems {
        try scene.paris.act(.resolveConflict(row: row, cell: cell, .both), by: scene.agent)
      } == ["choice:InvalidValue"])
    try scene.paris.act(.resolveConflict(row: row, cell: cell, .keep), by: scene.agent)
  }
}
