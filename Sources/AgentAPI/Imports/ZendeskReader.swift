// Reads rows as Zendesk exports them. What this desk has no place for is left out; docs/IMPORT.md
// has the tables.

internal import HelpdeskDomain
internal import ReplicaCore

/// The kinds of rows that an export holds, under their keys.
enum ZendeskKind: String, Hashable, Sendable, CaseIterable {
  case organizations, groups, users
  case memberships = "group_memberships"
  case ticketFields = "ticket_fields"
  case tickets
  case comments = "ticket_comments"
  case macros
}

struct ZendeskReader {
  let kind: ZendeskKind

  static let system = "zendesk"

  /// Rows that cannot be read are named, the rest is taken.
  func batch(_ rows: [FieldReader]) -> DeskBatch {
    var bad: [ImportReport.BadLine] = []
    let content: DeskBatch.Content =
      switch kind {
      case .organizations: .organizations(read(rows, &bad, Self.organization))
      case .groups: .groups(read(rows, &bad, Self.group))
      case .users: .users(read(rows, &bad, Self.user))
      case .memberships: .memberships(read(rows, &bad, Self.membership))
      case .ticketFields: .ticketFields(read(rows, &bad, Self.field))
      case .tickets: .tickets(read(rows, &bad, Self.ticket))
      case .comments: .comments(read(rows, &bad) { Self.comment(&$0, ticket: nil) })
      case .macros: .macros(read(rows, &bad, Self.macro))
      }
    return DeskBatch(system: Self.system, content: content, office: nil, bad: bad)
  }

  private func read<Row>(
    _ rows: [FieldReader], _ bad: inout [ImportReport.BadLine],
    _ read: (inout FieldReader) -> Row?
  ) -> [DeskBatch.Entry<Row>] {
    var found: [DeskBatch.Entry<Row>] = []
    for (index, outer) in rows.enumerated() {
      var outer = outer
      let line = outer.integer("line").map { Int(clamping: $0) } ?? index + 1
      guard var row = outer.object("row").map({ FieldReader($0.values) }) else {
        bad.append(.init(line: line, reason: "is no object"))
        continue
      }
      guard let value = read(&row), row.problems.isEmpty else {
        let reason = row.problems.map(\.message).joined(separator: "; ")
        bad.append(.init(line: line, reason: reason.isEmpty ? "has no id" : reason))
        continue
      }
      found.append(DeskBatch.Entry(line: line, row: value))
    }
    return found
  }

  private static func organization(_ row: inout FieldReader) -> ForeignOrganization? {
    guard let id = row.integer("id") else { return nil }
    var draft = OrganizationDraft(name: row.text("name"))
    draft.externalID = row.textChange("external_id")
    draft.domains = row.texts("domain_names")
    draft.details = row.textChange("details")
    draft.notes = row.textChange("notes")
    draft.tags = row.texts("tags")
    return ForeignOrganization(
      id: id, draft: draft, createdAt: row.instant("created_at"),
      updatedAt: row.instant("updated_at"))
  }

  private static func group(_ row: inout FieldReader) -> ForeignGroup? {
    guard let id = row.integer("id") else { return nil }
    return ForeignGroup(
      id: id, name: row.text("name") ?? "", description: row.text("description"),
      isDeleted: row.flag("deleted") ?? false)
  }

  private static func user(_ row: inout FieldReader) -> ForeignUser? {
    guard let id = row.integer("id") else { return nil }
    var edit = UserEdit()
    edit.email = row.textChange("email")
    edit.externalID = row.textChange("external_id")
    edit.phone = row.textChange("phone")
    edit.notes = row.textChange("notes")
    edit.locale = row.textChange("locale")
    edit.timeZone = row.textChange("iana_time_zone")
    edit.tags = row.texts("tags") ?? []
    edit.active = (row.flag("active") ?? true) && !(row.flag("suspended") ?? false)
    // Rights that were given there count here as far as the desk knows the role.
    let role = row.text("role").flatMap(Role.init(rawValue:)) ?? .endUser
    let name = row.text("name") ?? ""
    return ForeignUser(
      id: id, name: name.isEmpty ? row.text("email") ?? "User \(id)" : name, role: role,
      edit: edit, organization: row.integer("organization_id"),
      createdAt: row.instant("created_at"), updatedAt: row.instant("updated_at"))
  }

  private static func membership(_ row: inout FieldReader) -> ForeignMembership? {
    guard let user = row.integer("user_id"), let group = row.integer("group_id") else {
      return nil
    }
    return ForeignMembership(user: user, group: group, isDefault: row.flag("default") ?? false)
  }

  private static func field(_ row: inout FieldReader) -> ForeignField? {
    guard let id = row.integer("id") else { return nil }
    var options: String?
    if case .array? = row.values["custom_field_options"],
      case .text(let text)? = row.values["custom_field_options"]?.fieldValue
    {
      options = text
    }
    return ForeignField(
      id: id, title: row.text("title") ?? "Field \(id)", type: row.text("type") ?? "text",
      description: row.text("description"), options: options)
  }

  private static func macro(_ row: inout FieldReader) -> ForeignMacro? {
    guard let id = row.integer("id") else { return nil }
    var actions: [MacroAction] = []
    for var entry in row.objects("actions") ?? [] {
      let field = entry.text("field") ?? ""
      // A value of a form that is not known goes with its action, not with the macro.
      actions.append(MacroAction(field, (entry.values["value"] ?? .null).plain ?? .null))
      row.take(entry)
    }
    return ForeignMacro(
      id: id, title: row.text("raw_title") ?? row.text("title") ?? "Macro \(id)",
      description: row.text("description"), active: row.flag("active") ?? true,
      position: row.integer("position"), actions: actions, audience: audience(&row),
      createdAt: row.instant("created_at"), updatedAt: row.instant("updated_at"))
  }

  private static func audience(_ row: inout FieldReader) -> ForeignMacro.Audience {
    guard var restriction = row.object("restriction") else { return .everybody }
    let kind = restriction.text("type")
    let one = restriction.integer("id")
    var several: [Int64] = []
    if case .array(let elements)? = restriction.values["ids"] {
      several = elements.compactMap { if case .integer(let id) = $0 { id } else { nil } }
    }
    let ids = several.isEmpty ? one.map { [$0] } ?? [] : several
    // What cannot be read must not become everybody's.
    switch kind {
    case "User": if let one { return .user(one) }
    case "Group": if !ids.isEmpty { return .groups(ids) }
    default: break
    }
    restriction.problem(
      "type", .invalidValue, "restriction must be of the type User or Group, and name its ids")
    row.take(restriction)
    return .everybody
  }

  private static func ticket(_ row: inout FieldReader) -> ForeignTicket? {
    guard let id = row.integer("id") else { return nil }
    var edit = TicketEdit()
    edit.subject = row.text("subject") ?? row.text("raw_subject")
    let status = row.text("status")
    edit.status = status
    edit.priority = row.textChange("priority")
    edit.type = row.textChange("type")
    edit.externalID = row.textChange("external_id")
    edit.recipient = row.textChange("recipient")
    edit.dueAt = row.instantChange("due_at")
    edit.tags = row.texts("tags")
    var comments: [ForeignComment] = []
    for var each in row.objects("comments") ?? [] {
      if let comment = comment(&each, ticket: id) { comments.append(comment) }
      row.take(each)
    }
    return ForeignTicket(
      id: id, edit: edit, description: row.text("description"),
      requester: row.integer("requester_id"), submitter: row.integer("submitter_id"),
      assignee: row.integer("assignee_id"), collaborators: collaborators(&row),
      group: row.integer("group_id"), organization: row.integer("organization_id"),
      problem: row.integer("problem_id"), fields: fields(&row), comments: comments,
      createdAt: row.instant("created_at"), updatedAt: row.instant("updated_at"),
      solvedAt: solved(&row), isDeleted: status == "deleted")
  }

  private static func collaborators(_ row: inout FieldReader) -> [Int64] {
    guard case .array(let elements)? = row.values["collaborator_ids"] else { return [] }
    return elements.compactMap { if case .integer(let id) = $0 { id } else { nil } }
  }

  /// The export has it in the metrics that may stand beside a ticket.
  private static func solved(_ row: inout FieldReader) -> Instant? {
    if let date = row.instant("solved_at") { return date }
    var metrics = row.object("metric_set")
    return metrics?.instant("solved_at")
  }

  private static func fields(_ row: inout FieldReader) -> [Int64: Value] {
    var found: [Int64: Value] = [:]
    for key in ["custom_fields", "fields"] {
      guard found.isEmpty, case .array(let elements)? = row.values[key] else { continue }
      for case .object(let field) in elements {
        guard case .integer(let id)? = field["id"], let value = field["value"], value != .null
        else { continue }
        found[id] = value.fieldValue
      }
    }
    return found
  }

  private static func comment(_ row: inout FieldReader, ticket: Int64?) -> ForeignComment? {
    guard let id = row.integer("id"), let ticket = ticket ?? row.integer("ticket_id") else {
      return nil
    }
    let html = row.text("html_body")
    let text = row.text("plain_body") ?? row.text("body") ?? html.map(HTMLText.plain) ?? ""
    return ForeignComment(
      id: id, ticket: ticket, author: row.integer("author_id"),
      // A comment may have been nothing but its attachments.
      body: text.contains { !$0.isWhitespace } ? text : "(no text)", htmlBody: html,
      isPublic: row.flag("public") ?? true, createdAt: row.instant("created_at"))
  }
}
