// Groups, memberships, organizations and ticket fields.

internal import ReplicaCore

extension Decider {
  func createGroup(_ draft: GroupDraft) throws(Refusal) -> Decision {
    try require(.admin)
    return try group(context.newID(), RowState(), draft, isNew: true)
  }

  func updateGroup(_ id: RowID, _ draft: GroupDraft) throws(Refusal) -> Decision {
    try require(.admin)
    return try group(
      id, try live(Desk.group, id, deleted: GroupColumn.deleted), draft, isNew: false)
  }

  private func group(
    _ id: RowID, _ state: RowState, _ draft: GroupDraft, isNew: Bool
  ) throws(Refusal) -> Decision {
    var checks = FieldChecks()
    var row = editor(Desk.group, id, state)
    if let name = draft.name ?? (isNew ? "" : nil) {
      checks.name(name, "name")
      if state.value(GroupColumn.name) != .text(name.trimmed) {
        refuse(
          view.rows(of: Desk.group, GroupColumn.name, .text(name.trimmed)), but: id, Desk.group,
          deleted: GroupColumn.deleted, "name", name.trimmed, &checks)
      }
      row.set(GroupColumn.name, name.trimmed)
    }
    if let description = draft.description {
      checks.bytes(description, "description", maximum: DeskLimits.noteBytes)
      row.set(GroupColumn.description, description)
    }
    if let home = draft.home, isKnown(home, "home_office", &checks) {
      row.set(GroupColumn.home, home)
    }
    try checks.finish()
    return decision([row.change()], created: isNew ? id : nil)
  }

  /// Refuses a text that another row on this node has. What a row has already is not asked about:
  /// offices that gave it twice apart have a merge task, and may still change both rows.
  private func refuse(
    _ rows: [RowID], but id: RowID, _ entity: EntityCode, deleted: UInt16, _ field: String,
    _ text: String, _ checks: inout FieldChecks
  ) {
    let others = rows.filter { $0 != id && isLive(entity, $0, deleted: deleted) }
    guard let other = others.first else { return }
    checks.add(
      field, .duplicateValue,
      "\(field): '\(text.prefix(64))' has already been taken by \(other); use another")
  }

  /// An external id that no other row on this node has.
  func unique(
    externalID change: Change<String>, _ column: UInt16, in row: RowRef, _ state: RowState,
    deleted: UInt16, _ checks: inout FieldChecks
  ) {
    guard case .set(let text) = change, !text.isEmpty, state.value(column) != .text(text) else {
      return
    }
    refuse(
      view.rows(of: row.entity, column, .text(text)), but: row.id, row.entity, deleted: deleted,
      "external_id", text, &checks)
  }

  func addMembership(
    user: RowID, group: RowID, isDefault: Bool
  ) throws(Refusal) -> Decision {
    try require(.admin)
    var checks = FieldChecks()
    if !UserState(view.row(Desk.user, user)).isActive {
      checks.missing("user_id", "active user", user)
    } else if UserState(view.row(Desk.user, user)).role == .endUser {
      checks.add(
        "user_id", .invalidValue,
        "user_id: user \(user) is an end user; groups hold those who work here")
    }
    if !isLive(Desk.group, group, deleted: GroupColumn.deleted) {
      checks.missing("group_id", "group", group)
    }
    let present = memberships(of: user)
    if present.contains(where: { $0.group == group }) {
      checks.add(
        "group_id", .duplicateValue, "group_id: user \(user) is in group \(group) already")
    }
    try checks.finish()
    let id = context.newID()
    var row = editor(Desk.membership, id)
    row.set(MembershipColumn.user, user)
    row.set(MembershipColumn.group, group)
    row.set(MembershipColumn.isDefault, isDefault || present.isEmpty)
    var changes = [row.change()]
    for other in present where isDefault && other.isDefault {
      var old = editor(Desk.membership, other.id, view.row(Desk.membership, other.id))
      old.set(MembershipColumn.isDefault, false)
      changes.append(old.change())
    }
    return decision(changes, created: id)
  }

  /// The groups a user is in, ordered by membership id.
  func memberships(of user: RowID) -> [(id: RowID, group: RowID, isDefault: Bool)] {
    var result: [(id: RowID, group: RowID, isDefault: Bool)] = []
    for id in view.rows(of: Desk.membership, MembershipColumn.user, .integer(user.rawValue)) {
      let state = view.row(Desk.membership, id)
      guard !state.value(MembershipColumn.deleted).isTrue,
        let group = state.value(MembershipColumn.group).integer
      else { continue }
      result.append((id, RowID(group), state.value(MembershipColumn.isDefault).isTrue))
    }
    return result
  }

  func createOrganization(_ draft: OrganizationDraft) throws(Refusal) -> Decision {
    try require(.edit)
    return try organization(context.newID(), RowState(), draft, isNew: true)
  }

  func updateOrganization(_ id: RowID, _ draft: OrganizationDraft) throws(Refusal) -> Decision {
    try require(.edit)
    let state = try live(Desk.organization, id, deleted: OrganizationColumn.deleted)
    return try organization(id, state, draft, isNew: false)
  }

  private func organization(
    _ id: RowID, _ state: RowState, _ draft: OrganizationDraft, isNew: Bool
  ) throws(Refusal) -> Decision {
    var checks = FieldChecks()
    var row = editor(Desk.organization, id, state)
    if let name = draft.name ?? (isNew ? "" : nil) {
      checks.name(name, "name")
      if state.value(OrganizationColumn.name) != .text(name.trimmed) {
        refuse(
          view.reading.rows(
            of: Desk.organization, column: OrganizationColumn.name, resembling: name.trimmed),
          but: id, Desk.organization, deleted: OrganizationColumn.deleted, "name", name.trimmed,
          &checks)
      }
      row.set(OrganizationColumn.name, name.trimmed)
    }
    unique(
      externalID: draft.externalID, OrganizationColumn.externalID,
      in: RowRef(Desk.organization, id), state, deleted: OrganizationColumn.deleted, &checks)
    apply(draft, to: &row, &checks)
    try checks.finish()
    return decision([row.change()], created: isNew ? id : nil)
  }

  /// All but the name.
  func apply(
    _ draft: OrganizationDraft, to row: inout RowEditor, _ checks: inout FieldChecks
  ) {
    checks.optional(draft.externalID, "external_id")
    row.apply(draft.externalID, to: OrganizationColumn.externalID)
    let long: [(Change<String>, String, UInt16)] = [
      (draft.details, "details", OrganizationColumn.details),
      (draft.notes, "notes", OrganizationColumn.notes),
    ]
    for (change, field, column) in long {
      if case .set(let text) = change {
        checks.bytes(text, field, maximum: DeskLimits.noteBytes)
      }
      row.apply(change, to: column)
    }
    if let domains = draft.domains {
      row.replaceSet(OrganizationColumn.domains, with: checks.tags(domains, "domain_names"))
    }
    if let tags = draft.tags { row.replaceSet(OrganizationColumn.tags, with: checks.tags(tags)) }
  }
}

extension Decider {
  func createTicketField(_ draft: TicketFieldDraft) throws(Refusal) -> Decision {
    try require(.admin)
    var checks = FieldChecks()
    checks.name(draft.title, "title")
    let type = checks.word(draft.type, "type", of: TicketFieldType.allCases.map(\.rawValue))
    if let key = draft.key {
      checks.name(key, "key")
      if let other = view.rows(of: Desk.ticketField, TicketFieldColumn.key, .text(key)).first(
        where: { isLive(Desk.ticketField, $0, deleted: TicketFieldColumn.deleted) })
      {
        checks.add("key", .duplicateValue, "key: '\(key.prefix(64))' is that of field \(other)")
      }
    }
    if let description = draft.description {
      checks.bytes(description, "description", maximum: DeskLimits.noteBytes)
    }
    if let options = draft.options {
      checks.bytes(options, "custom_field_options", maximum: DeskLimits.optionsBytes)
      let list = TicketFieldOption.list(options, .none)
      if list == nil {
        checks.add(
          "custom_field_options", .invalidValue,
          "custom_field_options: must be a JSON array of texts or of objects with a 'value'")
      }
      if let list, list.count > DeskLimits.fieldOptions {
        checks.add(
          "custom_field_options", .tooLong,
          "custom_field_options: \(list.count) given, at most \(DeskLimits.fieldOptions)")
      }
    }
    try checks.finish()
    let id = context.newID()
    let position =
      draft.position.map(FieldPosition.within) ?? Int64(view.rows(of: Desk.ticketField).count + 1)
    var row = editor(Desk.ticketField, id)
    row.set(TicketFieldColumn.title, draft.title.trimmed)
    row.set(TicketFieldColumn.type, type)
    row.set(TicketFieldColumn.key, draft.key)
    row.set(TicketFieldColumn.active, draft.active)
    row.set(TicketFieldColumn.position, .integer(position))
    row.set(TicketFieldColumn.description, draft.description)
    row.set(TicketFieldColumn.options, draft.options)
    return decision([row.change()], created: id)
  }
}

/// The kinds of custom fields, as the compatible API names them.
package enum TicketFieldType: String, Hashable, Sendable, CaseIterable {
  case text, textarea, integer, decimal, checkbox, date, tagger, regexp

  /// Whether a value may be any text.
  var isFreeText: Bool { self == .text || self == .textarea }

  /// Options that a message names; a list can have thousands.
  private static var namedOptions: Int { 20 }

  /// What values it takes, for a message.
  func described(options: [String]) -> String {
    switch self {
    case .text, .textarea, .regexp: return "a text"
    case .integer: return "a whole number"
    case .decimal: return "a number"
    case .checkbox: return "true or false"
    case .date: return "a day such as 2026-01-31"
    case .tagger:
      guard !options.isEmpty else { return "a text" }
      let named = options.prefix(Self.namedOptions).joined(separator: ", ")
      let more = options.count - Self.namedOptions
      return "one of its options: \(named)" + (more > 0 ? " and \(more) more" : "")
    }
  }

  /// The value in the form in which it is stored; nil where it is not one of this type.
  ///
  /// - Parameter options: the values of a list; empty allows any.
  func normal(_ value: Value, options: [String]) -> Value? {
    guard !value.isNull else { return .null }
    switch self {
    case .integer:
      if case .integer = value { return value }
      return value.text.flatMap { Int64($0.trimmed) }.map { .integer($0) }
    case .checkbox:
      switch value {
      case .integer(0), .integer(1): return value
      case .text("true"): return .integer(1)
      case .text("false"): return .integer(0)
      default: return nil
      }
    case .decimal:
      if case .integer(let number) = value { return .text("\(number)") }
      return value.text.flatMap { Double($0.trimmed)?.isFinite == true ? .text($0.trimmed) : nil }
    case .date:
      guard let text = value.text?.trimmed else { return nil }
      return CivilDate(text) == nil ? nil : .text(text)
    case .tagger:
      guard let text = value.text else { return nil }
      return options.isEmpty || options.contains(text) ? .text(text) : nil
    case .text, .textarea, .regexp:
      if case .integer(let number) = value { return .text("\(number)") }
      return value.text.map { .text($0) }
    }
  }
}
