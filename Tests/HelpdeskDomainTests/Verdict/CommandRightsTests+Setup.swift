// What a desk sets up, what it imports and what customers ask, against every role.

import HelpdeskDomain
import ReplicaCore

extension DeskCommand {
  /// One line for each command.
  var name: String {
    switch self {
    case .createTicket: "createTicket"
    case .updateTicket: "updateTicket"
    case .deleteTicket: "deleteTicket"
    case .createUser: "createUser"
    case .updateUser: "updateUser"
    case .setPassword: "setPassword"
    case .createToken: "createToken"
    case .revokeToken: "revokeToken"
    case .createGroup: "createGroup"
    case .updateGroup: "updateGroup"
    case .deleteGroup: "deleteGroup"
    case .addMembership: "addMembership"
    case .removeMembership: "removeMembership"
    case .createOrganization: "createOrganization"
    case .updateOrganization: "updateOrganization"
    case .deleteOrganization: "deleteOrganization"
    case .createTicketField: "createTicketField"
    case .importTicket: "importTicket"
    case .publishRoster: "publishRoster"
    case .accept: "accept"
    case .cover: "cover"
    case .take: "take"
    case .handTo: "handTo"
    case .sendBack: "sendBack"
    case .stay: "stay"
    case .moveOn: "moveOn"
    case .handoffNote: "handoffNote"
    case .recordSeen: "recordSeen"
    case .announceSite: "announceSite"
    case .resolveConflict: "resolveConflict"
    case .redactAttachment: "redactAttachment"
    case .ticketField: "ticketField"
    case .view: "view"
    case .macro: "macro"
    case .schedule: "schedule"
    case .createWebhook: "createWebhook"
    case .updateWebhook: "updateWebhook"
    case .renewWebhookSecret: "renewWebhookSecret"
    case .deleteWebhook: "deleteWebhook"
    case .acknowledgeAlarm: "acknowledgeAlarm"
    case .importHistory: "importHistory"
    case .importUser: "importUser"
    case .importOrganization: "importOrganization"
    case .importMacro: "importMacro"
    case .linkImport: "linkImport"
    case .mergeTickets: "mergeTickets"
    case .createRequest: "createRequest"
    case .updateRequest: "updateRequest"
    case .restoreTicket: "restoreTicket"
    }
  }
}

extension CommandRightsTests {
  private static let origin = ImportOrigin(system: "zendesk", kind: "x", id: 1)
  private static let receiver = WebhookDraft(
    name: "Pager", endpoint: "https://pager.example/in", subscriptions: ["helio:alarm.*"])
  private static let secret = "a secret of thirty-two characters"

  private static func view(_ restriction: Restriction? = nil) -> ViewDraft {
    var draft = ViewDraft()
    draft.title = "Open"
    draft.conditions = ViewConditions(all: [ViewCondition("status", "is", .text("open"))])
    draft.restriction = restriction
    return draft
  }

  static let setupTable: [CommandRight] = [
    CommandRight("ticketField", .admins) { scene in
      let field = try scene.made(.createTicketField(TicketFieldDraft(title: "T", type: "tagger")))
      return .ticketField(.putOption(field: field, TicketFieldOptionDraft(name: "A", value: "a")))
    },
    CommandRight("view", .leads, "for everybody") { _ in .view(.create(view())) },
    // Nobody keeps one for another.
    CommandRight("view", .admins, "of the admin") { scene in
      .view(.create(view(.user(scene.desk.admin))))
    },
    CommandRight("macro", .leads, "for everybody") { _ in
      var draft = MacroDraft()
      draft.title = "Close"
      draft.actions = [MacroAction("status", .text("solved"))]
      return .macro(.create(draft))
    },
    CommandRight("schedule", .admins) { _ in
      .schedule(.create(ScheduleDraft(name: "Paris", timeZone: "Europe/Paris")))
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
      var draft = MacroDraft()
      draft.title = "Close"
      draft.actions = [MacroAction("status", .text("solved"))]
      return .importMacro(
        MacroImport(origin: origin, draft: draft, updatedAt: DeskScene.start))
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
