// What a desk sets up, what it imports and what customers ask, against every role.

import HelpdeskDomain
import ReplicaCore

/// What a command is called in the table: one case for each command, and for each kind of those that
/// have some.
enum CommandName: String, CaseIterable {
  case createTicket, updateTicket, deleteTicket, createUser, updateUser, setPassword
  case createToken, revokeToken, createGroup, updateGroup, deleteGroup, addMembership
  case removeMembership, createOrganization, updateOrganization, deleteOrganization
  case createTicketField, importTicket, publishRoster, accept, cover, take, handTo, sendBack
  case stay, moveOn, handoffNote, recordSeen, announceSite, resolveConflict, redactAttachment
  case updateTicketField, deleteTicketField, putOption, deleteOption, createView, updateView
  case deleteView, createMacro, updateMacro, deleteMacro, createSchedule, updateSchedule
  case deleteSchedule, createHoliday, updateHoliday, deleteHoliday, createWebhook
  case updateWebhook, renewWebhookSecret, deleteWebhook, acknowledgeAlarm, importHistory
  case importUser, importOrganization, importMacro, linkImport, mergeTickets, createRequest
  case updateRequest, restoreTicket
}

extension DeskCommand {
  /// The compiler asks for the name of a new command, and a test for its line in the table.
  var name: CommandName {
    switch self {
    case .createTicket: .createTicket
    case .updateTicket: .updateTicket
    case .deleteTicket: .deleteTicket
    case .createUser: .createUser
    case .updateUser: .updateUser
    case .setPassword: .setPassword
    case .createToken: .createToken
    case .revokeToken: .revokeToken
    case .createGroup: .createGroup
    case .updateGroup: .updateGroup
    case .deleteGroup: .deleteGroup
    case .addMembership: .addMembership
    case .removeMembership: .removeMembership
    case .createOrganization: .createOrganization
    case .updateOrganization: .updateOrganization
    case .deleteOrganization: .deleteOrganization
    case .createTicketField: .createTicketField
    case .importTicket: .importTicket
    case .publishRoster: .publishRoster
    case .accept: .accept
    case .cover: .cover
    case .take: .take
    case .handTo: .handTo
    case .sendBack: .sendBack
    case .stay: .stay
    case .moveOn: .moveOn
    case .handoffNote: .handoffNote
    case .recordSeen: .recordSeen
    case .announceSite: .announceSite
    case .resolveConflict: .resolveConflict
    case .redactAttachment: .redactAttachment
    case .ticketField(.update): .updateTicketField
    case .ticketField(.delete): .deleteTicketField
    case .ticketField(.putOption): .putOption
    case .ticketField(.deleteOption): .deleteOption
    case .view(.create): .createView
    case .view(.update): .updateView
    case .view(.delete): .deleteView
    case .macro(.create): .createMacro
    case .macro(.update): .updateMacro
    case .macro(.delete): .deleteMacro
    case .schedule(.create): .createSchedule
    case .schedule(.update): .updateSchedule
    case .schedule(.delete): .deleteSchedule
    case .schedule(.createHoliday): .createHoliday
    case .schedule(.updateHoliday): .updateHoliday
    case .schedule(.deleteHoliday): .deleteHoliday
    case .createWebhook: .createWebhook
    case .updateWebhook: .updateWebhook
    case .renewWebhookSecret: .renewWebhookSecret
    case .deleteWebhook: .deleteWebhook
    case .acknowledgeAlarm: .acknowledgeAlarm
    case .importHistory: .importHistory
    case .importUser: .importUser
    case .importOrganization: .importOrganization
    case .importMacro: .importMacro
    case .linkImport: .linkImport
    case .mergeTickets: .mergeTickets
    case .createRequest: .createRequest
    case .updateRequest: .updateRequest
    case .restoreTicket: .restoreTicket
    }
  }
}

extension CommandRightsTests {
  private static let origin = ImportOrigin(system: "zendesk", kind: "x", id: 1)
  private static let receiver = WebhookDraft(
    name: "Pager", endpoint: "https://pager.example/in", subscriptions: ["helio:alarm.*"])
  private static let secret = "a secret of thirty-two characters"

  private static var macro: MacroDraft {
    var draft = MacroDraft()
    draft.title = "Close"
    draft.actions = [MacroAction("status", .text("solved"))]
    return draft
  }

  private static let schedule = DeskCommand.schedule(
    .create(ScheduleDraft(name: "Paris", timeZone: "Europe/Paris")))
  private static let holiday = HolidayDraft(
    name: "H", startDate: "2026-12-25", endDate: "2026-12-26")

  /// A ticket field with one option, and the option.
  private static func list(_ scene: DutyScene) throws -> (field: RowID, option: RowID) {
    let field = try scene.made(.createTicketField(TicketFieldDraft(title: "T", type: "tagger")))
    _ = try scene.made(
      .ticketField(.putOption(field: field, TicketFieldOptionDraft(name: "A", value: "a"))))
    let cells = scene.tokyo.row(Tables.ticketField, field).cells.keys
    let option = cells.first { $0.column == TicketFieldColumn.choices }
    return (field, RowID(option?.key ?? 0))
  }

  private static func view(_ restriction: Restriction? = nil) -> ViewDraft {
    var draft = ViewDraft()
    draft.title = "Open"
    draft.conditions = ViewConditions(all: [ViewCondition("status", "is", .text("open"))])
    draft.restriction = restriction
    return draft
  }

  static let setupTable: [CommandRight] = [
    CommandRight("updateTicketField", .admins) { scene in
      var edit = TicketFieldEdit()
      edit.title = "U"
      return .ticketField(.update(try list(scene).field, edit))
    },
    CommandRight("deleteTicketField", .admins) { .ticketField(.delete(try list($0).field)) },
    CommandRight("putOption", .admins) { scene in
      .ticketField(
        .putOption(field: try list(scene).field, TicketFieldOptionDraft(name: "B", value: "b")))
    },
    CommandRight("deleteOption", .admins) { scene in
      let (field, option) = try list(scene)
      return .ticketField(.deleteOption(field: field, option))
    },
    CommandRight("createView", .leads, "for everybody") { _ in .view(.create(view())) },
    // Nobody keeps one for another.
    CommandRight("createView", .admins, "of the admin") { scene in
      .view(.create(view(.user(scene.desk.admin))))
    },
    CommandRight("updateView", .leads, "for everybody") { scene in
      .view(.update(try scene.made(.view(.create(view()))), view(.groups([scene.desk.group]))))
    },
    CommandRight("deleteView", .leads, "for everybody") { scene in
      .view(.delete([try scene.made(.view(.create(view())))]))
    },
    CommandRight("createMacro", .leads, "for everybody") { _ in .macro(.create(macro)) },
    CommandRight("updateMacro", .leads, "for everybody") { scene in
      var draft = macro
      draft.title = "Shut"
      return .macro(.update(try scene.made(.macro(.create(macro))), draft))
    },
    CommandRight("deleteMacro", .leads, "for everybody") { scene in
      .macro(.delete([try scene.made(.macro(.create(macro)))]))
    },
    CommandRight("createSchedule", .admins) { _ in schedule },
    CommandRight("updateSchedule", .admins) { scene in
      .schedule(.update(try scene.made(schedule), ScheduleDraft(name: "Lyon")))
    },
    CommandRight("deleteSchedule", .admins) { .schedule(.delete(try $0.made(schedule))) },
    CommandRight("createHoliday", .admins) { scene in
      .schedule(.createHoliday(schedule: try scene.made(schedule), holiday))
    },
    CommandRight("updateHoliday", .admins) { scene in
      let id = try scene.made(schedule)
      let day = try scene.made(.schedule(.createHoliday(schedule: id, holiday)))
      return .schedule(.updateHoliday(schedule: id, day, HolidayDraft(name: "I")))
    },
    CommandRight("deleteHoliday", .admins) { scene in
      let id = try scene.made(schedule)
      let day = try scene.made(.schedule(.createHoliday(schedule: id, holiday)))
      return .schedule(.deleteHoliday(schedule: id, day))
    },
    CommandRight("createWebhook", .admins) { _ in .createWebhook(receiver, secret: secret) },
    CommandRight("updateWebhook", .admins) { scene in
      .updateWebhook(
        try scene.made(.createWebhook(receiver, secret: secret)), WebhookDraft(isActive: false))
    },
    CommandRight("renewWebhookSecret", .admins) { scene in
      .renewWebhookSecret(
        try scene.made(.createWebhook(receiver, secret: secret)), secret: secret + "!")
    },
    CommandRight("deleteWebhook", .admins) { scene in
      .deleteWebhook(try scene.made(.createWebhook(receiver, secret: secret)))
    },
    // Nobody takes notice in another's name.
    CommandRight("acknowledgeAlarm", .editors, raw: .admins) { _ in
      .acknowledgeAlarm(cause: "not_accepted:1", note: nil)
    },
  ]

  static let historyTable: [CommandRight] = [
    // What carries a name or a date of another system comes by imports alone.
    CommandRight("importHistory", .admins, raw: .nobody) { scene in
      let comment = CommentDraft(body: "x", author: scene.desk.agent)
      return .importHistory(
        TicketImport(
          origin: origin, comments: [CommentImport(draft: comment, createdAt: DeskScene.start)],
          createdAt: DeskScene.start))
    },
    CommandRight("importUser", .admins, raw: .nobody) { _ in
      .importUser(
        UserImport(
          origin: origin, draft: UserDraft(name: "C", email: nil, role: .endUser),
          createdAt: DeskScene.start, updatedAt: DeskScene.start))
    },
    CommandRight("importOrganization", .admins, raw: .nobody) { _ in
      .importOrganization(
        OrganizationImport(
          origin: origin, draft: OrganizationDraft(name: "Acme"), createdAt: DeskScene.start,
          updatedAt: DeskScene.start))
    },
    CommandRight("redactAttachment", .editors) { scene in
      let file = AttachmentDraft(
        id: scene.tokyo.freshID(), fileName: "a.png", contentType: "image/png",
        key: BlobKey(hash: .sha256([1]), size: 1))
      var comment = CommentDraft(body: "x")
      comment.attachments = [file]
      let ticket = try scene.newTicket()
      _ = try scene.made(.updateTicket(ticket, .with { $0.comment = comment }))
      let row = scene.tokyo.row(Tables.attachment, file.id)
      let id = RowID(row.value(AttachmentColumn.comment).integer ?? 0)
      return .redactAttachment(file.id, comment: id, ticket: ticket)
    },
    CommandRight("importMacro", .admins) { _ in
      .importMacro(MacroImport(origin: origin, draft: macro, updatedAt: DeskScene.start))
    },
    CommandRight("linkImport", .admins) { scene in
      .linkImport(origin, RowRef(Tables.ticket, try scene.newTicket()))
    },
    CommandRight("mergeTickets", .editors) { scene in
      .mergeTickets(TicketMerge(target: try scene.newTicket(), sources: [try scene.newTicket()]))
    },
    CommandRight("restoreTicket", .editors) { scene in
      let ticket = try scene.newTicket()
      _ = try scene.made(.deleteTicket(ticket))
      return .restoreTicket(ticket)
    },
    // A customer's raw delta is in their own name, and about their own requests.
    CommandRight("createRequest", .requesters, raw: .editors) { _ in
      .createRequest(RequestDraft(subject: "Leak", comment: CommentDraft(body: "x")))
    },
    CommandRight("updateRequest", .requesters, raw: .editors) { scene in
      let ticket = try scene.newTicket()
      let everybody = Role.allCases.map { scene.desk.user($0) }
      _ = try scene.made(.updateTicket(ticket, .with { $0.collaborators = everybody }))
      return .updateRequest(ticket, RequestEdit(comment: CommentDraft(body: "x")))
    },
  ]
}

extension Set<Role> {
  fileprivate static let requesters: Set<Role> = [.endUser, .agent, .lead, .admin]
}
