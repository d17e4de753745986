// Macros of another desk: what their actions name is looked up here, and the rest is said.

internal import AgentAPI
internal import HelpdeskDomain
internal import ReplicaCore

extension DeskImport {
  /// Rows that macros name, by foreign id.
  private struct Named {
    var groups: [Int64: RowID] = [:]
    var users: [Int64: RowID] = [:]
    /// Those of ``users`` who may be given a ticket.
    var active: Set<RowID> = []
    var fields: [Int64: RowID] = [:]
  }

  mutating func take(_ entries: [DeskBatch.Entry<ForeignMacro>]) async throws(DeskFailure) {
    let named = try await lookUp(entries.map(\.row))
    let present = Set(try await linked("macro", Set(entries.map(\.row.id))).keys)
    var steps: [Step] = []
    for entry in entries {
      guard let draft = draft(of: entry, named) else { continue }
      let row = entry.row
      steps.append(
        Step(
          line: entry.line, isNew: !present.contains(row.id),
          command: .importMacro(
            MacroImport(
              origin: origin("macro", row.id), draft: draft,
              updatedAt: row.updatedAt ?? row.createdAt ?? now))))
    }
    try await run(steps)
  }

  private mutating func lookUp(_ macros: [ForeignMacro]) async throws(DeskFailure) -> Named {
    var groups: Set<Int64> = []
    var users: Set<Int64> = []
    var fields: Set<Int64> = []
    for macro in macros {
      switch macro.audience {
      case .everybody: break
      case .groups(let ids): groups.formUnion(ids)
      case .user(let id): users.insert(id)
      }
      for action in macro.actions {
        if let field = Self.fieldID(action) { fields.insert(field) }
        guard let id = Self.foreignID(action) else { continue }
        if action.field == "group_id" { groups.insert(id) }
        if action.field == "assignee_id" { users.insert(id) }
      }
    }
    var named = Named()
    named.groups = try await linked("group", groups)
    named.users = try await rows(Desk.user, UserColumn.origin, "user", users)
    let people = try await desk.users(named.users.values.sorted())
    named.active = Set(people.filter(\.active).map(\.id))
    named.fields = try await self.fields(fields)
    return named
  }

  /// Nil where the macro cannot come in, which is then said.
  private mutating func draft(
    of entry: DeskBatch.Entry<ForeignMacro>, _ named: Named
  ) -> MacroDraft? {
    let macro = entry.row
    guard let audience = restriction(of: entry, named) else { return nil }
    var draft = MacroDraft()
    draft.title = macro.title
    draft.description = macro.description.map { .set($0) } ?? .clear
    draft.active = macro.active
    draft.position = macro.position
    draft.restriction = audience
    draft.actions = macro.actions.compactMap { action -> MacroAction? in
      let (kept, reason) = Self.translated(action, named)
      if let reason {
        warn(entry.line, "macro \(macro.id) comes without \(action.field): \(reason)")
      }
      return kept
    }
    guard draft.actions?.isEmpty == false else {
      bad(entry.line, "macro \(macro.id) has no action that this desk knows")
      return nil
    }
    return draft
  }

  /// Who will see it. What was for some must not become everybody's.
  private mutating func restriction(
    of entry: DeskBatch.Entry<ForeignMacro>, _ named: Named
  ) -> Restriction? {
    let macro = entry.row
    switch macro.audience {
    case .everybody: return .everybody
    case .groups(let ids):
      let known = ids.compactMap { named.groups[$0] }
      for id in ids where named.groups[id] == nil {
        warn(entry.line, "macro \(macro.id) is for group \(id), which is not here")
      }
      if !known.isEmpty { return .groups(known) }
      bad(entry.line, "macro \(macro.id) is for groups that are not here; import them first")
    case .user(let id):
      guard let user = named.users[id], named.active.contains(user) else {
        report.unchanged += 1
        warn(entry.line, "macro \(macro.id) is user \(id)'s own, who is not active here")
        return nil
      }
      // Nobody but its owner keeps a personal macro; the node itself may make one.
      guard actor.user == .none || actor.user == user else {
        report.unchanged += 1
        warn(
          entry.line,
          "macro \(macro.id) is user \(id)'s own; run the import at the node (--data) to take it")
        return nil
      }
      return .user(user)
    }
    return nil
  }

  /// The action with the rows of this desk in it, or why it cannot be kept.
  private static func translated(
    _ action: MacroAction, _ named: Named
  ) -> (kept: MacroAction?, reason: String?) {
    var kept = action
    switch action.field {
    case "group_id":
      if let id = foreignID(action) {
        guard let group = named.groups[id] else { return (nil, "group \(id) is not here") }
        kept.value = .text("\(group)")
      }
    case "assignee_id":
      if let id = foreignID(action) {
        guard let user = named.users[id], named.active.contains(user) else {
          return (nil, "user \(id) is not active here")
        }
        kept.value = .text("\(user)")
      }
    default:
      if let id = fieldID(action), let field = named.fields[id] {
        kept.field = "custom_fields_\(field)"
      }
    }
    // Rows that were looked up are there; what is left to see are fields and words.
    let fault = kept.fault(isGroup: { _ in true }, isUser: { _ in true }, isField: { _ in true })
    if let fault { return (nil, fault.message) }
    return (kept, nil)
  }

  /// The foreign id that is the value; nil for words such as `current_user`.
  private static func foreignID(_ action: MacroAction) -> Int64? {
    action.value.single.flatMap { Int64($0) }
  }

  /// The foreign id of the custom field that is set.
  private static func fieldID(_ action: MacroAction) -> Int64? {
    for prefix in ["custom_fields_", "ticket_fields_"] where action.field.hasPrefix(prefix) {
      return Int64(action.field.dropFirst(prefix.count))
    }
    return nil
  }
}
