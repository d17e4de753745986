// Tickets, users and organizations of another system: their dates, and importing them again.

import HelpdeskDomain
import ReplicaCore
import Testing

@Suite struct HistoryImportTests {
  let scene: DeskScene
  let customer: RowID
  static let created = DeskScene.start + -40 * 86_400_000
  static let updated = DeskScene.start + -30 * 86_400_000

  init() throws {
    scene = try DeskScene()
    customer = scene.user(.endUser)
  }

  func history(_ change: (inout TicketImport) -> Void = { _ in }) -> TicketImport {
    var history = TicketImport(
      origin: ImportOrigin(system: "zendesk", kind: "ticket", id: 35_436),
      comments: [
        CommentImport(
          draft: CommentDraft(body: "It leaks", author: customer),
          origin: ImportOrigin(system: "zendesk", kind: "comment", id: 1)),
        CommentImport(
          draft: CommentDraft(body: "Seen", isPublic: false, author: scene.agent),
          createdAt: Self.created + 3_600_000,
          origin: ImportOrigin(system: "zendesk", kind: "comment", id: 2)),
      ],
      createdAt: Self.created, updatedAt: Self.updated, solvedAt: Self.updated)
    history.edit.subject = "Pump leaks"
    history.edit.status = "closed"
    history.edit.requester = customer
    history.edit.assignee = .set(scene.agent)
    change(&history)
    return history
  }

  func take(_ history: TicketImport, by user: RowID? = nil) throws -> Decision {
    try scene.paris.act(.importHistory(history), by: user ?? scene.admin)
  }

  func comments(of ticket: RowID) -> [RowState] {
    scene.paris.memory.rows(
      of: Tables.comment, column: CommentColumn.ticket, equals: .integer(ticket.rawValue)
    ).map { scene.paris.row(Tables.comment, $0) }
  }

  @Test func originalDatesStandBesideTheStampOfTheWrite() throws {
    let decision = try take(history())
    let ticket = try #require(decision.created)
    #expect(decision.via == .imported)
    #expect(decision.occurredAt == Self.updated)
    #expect(scene.paris.ticket(ticket).value(TicketColumn.status) == .text("closed"))
    let dates = decision.changes.compactMap { Tables.originalCreation($0) }
    #expect(dates == [Self.created, Self.created, Self.created + 3_600_000])
    let delta = try #require(scene.paris.memory.log.last?.delta)
    #expect(delta.header.hlc.instant >= DeskScene.start, "the write's own stamp is of now")
    #expect(
      comments(of: ticket).map { $0.value(CommentColumn.author).integer } == [
        customer.rawValue, scene.agent.rawValue,
      ])
  }

  @Test func theSameImportAddsNothing() throws {
    let first = try take(history())
    #expect(try take(history()).isEmpty)
    let more = try take(
      history {
        $0.comments.append(
          CommentImport(
            draft: CommentDraft(body: "Late word"), createdAt: Self.updated,
            origin: ImportOrigin(system: "zendesk", kind: "comment", id: 3)))
      })
    #expect(more.created == nil)
    #expect(comments(of: first.created ?? .none).count == 3)
  }

  /// Its problem stood after it in the export: the second run finds it.
  @Test func theSameStateIsTakenAgainForWhatHasComeSince() throws {
    let ticket = try #require(try take(history()).created)
    let problem = try scene.ticket()
    _ = try scene.paris.act(
      .updateTicket(problem, .with { $0.type = .set("problem") }), by: scene.agent)
    func again() throws -> Decision { try take(history { $0.edit.problem = .set(problem) }) }
    #expect(!(try again().isEmpty))
    let state = scene.paris.ticket(ticket)
    #expect(state.value(TicketColumn.problem) == .integer(problem.rawValue))
    #expect(try again().isEmpty)
  }

  func macro(_ words: String, updated: Instant = Self.updated) throws -> Decision {
    var draft = MacroDraft()
    draft.title = "Close"
    draft.actions = [MacroAction("comment_value", .text(words))]
    return try scene.paris.act(
      .importMacro(
        MacroImport(
          origin: ImportOrigin(system: "zendesk", kind: "macro", id: 81), draft: draft,
          updatedAt: updated)), by: scene.admin)
  }

  @Test func aMacroComesWithItsLinkAndIsFoundAgain() throws {
    let made = try macro("Bye")
    let id = try #require(made.created)
    #expect(made.changes.map(\.row.entity) == [Tables.macro, Tables.importLink])
    #expect(made.via == .imported)
    #expect(try macro("Bye").isEmpty)
    // A newer state counts, an older one does not, and what was changed here stays.
    #expect(try macro("Good-bye", updated: Self.updated + 1).created == nil)
    #expect(try macro("Bye").isEmpty)
    let stored = scene.paris.row(Tables.macro, id).value(MacroColumn.actions).text ?? ""
    #expect(MacroAction.list(stored: stored)?.first?.value == .text("Good-bye"))
    _ = try scene.paris.act(.macro(.delete([id])), by: scene.admin)
    scene.paris.now = scene.paris.now + 86_400_000
    #expect(try macro("Again", updated: scene.paris.now).isEmpty, "what was deleted stays so")
  }

  @Test func commentsBringTheirFiles() throws {
    let file = AttachmentDraft(
      id: scene.paris.freshID(), fileName: "a.png", contentType: "image/png",
      key: BlobKey(hash: .sha256([1]), size: 1))
    _ = try take(history { $0.comments[1].draft.attachments = [file] })
    let row = scene.paris.row(Tables.attachment, file.id)
    let comment = RowID(row.value(AttachmentColumn.comment).integer ?? 0)
    #expect(scene.paris.row(Tables.comment, comment).value(CommentColumn.body) == .text("Seen"))
    let unknown = history {
      $0.origin = nil
      $0.comments[0].draft.uploads = ["x"]
    }
    #expect(problems { _ = try take(unknown) } == ["comments[0].uploads:RecordNotFound"])
  }

  @Test func whatWasChangedHereIsNotUndoneByAnOlderState() throws {
    let ticket = try #require(try take(history { $0.edit.status = "open" }).created)
    _ = try scene.paris.act(
      .updateTicket(ticket, .with { $0.priority = .set("high") }), by: scene.agent)
    _ = try take(
      history {
        $0.edit.status = "solved"
        $0.updatedAt = Self.updated + 86_400_000
      })
    #expect(scene.paris.ticket(ticket).value(TicketColumn.status) == .text("open"))
    scene.paris.now = scene.paris.now + 86_400_000
    _ = try take(
      history {
        $0.edit.status = "solved"
        $0.updatedAt = scene.paris.now
      })
    #expect(scene.paris.ticket(ticket).value(TicketColumn.status) == .text("solved"))
  }

  @Test func datesInTheFutureAndBeforeTheBirthAreRefused() {
    let late = DeskScene.start + 86_400_000
    #expect(
      problems { _ = try take(history { $0.updatedAt = late }) } == ["updated_at:InvalidValue"])
    #expect(
      problems { _ = try take(history { $0.comments[1].createdAt = late }) }
        == ["comments[1].created_at:InvalidValue"])
    #expect(
      problems { _ = try take(history { $0.solvedAt = Self.created + -1 }) }
        == ["solved_at:InvalidValue"])
  }

  @Test func onlyAdminsImport() {
    #expect(
      problems { _ = try take(history(), by: scene.agent) }.first?.hasPrefix("forbidden") == true)
  }

  @Test func anAgentCannotBackdateByARawDelta() throws {
    let ticket = try scene.ticket()
    let write = CellAction(
      CellKey(TicketColumn.originalCreated),
      .write(.plain(.integer(Self.created.milliseconds)), replaces: [], unread: []))
    let change = RowChange(RowRef(Tables.ticket, ticket), [write])
    var actor = scene.paris.actor(scene.agent)
    actor.via = .imported
    #expect(scene.paris.forge([change], by: actor) == .role)
    #expect(scene.paris.forge([change], by: scene.paris.actor(scene.admin)) == .role)
  }

  @Test func theDescriptionIsTheFirstComment() throws {
    let bare = history {
      $0.comments = [
        CommentImport(
          draft: CommentDraft(body: "It leaks"), origin: .description(system: "zendesk", ticket: 1))
      ]
    }
    let ticket = try #require(try take(bare).created)
    let later = TicketImport(
      origin: history().origin, comments: history().comments, addsComments: true)
    _ = try take(later)
    #expect(comments(of: ticket).count == 2, "the first comment stood there as description")
    let delta = try #require(scene.paris.memory.log.last?.delta)
    #expect(delta.header.occurredAt == Self.created + 3_600_000, "dated by its last comment")
    #expect(try take(later).isEmpty)
    var again = later
    again.comments = [
      CommentImport(
        draft: CommentDraft(body: "It leaks"), createdAt: Self.updated,
        origin: ImportOrigin(system: "zendesk", kind: "comment", id: 4))
    ]
    #expect(!(try take(again).isEmpty), "the same words, said later")
    let nowhere = TicketImport(
      origin: ImportOrigin(system: "zendesk", kind: "ticket", id: 9),
      comments: history().comments, addsComments: true)
    #expect(throws: Refusal.notFound(kind: "ticket", id: "zendesk:ticket:9")) {
      try take(nowhere)
    }
  }

  func user(
    _ id: Int64, email: String? = nil, role: Role = .endUser, updated: Instant = Self.updated,
    isPlaceholder: Bool = false, organization: RowID? = nil
  ) -> DeskCommand {
    var edit = UserEdit()
    if let organization { edit.organization = .set(organization) }
    if let email { edit.email = .set(email) }
    edit.tags = isPlaceholder ? [UserImport.placeholderTag] : []
    return .importUser(
      UserImport(
        origin: ImportOrigin(system: "zendesk", kind: "user", id: id),
        draft: UserDraft(name: "User \(id)", email: nil, role: role, edit: edit),
        createdAt: Self.created, updatedAt: updated, isPlaceholder: isPlaceholder))
  }

  @Test func aWrongAddressIsToldOnce() {
    #expect(
      problems { try scene.paris.act(user(7, email: "no-at"), by: scene.admin) }
        == ["email:InvalidValue"])
  }

  /// What was deleted here stays so, and keeps nobody of the source out.
  @Test func whoseOrganizationWasDeletedHereComesWithoutIt() throws {
    let firm = try #require(
      try scene.paris.act(
        .createOrganization(OrganizationDraft(name: "Acme")), by: scene.admin
      ).created)
    try scene.paris.act(.deleteOrganization(firm), by: scene.admin)
    let made = try scene.paris.act(user(9, organization: firm), by: scene.admin).created
    let row = scene.paris.row(Tables.user, try #require(made))
    #expect(row.exists && row.value(UserColumn.organization).isNull)
  }

  /// Whom the source knows as something less is not demoted where nobody else administers.
  @Test func anImportKeepsTheLastAdmin() throws {
    let email = "admin@paris.example"
    try scene.paris.act(user(8, email: email), by: scene.paris.console)
    try scene.paris.act(
      user(8, email: email, role: .endUser, updated: scene.paris.now), by: scene.paris.console)
    #expect(
      scene.paris.row(Tables.user, scene.admin).value(UserColumn.role)
        == .text(Role.admin.rawValue))
  }

  @Test func whoIsHereByAddressKeepsRoleAndRights() throws {
    let decision = try scene.paris.act(
      user(7, email: "Agent@Paris.example", role: .admin), by: scene.admin)
    #expect(decision.created == nil)
    let row = scene.paris.row(Tables.user, scene.agent)
    #expect(row.value(UserColumn.role) == .text("agent"))
    #expect(row.value(UserColumn.origin) == .text("zendesk:user:7"))
  }

  @Test func theUserTakesThePlaceholdersPlace() throws {
    let made = try scene.paris.act(user(8, isPlaceholder: true), by: scene.admin)
    let id = try #require(made.created)
    // Its row is older than the placeholder's date, and still it counts.
    _ = try scene.paris.act(
      user(8, email: "eight@x.example", updated: Self.created), by: scene.admin)
    let row = scene.paris.row(Tables.user, id)
    #expect(row.value(UserColumn.email) == .text("eight@x.example"))
    #expect(row.elements(UserColumn.tags) == [])
    #expect(try scene.paris.act(user(8, isPlaceholder: true), by: scene.admin).isEmpty)
  }
}
