// Applies an edit to a ticket's columns, checking each against its rule.

internal import ReplicaCore

extension Decider {
  func apply(
    _ edit: TicketEdit, to ticket: inout TicketEditor, _ checks: inout FieldChecks
  ) {
    applyPeople(edit, to: &ticket, &checks)
    applyStatus(edit, to: &ticket, &checks)
    // More than there may be are refused below; they are not looked up.
    let copied = Set((edit.collaborators ?? []) + edit.addCollaborators)
    let present = ticket.state.elements(TicketColumn.collaborators)
    let new = copied.subtracting(edit.removeCollaborators)
      .subtracting(present.compactMap { $0.integer.map { RowID($0) } })
    for user in new.sorted().prefix(DeskLimits.collaborators) {
      checkUser(user, "collaborator_ids", &checks)
    }
    applyPlain(edit, to: &ticket, &checks)
  }

  /// All but people and status, which follow rules of their own.
  func applyPlain(
    _ edit: TicketEdit, to ticket: inout TicketEditor, _ checks: inout FieldChecks
  ) {
    if let subject = edit.subject {
      checks.characters(subject, "subject", maximum: DeskLimits.subjectCharacters)
      ticket.row.set(TicketColumn.subject, subject)
    }
    if let priority = word(edit.priority, "priority", of: TicketPriority.words, &checks) {
      ticket.row.apply(priority, to: TicketColumn.priority)
    }
    if let type = word(edit.type, "type", of: TicketType.words, &checks) {
      ticket.row.apply(type, to: TicketColumn.type)
    }
    checks.optional(edit.externalID, "external_id")
    ticket.row.apply(edit.externalID, to: TicketColumn.externalID)
    checks.optional(edit.recipient, "recipient")
    ticket.row.apply(edit.recipient, to: TicketColumn.recipient)
    ticket.row.apply(edit.dueAt, to: TicketColumn.dueAt) { .integer($0.milliseconds) }
    applyProblem(edit, to: &ticket, &checks)
    applySets(edit, to: &ticket, &checks)
    applyFields(edit.fields, to: &ticket, &checks)
  }

  private func word(
    _ change: Change<String>, _ field: String, of allowed: [String],
    _ checks: inout FieldChecks
  ) -> Change<String>? {
    guard case .set(let text) = change else { return change }
    return checks.word(text, field, of: allowed, orNull: true).map { .set($0) }
  }

  /// `new` becomes `open` on assignment and never comes back; who solves an unassigned ticket
  /// is its assignee.
  private func applyStatus(
    _ edit: TicketEdit, to ticket: inout TicketEditor, _ checks: inout FieldChecks
  ) {
    let present = ticket.state.value(TicketColumn.status).text
    let isAssigned: Bool =
      switch edit.assignee {
      case .set: true
      case .clear: false
      case .keep: ticket.state.value(TicketColumn.assignee).integer != nil
      }
    var status: String?
    if let wished = edit.status {
      guard let word = checks.word(wished, "status", of: TicketStatus.words) else { return }
      status = word
    }
    let isNew = TicketStatus.new.rawValue
    if status == isNew, let present, present != isNew, edit.version == nil {
      checks.add(
        "status", .invalidValue, "status: a ticket that was \(present) cannot be new again")
    }
    if case .set = edit.assignee, (status ?? present ?? isNew) == isNew {
      status = TicketStatus.open.rawValue
    }
    if status == TicketStatus.solved.rawValue, !isAssigned, actor.role.mayEdit, !isOperator {
      ticket.row.set(TicketColumn.assignee, actor.user)
    }
    if let status { ticket.row.set(TicketColumn.status, status) }
  }

  private func applyPeople(
    _ edit: TicketEdit, to ticket: inout TicketEditor, _ checks: inout FieldChecks
  ) {
    if let requester = edit.requester {
      if requester != actor.user, !ticket.shows(requester, in: TicketColumn.requester) {
        checkRequester(requester, &checks)
      }
      ticket.row.set(TicketColumn.requester, requester)
    }
    if case .set(let group) = edit.group, !ticket.shows(group, in: TicketColumn.group),
      !isLive(Desk.group, group, deleted: GroupColumn.deleted)
    {
      checks.missing("group_id", "group", group)
    }
    var group = edit.group
    if case .set(let assignee) = edit.assignee {
      if !ticket.shows(assignee, in: TicketColumn.assignee) { checkAssignee(assignee, &checks) }
      if group == .keep, ticket.state.value(TicketColumn.group).isNull,
        let theirs = defaultGroup(of: assignee)
      {
        group = .set(theirs)
      }
    }
    ticket.row.apply(edit.assignee, to: TicketColumn.assignee)
    ticket.row.apply(group, to: TicketColumn.group)
    if case .set(let organization) = edit.organization,
      !ticket.shows(organization, in: TicketColumn.organization),
      !isLive(Desk.organization, organization, deleted: OrganizationColumn.deleted)
    {
      checks.missing("organization_id", "organization", organization)
    }
    ticket.row.apply(edit.organization, to: TicketColumn.organization)
  }

  /// Who is suspended may not write themselves; the desk may still work for them.
  private func checkRequester(_ id: RowID, _ checks: inout FieldChecks) {
    let user = UserState(view.row(Desk.user, id))
    if !user.exists || user.isDeleted { checks.missing("requester_id", "user", id) }
  }

  private func checkAssignee(_ assignee: RowID, _ checks: inout FieldChecks) {
    let user = UserState(view.row(Desk.user, assignee))
    if !user.isActive {
      checks.missing("assignee_id", "active user", assignee)
    } else if !user.role.mayEdit {
      checks.add(
        "assignee_id", .invalidValue,
        "assignee_id: user \(assignee) has the role \(user.role.rawValue); assign an agent")
    }
  }

  private func defaultGroup(of user: RowID) -> RowID? {
    let groups = memberships(of: user).filter {
      isLive(Desk.group, $0.group, deleted: GroupColumn.deleted)
    }
    return (groups.first { $0.isDefault } ?? groups.first)?.group
  }

  private func applyProblem(
    _ edit: TicketEdit, to ticket: inout TicketEditor, _ checks: inout FieldChecks
  ) {
    if case .set(let problem) = edit.problem, !ticket.shows(problem, in: TicketColumn.problem) {
      let state = view.row(Desk.ticket, problem)
      if !state.exists || state.value(TicketColumn.deleted).isTrue || problem == ticket.id {
        checks.missing("problem_id", "other ticket", problem)
      } else if state.value(TicketColumn.type) != .text(TicketType.problem.rawValue) {
        checks.add(
          "problem_id", .invalidValue,
          "problem_id: ticket \(problem) is no problem; set its type to problem first")
      }
    }
    ticket.row.apply(edit.problem, to: TicketColumn.problem)
  }

  private func applySets(
    _ edit: TicketEdit, to ticket: inout TicketEditor, _ checks: inout FieldChecks
  ) {
    let added = checks.tags(edit.addTags, "additional_tags")
    let removed = checks.tags(edit.removeTags, "remove_tags")
    if let tags = edit.tags {
      let wished = Set(checks.tags(tags) + added).subtracting(removed)
      ticket.row.replaceSet(TicketColumn.tags, with: wished.sorted())
    } else {
      let both = Set(added).intersection(removed)
      ticket.row.remove(TicketColumn.tags, removed.filter { !both.contains($0) })
      ticket.row.add(TicketColumn.tags, added.filter { !both.contains($0) })
    }
    applyCollaborators(edit, to: &ticket, &checks)
  }

  private func applyCollaborators(
    _ edit: TicketEdit, to ticket: inout TicketEditor, _ checks: inout FieldChecks
  ) {
    func values(_ users: [RowID]) -> Set<Value> { Set(users.map { Value.integer($0.rawValue) }) }
    let (added, removed) = (values(edit.addCollaborators), values(edit.removeCollaborators))
    guard edit.collaborators != nil || !added.isEmpty || !removed.isEmpty else { return }
    let before =
      edit.collaborators.map(values) ?? Set(ticket.state.elements(TicketColumn.collaborators))
    let wished = before.union(added).subtracting(removed)
    if wished.count > DeskLimits.collaborators, edit.collaborators != nil || !added.isEmpty {
      checks.add(
        "collaborator_ids", .tooLong,
        "collaborator_ids: \(wished.count) given, at most \(DeskLimits.collaborators)")
    }
    if edit.collaborators != nil {
      ticket.row.replaceSet(TicketColumn.collaborators, with: wished.sorted())
    } else {
      ticket.row.remove(TicketColumn.collaborators, removed.subtracting(added).sorted())
      ticket.row.add(TicketColumn.collaborators, added.subtracting(removed).sorted())
    }
  }

  private func applyFields(
    _ fields: [RowID: Value], to ticket: inout TicketEditor, _ checks: inout FieldChecks
  ) {
    if fields.count > DeskLimits.fieldValues {
      checks.add(
        "custom_fields", .tooLong,
        "custom_fields: \(fields.count) given, at most \(DeskLimits.fieldValues) at once")
      return
    }
    for (id, value) in fields.sorted(by: { $0.key < $1.key }) {
      let shown = ticket.state.value(CellKey(TicketColumn.fields, key: id.rawValue))
      if shown == value, !value.isNull { continue }
      let state = view.row(Desk.ticketField, id)
      guard state.exists, !state.value(TicketFieldColumn.deleted).isTrue else {
        checks.missing("custom_fields", "ticket field", id)
        continue
      }
      let type = state.value(TicketFieldColumn.type).text.flatMap(TicketFieldType.init(rawValue:))
      let options = type == .tagger ? TicketFieldOption.all(field: id, state).map(\.value) : []
      guard let normal = (type ?? .text).normal(value, options: options) else {
        checks.add(
          "custom_fields", .invalidValue,
          "custom_fields: field \(id) takes \((type ?? .text).described(options: options))")
        continue
      }
      if let text = normal.text {
        checks.bytes(text, "custom_fields", maximum: DeskLimits.fieldBytes)
      }
      ticket.row.set(TicketColumn.fields, key: id.rawValue, normal)
    }
  }
}
