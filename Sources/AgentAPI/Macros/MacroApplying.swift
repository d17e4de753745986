// What a macro would do to a ticket: its placeholders filled in, nothing saved.

internal import HelpdeskDomain
internal import ReplicaCore

/// Applies one macro for one agent.
struct MacroApplying {
  let desk: any DeskService
  let macro: MacroRecord
  let call: Call

  /// What it does to a ticket; without one, what asks for it stays open.
  func effect(on ticket: TicketRecord?) async throws -> MacroEffect {
    let facts = try await placeholders(ticket)
    let groups = try await desk.memberships(
      MembershipQuery(
        user: call.actor.user, page: .cursor(size: APILimits.pageSize, after: nil, before: nil))
    ).rows
    let order = groups.filter(\.isDefault) + groups.filter { !$0.isDefault }
    return MacroEffect(
      of: macro.actions, for: call.actor.user, groups: order.map(\.group)
    ) { text, isHTML in
      isHTML ? facts.fill(text, escape: HTMLText.escape) : facts.fill(text)
    }
  }

  /// The command that saves it.
  func command(on ticket: TicketRecord) async throws -> DeskCommand {
    let effect = try await effect(on: ticket)
    var edit = effect.edit
    edit.comment = effect.comment
    return .updateTicket(ticket.id, edit)
  }

  private func placeholders(_ ticket: TicketRecord?) async throws -> Placeholders {
    var facts = Placeholders(ticket: ticket, me: call.actor.user)
    let users = try await desk.users(facts.people)
    facts.users = Dictionary(users.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let groups = try await desk.groups([ticket?.group].compactMap(\.self))
    facts.groups = Dictionary(groups.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let named = Set(([ticket?.organization] + users.map(\.organization)).compactMap(\.self))
    let organizations = try await desk.organizations(named.sorted())
    facts.organizations = Dictionary(
      organizations.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    facts.link = ticket.map { "\(call.base)/api/v2/tickets/\($0.id).json" } ?? ""
    return facts
  }
}

extension MacroEffect {
  /// The comment; rich text goes before plain. Public where the macro does not say.
  var comment: CommentDraft? {
    let isPublic = isPublic ?? true
    if let html {
      return CommentDraft(body: HTMLText.plain(html), htmlBody: html, isPublic: isPublic)
    }
    return text.map { CommentDraft(body: $0, isPublic: isPublic) }
  }

  /// The ticket as it would be.
  func applied(to ticket: TicketRecord) -> TicketRecord {
    var ticket = ticket
    func change<T>(_ change: Change<T>, _ path: WritableKeyPath<TicketRecord, T?>) {
      switch change {
      case .keep: break
      case .clear: ticket[keyPath: path] = nil
      case .set(let value): ticket[keyPath: path] = value
      }
    }
    if let subject = edit.subject { ticket.subject = subject }
    if let status = edit.status { ticket.status = status }
    change(edit.priority, \.priority)
    change(edit.type, \.type)
    change(edit.assignee, \.assignee)
    change(edit.group, \.group)
    // As a save would: who is assigned has it open.
    if case .set = edit.assignee, ticket.status == "new" { ticket.status = "open" }
    var tags = Set((edit.tags ?? ticket.tags).map(TagForm.normal))
    tags.formUnion(edit.addTags.map(TagForm.normal))
    tags.subtract(edit.removeTags.map(TagForm.normal))
    ticket.tags = tags.sorted()
    for (id, value) in edit.fields { ticket.fields[id] = value.isNull ? nil : value }
    return ticket
  }

  /// The comment as `apply` shows it: what a macro holds as HTML is shown as its text, as that of
  /// comments is.
  func writeComment(to json: inout JSONWriter) {
    guard let comment else { return json.null("comment") }
    json.field(
      "comment",
      object: { json in
        json.field("body", comment.body)
        json.field("html_body", HTMLText.html(comment.body))
        json.field("public", comment.isPublic)
        json.key("scoped_body")
        json.array([["channel:all", comment.body]])
      })
  }

  /// The members that it changes, and no others.
  func writeChanges(to json: inout JSONWriter) {
    if let subject = edit.subject { json.field("subject", subject) }
    if let status = edit.status { json.field("status", status) }
    write("priority", edit.priority, to: &json)
    write("type", edit.type, to: &json)
    write("assignee_id", edit.assignee, to: &json)
    write("group_id", edit.group, to: &json)
    if let tags = edit.tags {
      let all = Set(tags + edit.addTags).subtracting(edit.removeTags)
      json.field("tags", all.map(TagForm.normal).sorted())
    } else {
      if !edit.addTags.isEmpty { json.field("additional_tags", edit.addTags) }
      if !edit.removeTags.isEmpty { json.field("remove_tags", edit.removeTags) }
    }
    if !edit.fields.isEmpty {
      for name in ["custom_fields", "fields"] {
        json.key(name)
        json.array(edit.fields.sorted { $0.key < $1.key }) { json, field in
          json.object { json in
            json.field("id", field.key)
            json.field("value", field.value)
          }
        }
      }
    }
    if comment != nil { writeComment(to: &json) }
  }

  private func write<T: JSONWritable>(
    _ name: String, _ change: Change<T>, to json: inout JSONWriter
  ) {
    switch change {
    case .keep: break
    case .clear: json.null(name)
    case .set(let value): json.field(name, value)
    }
  }
}
