// Organizations, groups, users, memberships and ticket fields of another desk.

internal import AgentAPI
internal import HelpdeskDomain
internal import ReplicaCore
internal import ReplicaStore

extension DeskImport {
  mutating func take(
    _ entries: [DeskBatch.Entry<ForeignOrganization>]
  ) async throws(DeskFailure) {
    var steps: [Step] = []
    for entry in entries {
      let row = entry.row
      steps.append(
        Step(
          line: entry.line, isNew: true,
          command: .importOrganization(
            OrganizationImport(
              origin: origin("organization", row.id), draft: row.draft,
              createdAt: row.createdAt ?? now, updatedAt: row.updatedAt ?? row.createdAt ?? now))))
    }
    try await run(steps)
  }

  /// Groups go by their names; the link keeps them when they are renamed here.
  mutating func take(_ entries: [DeskBatch.Entry<ForeignGroup>]) async throws(DeskFailure) {
    let links = try await linked("group", Set(entries.map(\.row.id)))
    let known = try await desk.read { view in try view.every { try view.groups($0) } }
    var names = Dictionary(known.map { ($0.name, $0.id) }, uniquingKeysWith: min)
    for entry in entries {
      let row = entry.row
      if links[row.id] != nil {
        report.unchanged += 1
        continue
      }
      if row.isDeleted {
        report.unchanged += 1
        warn(entry.line, "group \(row.id) is deleted there")
        continue
      }
      var group = names[row.name]
      if group == nil {
        let draft = GroupDraft(name: row.name, description: row.description)
        group =
          try await run([
            Step(line: entry.line, isNew: true, command: .createGroup(draft))
          ]).first ?? nil
      } else {
        report.unchanged += 1
      }
      guard let group else { continue }
      names[row.name] = group
      do throws(DeskFailure) {
        _ = try await desk.submit(
          .linkImport(origin("group", row.id), RowRef(Desk.group, group)), as: actor)
      } catch {
        guard case .refused(let refusal) = error else { throw error }
        bad(entry.line, Self.words(refusal))
      }
    }
  }

  mutating func take(_ entries: [DeskBatch.Entry<ForeignUser>]) async throws(DeskFailure) {
    let organizations = try await rows(
      Desk.organization, OrganizationColumn.origin, "organization",
      Set(entries.compactMap(\.row.organization)))
    var steps: [Step] = []
    for entry in entries {
      let row = entry.row
      var edit = row.edit
      if let organization = row.organization {
        if let known = organizations[organization] {
          edit.organization = .set(known)
        } else {
          warn(entry.line, "organization \(organization) is not here; import it first")
        }
      }
      var draft = UserDraft(name: row.name, email: nil, role: row.role, edit: edit)
      draft.office = row.role == .endUser ? nil : office
      steps.append(
        Step(
          line: entry.line, isNew: true,
          command: .importUser(
            UserImport(
              origin: origin("user", row.id), draft: draft, createdAt: row.createdAt ?? now,
              updatedAt: row.updatedAt ?? row.createdAt ?? now))))
    }
    try await run(steps)
  }

  mutating func take(_ entries: [DeskBatch.Entry<ForeignMembership>]) async throws(DeskFailure) {
    let users = try await rows(
      Desk.user, UserColumn.origin, "user", Set(entries.map(\.row.user)))
    let groups = try await linked("group", Set(entries.map(\.row.group)))
    var present = Set(
      try await desk.read { view in try view.everyMembership() }.map { Pair($0.user, $0.group) })
    var steps: [Step] = []
    for entry in entries {
      guard let user = users[entry.row.user], let group = groups[entry.row.group] else {
        bad(
          entry.line,
          "user \(entry.row.user) or group \(entry.row.group) is not here; import them first")
        continue
      }
      guard present.insert(Pair(user, group)).inserted else {
        report.unchanged += 1
        continue
      }
      steps.append(
        Step(
          line: entry.line, isNew: true,
          command: .addMembership(user: user, group: group, isDefault: entry.row.isDefault)))
    }
    try await run(steps)
  }

  private struct Pair: Hashable {
    let user: RowID
    let group: RowID
    init(_ user: RowID, _ group: RowID) {
      self.user = user
      self.group = group
    }
  }

  /// Fields of every ticket there, which are columns here.
  private static var builtIn: Set<String> {
    [
      "subject", "description", "status", "tickettype", "priority", "group", "assignee",
      "custom_status", "basic_priority",
    ]
  }

  mutating func take(_ entries: [DeskBatch.Entry<ForeignField>]) async throws(DeskFailure) {
    var known = Set(try await desk.ticketFields().compactMap(\.key))
    var steps: [Step] = []
    for entry in entries {
      let row = entry.row
      if Self.builtIn.contains(row.type) || !known.insert(fieldKey(row.id)).inserted {
        report.unchanged += 1
        continue
      }
      let type = TicketFieldType(rawValue: row.type)
      if type == nil { warn(entry.line, "field \(row.id) is of type \(row.type); it is text here") }
      steps.append(
        Step(
          line: entry.line, isNew: true,
          command: .createTicketField(
            TicketFieldDraft(
              title: row.title, type: (type ?? .text).rawValue, key: fieldKey(row.id),
              description: row.description, options: type == .tagger ? row.options : nil))))
    }
    try await run(steps)
  }

  func fieldKey(_ id: Int64) -> String { "\(system)_\(id)" }
}
