// Tickets through decide: what each command writes, and what it refuses.

import HelpdeskDomain
import ReplicaCore
import Testing

@Suite struct TicketCommandTests {
  let scene: DeskScene

  init() throws { scene = try DeskScene() }

  func edit(
    _ ticket: RowID, by user: RowID? = nil, _ change: (inout TicketEdit) -> Void
  ) throws -> Decision {
    try scene.paris.act(.updateTicket(ticket, .with(change)), by: user ?? scene.agent)
  }

  func shown(_ ticket: RowID, _ column: UInt16) -> Value {
    scene.paris.ticket(ticket).value(column)
  }

  @Test func theFirstCommentIsTheDescription() throws {
    let id = try scene.ticket()
    let comments = scene.paris.memory.rows(
      of: Tables.comment, column: CommentColumn.ticket, equals: .integer(id.rawValue))
    #expect(comments.count == 1)
    let comment = scene.paris.row(Tables.comment, comments[0])
    #expect(comment.value(CommentColumn.body) == .text("It stands still"))
    #expect(comment.value(CommentColumn.author) == .integer(scene.agent.rawValue))
    #expect(shown(id, TicketColumn.status) == .text("new"))
    #expect(shown(id, TicketColumn.requester) == .integer(scene.agent.rawValue))
  }

  @Test func newBecomesOpenOnAssignment() throws {
    let id = try scene.ticket()
    _ = try edit(id) { $0.assignee = .set(scene.agent) }
    #expect(shown(id, TicketColumn.status) == .text("open"))
    #expect(
      problems { _ = try edit(id) { $0.status = "new" } } == ["status:InvalidValue"])
  }

  @Test func whoSolvesAnUnassignedTicketIsItsAssignee() throws {
    let id = try scene.ticket()
    _ = try edit(id) { $0.status = "solved" }
    #expect(shown(id, TicketColumn.assignee) == .integer(scene.agent.rawValue))
    #expect(shown(id, TicketColumn.status) == .text("solved"))
  }

  @Test func collaboratorsAreReplacedOrAddedAndTakenAway() throws {
    func copied(_ id: RowID) -> [Value] {
      scene.paris.ticket(id).elements(TicketColumn.collaborators).sorted()
    }
    let id = try scene.ticket { $0.edit.collaborators = [scene.lead] }
    _ = try edit(id) {
      $0.addCollaborators = [scene.admin]
      $0.removeCollaborators = [scene.lead]
    }
    #expect(copied(id) == [.integer(scene.admin.rawValue)])
    #expect(
      problems { _ = try edit(id) { $0.addCollaborators = [RowID(99)] } }
        == ["collaborator_ids:RecordNotFound"])
    _ = try edit(id) {
      $0.collaborators = [scene.lead]
      $0.addCollaborators = [scene.agent]
    }
    #expect(
      Set(copied(id)) == [.integer(scene.lead.rawValue), .integer(scene.agent.rawValue)])
  }

  @Test func closedTicketsRefuseChanges() throws {
    let id = try scene.ticket()
    _ = try edit(id) { $0.status = "closed" }
    #expect(
      problems { _ = try edit(id) { $0.subject = "Again" } } == ["status:InvalidValue"])
    #expect(
      problems { _ = try edit(id) { $0.comment = CommentDraft(body: "Again") } }
        == ["status:InvalidValue"])
    let words = messages { _ = try edit(id) { $0.subject = "Again" } }
    #expect(
      words == [
        "status: closed prevents ticket update; open a new ticket and name this one in it"
      ])
  }

  @Test func anEmptyWordIsToldThatNullClears() throws {
    let id = try scene.ticket { $0.edit.priority = .set("high") }
    for words in [
      messages { _ = try edit(id) { $0.priority = .set("") } },
      messages { _ = try edit(id) { $0.type = .set("") } },
    ] { #expect(words.first?.hasSuffix("; null clears it") == true, "\(words)") }
    let words = messages { _ = try edit(id) { $0.status = "" } }
    #expect(words.count == 1 && !words[0].contains("null"), "\(words)")
  }

  private func messages(_ body: () throws -> Void) -> [String] {
    do {
      try body()
      return []
    } catch Refusal.invalid(let problems) {
      return problems.map(\.message)
    } catch {
      return ["\(error)"]
    }
  }

  @Test func aReplyOfTheCustomerReopens() throws {
    let customer = scene.user(.endUser)
    let id = try scene.ticket { $0.edit.requester = customer }
    _ = try edit(id) { $0.status = "solved" }
    _ = try edit(id) {
      $0.comment = CommentDraft(body: "Still broken", author: customer)
    }
    #expect(shown(id, TicketColumn.status) == .text("open"))
    // Who says a status means it.
    _ = try edit(id) {
      $0.comment = CommentDraft(body: "Once more", author: customer)
      $0.status = "pending"
    }
    #expect(shown(id, TicketColumn.status) == .text("pending"))
  }

  /// As docs/API.md says where this desk differs.
  @Test func aGroupAloneKeepsTheAssigneeAndAProblemItsIncidents() throws {
    let problem = try scene.ticket {
      $0.edit.type = .set("problem")
      $0.edit.assignee = .set(scene.agent)
    }
    let incident = try scene.ticket {
      $0.edit.type = .set("incident")
      $0.edit.problem = .set(problem)
    }
    _ = try edit(problem) {
      $0.group = .set(scene.group)
      $0.status = "solved"
    }
    #expect(shown(problem, TicketColumn.assignee) == .integer(scene.agent.rawValue))
    #expect(shown(incident, TicketColumn.status) == .text("new"))
  }

  @Test func whatChangesNothingMakesNoDelta() throws {
    let id = try scene.ticket { $0.edit.priority = .set("high") }
    let again = try edit(id) {
      $0.subject = "Pump stands"
      $0.priority = .set("HIGH")
      $0.tags = []
      $0.dueAt = .clear
    }
    #expect(again.isEmpty)
    #expect(try edit(id) { _ in }.isEmpty)
  }

  @Test func aCommentTouchesItsTicket() throws {
    let id = try scene.ticket()
    let decision = try edit(id) { $0.comment = CommentDraft(body: "Ordered", isPublic: false) }
    let touch = try #require(decision.changes.first)
    #expect(touch.row == RowRef(Tables.ticket, id))
    #expect(touch.actions.isEmpty)
    #expect(decision.changes.count == 2)
  }

  @Test func tagsAreNormalAndSetsAreDiffed() throws {
    let id = try scene.ticket { $0.edit.tags = ["VIP", " two words ", "vip"] }
    #expect(
      scene.paris.ticket(id).elements(TicketColumn.tags) == [.text("two_words"), .text("vip")])
    let decision = try edit(id) {
      $0.tags = ["vip"]
      $0.addTags = ["New"]
    }
    #expect(decision.changes[0].actions.count == 2)
    #expect(scene.paris.ticket(id).elements(TicketColumn.tags) == [.text("new"), .text("vip")])
    _ = try edit(id) { $0.removeTags = ["vip", "never"] }
    #expect(scene.paris.ticket(id).elements(TicketColumn.tags) == [.text("new")])
  }

  @Test func everyProblemIsNamedAtOnce() throws {
    let found = problems {
      _ = try scene.ticket {
        $0.comment = CommentDraft(body: " \n")
        $0.subject = String(repeating: "s", count: 1_001)
        $0.edit.priority = .set("whatever")
        $0.edit.type = .set("riddle")
        $0.edit.status = "lost"
        $0.edit.assignee = .set(RowID(990_001))
        $0.edit.group = .set(RowID(990_001))
        $0.edit.organization = .set(RowID(990_001))
        $0.edit.fields = [RowID(990_001): .text("x")]
        $0.edit.problem = .set(RowID(990_001))
        $0.edit.requester = RowID(990_001)
      }
    }
    #expect(
      Set(found) == [
        "comment:BlankValue", "subject:TooLong", "priority:InvalidValue",
        "type:InvalidValue", "status:InvalidValue", "assignee_id:RecordNotFound",
        "group_id:RecordNotFound", "organization_id:RecordNotFound",
        "custom_fields:RecordNotFound", "problem_id:RecordNotFound",
        "requester_id:RecordNotFound",
      ])
  }

  @Test func longTextIsKeptWholeUpToTheLimit() throws {
    let long = String(repeating: "语", count: 100_000)
    let id = try scene.ticket { $0.comment = CommentDraft(body: long) }
    let comments = scene.paris.memory.rows(
      of: Tables.comment, column: CommentColumn.ticket, equals: .integer(id.rawValue))
    #expect(scene.paris.row(Tables.comment, comments[0]).value(CommentColumn.body) == .text(long))
    let tooLong = String(repeating: "x", count: (512 << 10) + 1)
    #expect(
      problems { _ = try scene.ticket { $0.comment = CommentDraft(body: tooLong) } }
        == ["comment.body:TooLong"])
  }

  @Test func assigneesAreAgents() throws {
    let id = try scene.ticket()
    #expect(
      problems { _ = try edit(id) { $0.assignee = .set(scene.user(.endUser)) } }
        == ["assignee_id:InvalidValue"])
  }

  @Test func anAssigneeBringsTheirDefaultGroup() throws {
    try scene.paris.act(
      .addMembership(user: scene.agent, group: scene.group, isDefault: true),
      by: scene.paris.console)
    let id = try scene.ticket()
    _ = try edit(id) { $0.assignee = .set(scene.agent) }
    #expect(shown(id, TicketColumn.group) == .integer(scene.group.rawValue))
  }

  @Test func fieldsTakeTheirType() throws {
    func field(_ type: String, _ options: String? = nil) throws -> RowID {
      let draft = TicketFieldDraft(title: "A \(type)", type: type, options: options)
      return try scene.paris.act(.createTicketField(draft), by: scene.admin).created ?? .none
    }
    let number = try field("integer")
    let box = try field("checkbox")
    let choice = try field("tagger", #"[{"name":"Red","value":"red"}]"#)
    let date = try field("date")
    let id = try scene.ticket {
      $0.edit.fields = [
        number: .text("42"), box: .text("true"), choice: .text("red"), date: .text("2026-02-28"),
      ]
    }
    func value(_ field: RowID) -> Value {
      scene.paris.ticket(id).value(CellKey(TicketColumn.fields, key: field.rawValue))
    }
    #expect(value(number) == .integer(42))
    #expect(value(box) == .integer(1))
    let wrong: [(RowID, Value)] = [
      (number, .text("4x")), (box, .integer(2)), (choice, .text("blue")),
      (date, .text("2026-02-30")),
    ]
    for (field, value) in wrong {
      #expect(
        problems { _ = try edit(id) { $0.fields = [field: value] } }
          == ["custom_fields:InvalidValue"])
    }
    _ = try edit(id) { $0.fields = [choice: .null] }
    #expect(value(choice) == .null)
  }

  @Test func safeUpdateGuardsThisReplicasView() throws {
    let id = try scene.ticket()
    let read = scene.paris.now
    scene.paris.now = read + 5_000
    _ = try edit(id) { $0.priority = .set("low") }
    #expect(throws: Refusal.self) {
      _ = try edit(id) {
        $0.priority = .set("high")
        $0.unlessChangedAfter = read
      }
    }
    _ = try edit(id) {
      $0.priority = .set("high")
      $0.unlessChangedAfter = scene.paris.now
    }
    #expect(shown(id, TicketColumn.priority) == .text("high"))
  }

  @Test func deletedTicketsAreNotFound() throws {
    let id = try scene.ticket()
    try scene.paris.act(.deleteTicket(id), by: scene.agent)
    #expect(throws: Refusal.notFound(kind: "ticket", id: id.description)) {
      _ = try edit(id) { $0.subject = "Back" }
    }
    #expect(throws: Refusal.notFound(kind: "ticket", id: "990001")) {
      _ = try edit(RowID(990_001)) { $0.subject = "Nothing" }
    }
  }

  @Test func problemsAreLinkedFromIncidents() throws {
    let problem = try scene.ticket { $0.edit.type = .set("problem") }
    let other = try scene.ticket()
    let id = try scene.ticket { $0.edit.problem = .set(problem) }
    #expect(shown(id, TicketColumn.problem) == .integer(problem.rawValue))
    #expect(
      problems { _ = try edit(id) { $0.problem = .set(other) } } == ["problem_id:InvalidValue"])
  }

  @Test func personalTextIsCommittedNotPlain() throws {
    let context = scene.paris.context()
    let decision = try Decider.decide(
      command: .createTicket(
        TicketDraft(subject: "Private", comment: CommentDraft(body: "Body"))),
      actor: scene.paris.actor(scene.agent), reading: scene.paris.memory, context: context)
    let texts = decision.changes.flatMap(\.actions).compactMap { action -> Content? in
      if case .write(let content, _, _) = action.kind { content } else { nil }
    }
    #expect(texts.contains { $0.value == .text("Private") && $0.commitment != nil })
    #expect(texts.contains { $0.value == .text("Body") && $0.commitment != nil })
    #expect(!texts.contains(.plain(.text("Body"))))
  }
}
