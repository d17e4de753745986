// Ticket fields that exist: their names and the options of lists.

internal import ReplicaCore

extension Decider {
  func change(_ command: TicketFieldCommand) throws(Refusal) -> Decision {
    try require(.admin)
    switch command {
    case .update(let id, let edit): return try updateField(id, edit)
    case .delete(let id):
      try checkIsCustom(id)
      return try delete(Desk.ticketField, id, TicketFieldColumn.deleted, needs: .admin)
    case .putOption(let field, let draft): return try putOption(draft, of: field)
    case .deleteOption(let field, let option):
      let state = try liveField(field)
      guard TicketFieldOption.all(field: field, state).contains(where: { $0.id == option }) else {
        throw .notFound(kind: "option", id: option.description)
      }
      var row = editor(Desk.ticketField, field, state)
      row.write(Self.cell(option), .null, naming: nil)
      return decision([row.change()])
    }
  }

  /// Nothing stands further back. An option that another release wrote may say more, or nothing.
  private static var lastPosition: Int { Int(FieldPosition.last) }

  private static func cell(_ option: RowID) -> CellKey {
    CellKey(TicketFieldColumn.choices, key: option.rawValue)
  }

  /// The built-in fields have ids below 10,000 and are in no row.
  private func checkIsCustom(_ id: RowID) throws(Refusal) {
    guard SystemField(id: id) == nil else {
      throw .invalid([
        FieldProblem("base", .invalidValue, "base: a system field cannot be changed or deleted")
      ])
    }
  }

  private func liveField(_ id: RowID) throws(Refusal) -> RowState {
    try checkIsCustom(id)
    return try live(Desk.ticketField, id, deleted: TicketFieldColumn.deleted)
  }

  private func updateField(_ id: RowID, _ edit: TicketFieldEdit) throws(Refusal) -> Decision {
    let state = try liveField(id)
    var checks = FieldChecks()
    var row = editor(Desk.ticketField, id, state)
    if let title = edit.title {
      checks.name(title, "title")
      row.set(TicketFieldColumn.title, title.trimmed)
    }
    if case .set(let text) = edit.description {
      checks.bytes(text, "description", maximum: DeskLimits.noteBytes)
    }
    row.apply(edit.description, to: TicketFieldColumn.description)
    let present = state.value(TicketFieldColumn.type).text ?? "text"
    if let type = edit.type, type != present {
      checks.add(
        "type", .invalidValue,
        "type: a field that is \(present) stays so, since tickets hold its values; make another")
    }
    if let active = edit.active { row.set(TicketFieldColumn.active, active) }
    if let position = edit.position {
      row.set(TicketFieldColumn.position, .integer(FieldPosition.within(position)))
    }
    if let drafts = edit.options {
      if drafts.count > DeskLimits.fieldOptions {
        checks.add(
          "custom_field_options", .tooLong,
          "custom_field_options: \(drafts.count) given, at most \(DeskLimits.fieldOptions)")
        try checks.finish()
      }
      var present = TicketFieldOption.all(field: id, state)
      let before = present
      var kept: Set<RowID> = []
      // What goes makes room for its value first.
      let named = Set(drafts.compactMap(\.id))
      let values = Set(drafts.compactMap(\.value))
      present.removeAll { !named.contains($0.id) && !values.contains($0.value) }
      for (index, draft) in drafts.enumerated() {
        var draft = draft
        draft.id = draft.id ?? present.first { $0.value == draft.value }?.id
        draft.position = draft.position ?? index
        let place = "custom_field_options[\(index)]"
        guard let option = option(draft, in: &present, of: id, place, &checks) else { continue }
        guard kept.insert(option.id).inserted else {
          checks.add(
            "\(place).value", .duplicateValue,
            "\(place).value: '\(option.value.prefix(64))' is given twice")
          continue
        }
        if !before.contains(option) { row.write(Self.cell(option.id), option.stored, naming: nil) }
      }
      for gone in before where !kept.contains(gone.id) {
        row.write(Self.cell(gone.id), .null, naming: nil)
      }
    }
    try checks.finish()
    return decision([row.change()])
  }

  private func putOption(
    _ draft: TicketFieldOptionDraft, of field: RowID
  ) throws(Refusal) -> Decision {
    let state = try liveField(field)
    var present = TicketFieldOption.all(field: field, state)
    if let id = draft.id, !present.contains(where: { $0.id == id }) {
      throw .notFound(kind: "option", id: id.description)
    }
    let before = present
    var checks = FieldChecks()
    var row = editor(Desk.ticketField, field, state)
    let option = option(draft, in: &present, of: field, "custom_field_option", &checks)
    try checks.finish()
    guard let option else { return decision([]) }
    if !before.contains(option) { row.write(Self.cell(option.id), option.stored, naming: nil) }
    let isNew = draft.id == nil
    return decision([row.change()], created: isNew ? option.id : nil)
  }

  /// The option that a draft makes of those that are there; nil, with a problem, where it cannot.
  private func option(
    _ draft: TicketFieldOptionDraft, in present: inout [TicketFieldOption], of field: RowID,
    _ place: String, _ checks: inout FieldChecks
  ) -> TicketFieldOption? {
    let known = present.firstIndex { $0.id == draft.id }
    let old = known.map { present[$0] }
    let value = (draft.value ?? old?.value ?? "").trimmed
    let name = (draft.name ?? old?.name ?? value).trimmed
    checks.name(value, "\(place).value")
    checks.name(name, "\(place).name")
    if let other = present.first(where: { $0.value == value && $0.id != old?.id }) {
      checks.add(
        "\(place).value", .duplicateValue,
        "\(place).value: '\(value.prefix(64))' is that of option \(other.id); use another")
      return nil
    }
    if old == nil, present.count >= DeskLimits.fieldOptions {
      checks.add(
        "custom_field_options", .tooLong,
        "custom_field_options: a field has at most \(DeskLimits.fieldOptions) options")
      return nil
    }
    var option =
      old
      ?? TicketFieldOption(
        id: freeID(field, value, present), name: name, value: value,
        position: min(present.map(\.position).max() ?? -1, Self.lastPosition) + 1)
    option.name = name
    option.value = value
    option.position = max(0, min(draft.position ?? option.position, Self.lastPosition))
    option.isDefault = draft.isDefault ?? option.isDefault
    if let known { present[known] = option } else { present.append(option) }
    return option
  }

  private func freeID(
    _ field: RowID, _ value: String, _ present: [TicketFieldOption]
  ) -> RowID {
    let taken = Set(present.map(\.id))
    var attempt = 0
    while true {
      let id = TicketFieldOption.id(field: field, value: value, try: attempt)
      if !taken.contains(id) { return id }
      attempt += 1
    }
  }
}

/// Where fields and options stand among their kind.
enum FieldPosition {
  static let last: Int64 = 1_000_000

  /// A wished position within what there is.
  static func within(_ position: Int64) -> Int64 { max(0, min(position, last)) }
}
