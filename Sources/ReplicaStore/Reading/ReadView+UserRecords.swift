// Users as they are shown: without an organization that was deleted.

internal import GRDB
internal import HelpdeskDomain
internal import ReplicaCore

extension ReadView {
  /// The users of rows, deleted ones included.
  ///
  /// A deleted organization is nobody's. That is decided here, by its mark, and not by rewriting its
  /// users: another office may put somebody into it meanwhile.
  func users(of rows: [FullRow]) throws -> [UserRecord] {
    let gone = try deletedOrganizations(Set(rows.compactMap { $0.id(UserColumn.organization) }))
    return rows.map { row in
      var user = UserRecord(row)
      if let organization = user.organization, gone.contains(organization) {
        user.organization = nil
      }
      return user
    }
  }

  func users(of page: Page<FullRow>) throws -> Page<UserRecord> {
    Page(
      rows: try users(of: page.rows), hasMore: page.hasMore, afterCursor: page.afterCursor,
      beforeCursor: page.beforeCursor, count: page.count)
  }

  private func deletedOrganizations(_ ids: Set<RowID>) throws -> Set<RowID> {
    let table = try table(Desk.organization)
    return try ids.filter { id in
      try db.number("SELECT 1 FROM \(table.name) WHERE id = ? AND deleted IS 1", [id.sql]) != nil
    }
  }

  /// Holds for users who have an organization that was not deleted.
  func hasOrganization() throws -> SQLPiece {
    let (users, organizations) = (try table(Desk.user).name, try table(Desk.organization).name)
    return SQLPiece(
      """
      organization_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM \(organizations) AS theirs
      WHERE theirs.id = \(users).organization_id AND theirs.deleted IS 1)
      """)
  }
}

extension UserRecord {
  fileprivate init(_ row: FullRow) {
    self.init(
      id: row.id, name: row.text(UserColumn.name) ?? "",
      role: row.text(UserColumn.role).flatMap(Role.init) ?? .endUser,
      roleDot: row.dot(UserColumn.role),
      active: row.flag(UserColumn.active) && !row.flag(UserColumn.deleted))
    disabled = row.disabledBy
    email = row.text(UserColumn.email)
    office = row.office(UserColumn.office)
    passwordHash = row.text(UserColumn.passwordHash)
    organization = row.id(UserColumn.organization)
    locale = row.text(UserColumn.locale)
    timeZone = row.text(UserColumn.timeZone)
    externalID = row.text(UserColumn.externalID)
    phone = row.text(UserColumn.phone)
    notes = row.text(UserColumn.notes)
    tags = row.texts(UserColumn.tags)
    createdAt = row.created
    updatedAt = row.updated
  }
}
