// Views and macros: shared ones are the leads', personal ones are their owner's alone.

internal import ReplicaCore

extension Decider {
  func change(_ command: ViewCommand) throws(Refusal) -> Decision {
    switch command {
    case .create(let draft):
      try mayKeep(draft.restriction ?? .everybody)
      return try view(context.newID(), RowState(), draft, isNew: true)
    case .update(let id, let draft):
      let state = try changeable(.views, id)
      if let restriction = draft.restriction { try mayKeep(restriction) }
      return try view(id, state, draft, isNew: false)
    case .delete(let ids): return try drop(.views, ids)
    }
  }

  func change(_ command: MacroCommand) throws(Refusal) -> Decision {
    switch command {
    case .create(let draft):
      try mayKeep(draft.restriction ?? .everybody)
      return try macro(context.newID(), RowState(), draft, isNew: true)
    case .update(let id, let draft):
      let state = try changeable(.macros, id)
      if let restriction = draft.restriction { try mayKeep(restriction) }
      return try macro(id, state, draft, isNew: false)
    case .delete(let ids): return try drop(.macros, ids)
    }
  }

  private func view(
    _ id: RowID, _ state: RowState, _ draft: ViewDraft, isNew: Bool
  ) throws(Refusal) -> Decision {
    var checks = FieldChecks()
    var row = editor(Desk.view, id, state)
    if let title = draft.title ?? (isNew ? "" : nil) {
      checks.name(title, "title")
      row.set(ViewColumn.title, title.trimmed)
    }
    if case .set(let text) = draft.description {
      checks.bytes(text, "description", maximum: DeskLimits.noteBytes)
    }
    row.apply(draft.description, to: ViewColumn.description)
    if let active = draft.active ?? (isNew ? true : nil) { row.set(ViewColumn.active, active) }
    if let position = position(draft.position, in: Desk.view, isNew: isNew) {
      row.set(ViewColumn.position, .integer(position))
    }
    if let conditions = draft.conditions ?? (isNew ? ViewConditions() : nil) {
      let before = state.value(ViewColumn.conditions).text.flatMap { ViewConditions(stored: $0) }
      check(conditions, before: before, &checks)
      checks.bytes(conditions.stored, "conditions", maximum: DeskLimits.ruleBytes)
      row.set(ViewColumn.conditions, conditions.stored)
    }
    if let output = draft.output ?? (isNew ? ViewOutput() : nil) {
      check(output, &checks)
      row.set(ViewColumn.output, output.stored)
    }
    if let restriction = draft.restriction {
      check(restriction, &checks)
      row.set(ViewColumn.restriction, restriction.value)
    }
    try checks.finish()
    return decision([row.change()], created: isNew ? id : nil)
  }

  /// Conditions must be understood before they are kept.
  private func check(
    _ conditions: ViewConditions, before: ViewConditions?, _ checks: inout FieldChecks
  ) {
    do throws(Refusal) {
      _ = try ConditionReader(actor: actor, groups: [], now: context.now).filters(conditions)
    } catch {
      guard case .invalid(let problems) = error else { return }
      for problem in problems { checks.add(problem.field, problem.code, problem.message) }
      return
    }
    checkReferences(conditions, before: before, &checks)
  }

  private func check(_ output: ViewOutput, _ checks: inout FieldChecks) {
    if output.columns.count > DeskLimits.viewColumns {
      checks.add(
        "output.columns", .tooLong,
        "output.columns: \(output.columns.count) given, at most \(DeskLimits.viewColumns)")
      return
    }
    let known = ViewOutput.titles.map(\.column)
    for (index, column) in output.columns.enumerated() where !known.contains(column) {
      let field = TicketSearch.id(column)
      if let field, isField(field) { continue }
      checks.add(
        "output.columns[\(index)]", .invalidValue,
        "output.columns[\(index)]: '\(column.prefix(64))' is neither the id of a ticket field nor "
          + "one of \(known.joined(separator: ", "))")
    }
    for (name, key) in [("group_by", output.groupBy), ("sort_by", output.sortBy)] {
      guard let key, ViewOrder.Key(key) == nil else { continue }
      checks.add(
        "output.\(name)", .invalidValue,
        "output.\(name): '\(key.prefix(64))' is not one of "
          + ViewOrder.Key.allCases.map(\.rawValue).joined(separator: ", "))
    }
  }

  private func macro(
    _ id: RowID, _ state: RowState, _ draft: MacroDraft, isNew: Bool
  ) throws(Refusal) -> Decision {
    var checks = FieldChecks()
    var row = editor(Desk.macro, id, state)
    if let title = draft.title ?? (isNew ? "" : nil) {
      checks.name(title, "title")
      row.set(MacroColumn.title, title.trimmed)
    }
    if case .set(let text) = draft.description {
      checks.bytes(text, "description", maximum: DeskLimits.noteBytes)
    }
    row.apply(draft.description, to: MacroColumn.description)
    if let active = draft.active ?? (isNew ? true : nil) { row.set(MacroColumn.active, active) }
    if let position = position(draft.position, in: Desk.macro, isNew: isNew) {
      row.set(MacroColumn.position, .integer(position))
    }
    if let actions = draft.actions ?? (isNew ? [] : nil) {
      let before = state.value(MacroColumn.actions).text.flatMap { MacroAction.list(stored: $0) }
      check(actions, before: before ?? [], &checks)
      row.set(MacroColumn.actions, MacroAction.stored(actions))
    }
    if let restriction = draft.restriction {
      check(restriction, &checks)
      row.set(MacroColumn.restriction, restriction.value)
    }
    try checks.finish()
    return decision([row.change()], created: isNew ? id : nil)
  }

  /// What the macro did before stays: clients send all actions back, and a group may be gone since.
  private func check(
    _ actions: [MacroAction], before: [MacroAction], _ checks: inout FieldChecks
  ) {
    guard !actions.isEmpty else {
      checks.add("actions", .blankValue, "actions: give at least one, such as a comment_value")
      return
    }
    guard actions.count <= DeskLimits.macroActions else {
      checks.add(
        "actions", .tooLong, "actions: \(actions.count) given, at most \(DeskLimits.macroActions)")
      return
    }
    checks.bytes(MacroAction.stored(actions), "actions", maximum: DeskLimits.ruleBytes)
    for (index, action) in actions.enumerated() where !before.contains(action) {
      let fault = action.fault(
        isGroup: { isLive(Desk.group, $0, deleted: GroupColumn.deleted) },
        isUser: { UserState(view.row(Desk.user, $0)).isActive }, isField: isField)
      guard let fault else { continue }
      let place = "actions[\(index)].\(fault.part)"
      checks.add(place, .invalidValue, "\(place): \(fault.message)")
    }
  }
}

/// What views and macros have in common for their rights.
struct Shelf {
  let entity: EntityCode
  let restriction: UInt16
  let deleted: UInt16

  static let views = Shelf(
    entity: Desk.view, restriction: ViewColumn.restriction, deleted: ViewColumn.deleted)
  static let macros = Shelf(
    entity: Desk.macro, restriction: MacroColumn.restriction, deleted: MacroColumn.deleted)

  init(entity: EntityCode, restriction: UInt16, deleted: UInt16) {
    self.entity = entity
    self.restriction = restriction
    self.deleted = deleted
  }

  /// Nil for an entity that is neither.
  init?(_ entity: EntityCode) {
    switch entity {
    case Desk.view: self = .views
    case Desk.macro: self = .macros
    default: return nil
    }
  }
}

extension Decider {
  /// The state of a row that the actor may change; one that he does not see is not found.
  private func changeable(_ shelf: Shelf, _ id: RowID) throws(Refusal) -> RowState {
    try require(.edit)
    let state = try live(shelf.entity, id, deleted: shelf.deleted)
    try mayChange(shelf, id, state)
    return state
  }

  /// Refuses an actor who may not change a row as it is.
  func mayChange(_ shelf: Shelf, _ id: RowID, _ state: RowState) throws(Refusal) {
    try require(.edit)
    let restriction = Restriction(state.value(shelf.restriction))
    if case .user(let owner) = restriction, owner != actor.user, !isOperator {
      throw .notFound(
        kind: Desk.schema.entity(shelf.entity)?.name ?? "row", id: id.description)
    }
    try mayKeep(restriction)
  }

  private func drop(_ shelf: Shelf, _ ids: [RowID]) throws(Refusal) -> Decision {
    var changes: [RowChange?] = []
    for id in ids {
      var row = editor(shelf.entity, id, try changeable(shelf, id))
      row.set(shelf.deleted, true)
      changes.append(row.change())
    }
    return decision(changes)
  }

  /// Whether the actor may have what is so restricted.
  func mayKeep(_ restriction: Restriction) throws(Refusal) {
    try require(.edit)
    if case .user(let owner) = restriction, owner != actor.user, !isOperator {
      throw .forbidden(.ownerOnly(owner: owner, actor: actor.user))
    }
    guard isOperator || restriction.mayBeChanged(by: actor.user, actor.role) else {
      throw .forbidden(
        .role(
          actor.role,
          needs: "lead or admin for what others see; agents keep their own: \"restriction\": "
            + "{\"type\": \"User\", \"id\": \(actor.user)}"))
    }
  }

  private func check(_ restriction: Restriction, _ checks: inout FieldChecks) {
    switch restriction {
    case .everybody: break
    case .user(let id): checkUser(id, "restriction.id", &checks)
    case .groups(let ids):
      guard ids.count <= DeskLimits.conditions else {
        return checks.add(
          "restriction.ids", .tooLong, "restriction.ids: at most \(DeskLimits.conditions) groups")
      }
      for id in ids where !isLive(Desk.group, id, deleted: GroupColumn.deleted) {
        checks.missing("restriction.id", "group", id)
      }
    case .unknown:
      checks.add(
        "restriction", .invalidValue,
        "restriction: must be null, {\"type\": \"User\", \"id\": …} or {\"type\": \"Group\", "
          + "\"ids\": […]}")
    }
  }

  /// Where the row stands among its kind; a new one comes last.
  private func position(_ wished: Int64?, in entity: EntityCode, isNew: Bool) -> Int64? {
    if let wished { return max(0, min(wished, 1_000_000)) }
    return isNew ? Int64(view.rows(of: entity).count + 1) : nil
  }

  func isField(_ id: RowID) -> Bool {
    isLive(Desk.ticketField, id, deleted: TicketFieldColumn.deleted)
  }
}
