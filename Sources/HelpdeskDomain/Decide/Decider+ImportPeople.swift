// Users and organizations that come from another system, and the names by which rows of it are
// found again.

internal import ReplicaCore

extension Decider {
  /// Makes the user, or brings the one that is here up to a newer state of the source. Who is
  /// found by the e-mail address alone keeps role and rights: they were given here.
  func importUser(_ user: UserImport) throws(Refusal) -> Decision {
    try require(.admin)
    var checks = FieldChecks()
    checkPast(user.createdAt, "created_at", &checks)
    checkPast(user.updatedAt, "updated_at", &checks)
    try checks.finish()
    if let id = view.rows(of: Desk.user, UserColumn.origin, user.origin.value).first {
      return try extend(id, user)
    }
    // What is wrong with the address is told once, where the row is made.
    var address = FieldChecks()
    if case .set(let text) = user.draft.edit.email, let email = address.email(text),
      let id = view.rows(of: Desk.user, UserColumn.email, .text(email)).first(
        where: { isLive(Desk.user, $0, deleted: UserColumn.deleted) })
    {
      return adopt(id, user)
    }
    let id = context.newID()
    var row = editor(Desk.user, id)
    apply(whole(user), to: &row, id: id, checks: &checks)
    row.set(UserColumn.origin, user.origin.text)
    row.set(UserColumn.originalCreated, user.createdAt)
    try checks.finish()
    return dated(decision([row.change()], created: id), user.updatedAt)
  }

  private func whole(_ user: UserImport) -> UserEdit {
    var edit = user.draft.edit
    edit.name = user.draft.name
    edit.role = user.draft.role
    if edit.office == nil, user.draft.role != .endUser {
      edit.office = user.draft.office ?? actor.office
    }
    if edit.active == nil { edit.active = true }
    // What was deleted here stays so, and keeps nobody of the source out.
    if case .set(let organization) = edit.organization, view.isDeletedOrganization(organization) {
      edit.organization = .keep
    }
    return edit
  }

  private func extend(_ id: RowID, _ user: UserImport) throws(Refusal) -> Decision {
    let state = view.row(Desk.user, id)
    guard !state.value(UserColumn.deleted).isTrue, !user.isPlaceholder else { return decision([]) }
    let isPlaceholder = state.elements(UserColumn.tags).contains(
      .text(UserImport.placeholderTag))
    guard isPlaceholder || isNotOlder(user.updatedAt, than: RowRef(Desk.user, id)) else {
      return decision([])
    }
    var checks = FieldChecks()
    var edit = whole(user)
    // Where somebody works now was decided here.
    if state.value(UserColumn.office).text != nil { edit.office = nil }
    if id == actor.user || isLastAdmin(id, UserState(state)) {
      edit.role = nil
      edit.active = nil
    }
    var row = editor(Desk.user, id, state)
    apply(edit, to: &row, id: id, checks: &checks)
    row.set(UserColumn.originalCreated, user.createdAt)
    try checks.finish()
    return dated(decision([row.change()]), user.updatedAt)
  }

  private func adopt(_ id: RowID, _ user: UserImport) -> Decision {
    let state = view.row(Desk.user, id)
    var row = editor(Desk.user, id, state)
    row.set(UserColumn.origin, user.origin.text)
    for (change, column) in [
      (user.draft.edit.phone, UserColumn.phone), (user.draft.edit.notes, UserColumn.notes),
      (user.draft.edit.externalID, UserColumn.externalID),
    ] where state.value(column).isNull {
      row.apply(change, to: column)
    }
    return dated(decision([row.change()]), nil)
  }

  /// As ``importUser(_:)``; an organization of the same name is taken for it.
  func importOrganization(_ organization: OrganizationImport) throws(Refusal) -> Decision {
    try require(.admin)
    var checks = FieldChecks()
    checkPast(organization.createdAt, "created_at", &checks)
    checkPast(organization.updatedAt, "updated_at", &checks)
    let name = (organization.draft.name ?? "").trimmed
    checks.name(name, "name")
    try checks.finish()
    let known = view.rows(
      of: Desk.organization, OrganizationColumn.origin, organization.origin.value
    ).first
    let namesake = view.rows(of: Desk.organization, OrganizationColumn.name, .text(name)).first {
      isLive(Desk.organization, $0, deleted: OrganizationColumn.deleted)
    }
    let id = known ?? namesake ?? context.newID()
    let state = view.row(Desk.organization, id)
    guard !state.value(OrganizationColumn.deleted).isTrue else { return decision([]) }
    var row = editor(Desk.organization, id, state)
    row.set(OrganizationColumn.origin, organization.origin.text)
    if !state.exists
      || (known != nil
        && isNotOlder(organization.updatedAt, than: RowRef(Desk.organization, id)))
    {
      row.set(OrganizationColumn.name, name)
      row.set(OrganizationColumn.originalCreated, organization.createdAt)
      apply(organization.draft, to: &row, &checks)
    }
    try checks.finish()
    return dated(
      decision([row.change()], created: state.exists ? nil : id),
      state.exists && known == nil ? nil : organization.updatedAt)
  }

  /// Remembers which row stands for one of another system.
  func linkImport(_ origin: ImportOrigin, to row: RowRef) throws(Refusal) -> Decision {
    try require(.admin)
    var checks = FieldChecks()
    checks.name(origin.text, "origin")
    if !view.row(row).exists { checks.missing("row_id", "row", row.id) }
    try checks.finish()
    let present = view.rows(of: Desk.importLink, ImportLinkColumn.origin, origin.value).contains {
      view.row(Desk.importLink, $0).value(ImportLinkColumn.row) == .integer(row.id.rawValue)
    }
    guard !present else { return decision([]) }
    return dated(decision([link(origin, to: row)]), nil)
  }

  /// The entry that a row stands for one of another system.
  func link(_ origin: ImportOrigin, to row: RowRef) -> RowChange? {
    var link = editor(Desk.importLink, context.newID())
    link.set(ImportLinkColumn.origin, origin.text)
    link.set(ImportLinkColumn.entity, .integer(Int64(row.entity.rawValue)))
    link.set(ImportLinkColumn.row, row.id)
    return link.change()
  }
}
