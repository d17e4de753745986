// Lists of users by conditions, read along their ids: a page costs what it passes over.

internal import GRDB
package import HelpdeskDomain
package import ReplicaCore

/// Which users a list holds; what is nil or empty asks nothing.
package struct UserFilter: Hashable, Sendable {
  /// Part of the name or of the e-mail address, in any letter case.
  package var text: String?
  /// The whole e-mail address, in any case.
  package var email: String?
  package var externalID: String?
  /// Any of these.
  package var roles: [Role] = []
  package var group: RowID?
  package var organization: RowID?
  /// Only those who have an organization that was not deleted.
  package var hasOrganization = false

  package init() {}
}

extension ReadView {
  /// Users that are not deleted, by id. Only those of the page are read whole. Throws `badCursor`,
  /// `beyondOffsetLimit`.
  package func users(_ filter: UserFilter, _ page: PageRequest) throws -> Page<UserRecord> {
    let table = try table(Desk.user)
    let order = table.entity.name
    let window = try PageWindow(page, order: order)
    let conditions = try conditions(of: filter)
    var beyond = SQLPiece("1")
    if let cursor = window.cursor {
      beyond = SQLPiece("id \(window.isBackward ? "<" : ">") ?", [cursor.id.sql])
    }
    let text = filter.text?.lowercased()
    let rows = try db.rowsOnce(
      """
      SELECT id\(text == nil ? "" : ", name, email") FROM \(table.name)
      WHERE \(conditions.sql) AND \(beyond.sql) ORDER BY id \(window.isBackward ? "DESC" : "ASC")
      """, conditions.arguments + beyond.arguments)
    var found: [(row: RowID, key: Int64, id: RowID)] = []
    var passed = 0
    while let row = try rows.next() {
      if let text, !Self.holds(row, text) { continue }
      passed += 1
      if passed > window.skip, found.count <= window.size {
        found.append((RowID(row.int(0)), row.int(0), RowID(row.int(0))))
      }
      // SQLite cannot count by a text in any letter case.
      if found.count > window.size, !window.isOffset || text == nil { break }
    }
    var count: Int?
    if window.isOffset {
      let all = "SELECT count(*) FROM \(table.name) WHERE \(conditions.sql)"
      count = text == nil ? Int(try db.numberOnce(all, conditions.arguments) ?? 0) : passed
    }
    return try window.page(found, order: order, count: count).mapped { id in
      guard let row = try user(id) else {
        throw StoreError.damaged(detail: "an index of users names \(id), which is not there")
      }
      return row
    }
  }

  private static func holds(_ row: Row, _ text: String) -> Bool {
    [row.text(1), row.text(2)].contains { $0?.lowercased().contains(text) ?? false }
  }

  private func conditions(of filter: UserFilter) throws -> SQLPiece {
    var pieces = [SQLPiece("deleted IS NOT 1")]
    func roles(_ word: String, _ roles: [Role]) {
      let marks = [String](repeating: "?", count: roles.count).joined(separator: ", ")
      pieces.append(SQLPiece("\(word) (\(marks))", roles.map(\.rawValue.databaseValue)))
    }
    if filter.roles.contains(.endUser) {
      // So is shown whoever has no role that this release knows; and they are most of all.
      roles("ifnull(role, '') NOT IN", Role.allCases.filter { !filter.roles.contains($0) })
    } else if !filter.roles.isEmpty {
      roles("role IN", filter.roles)
    }
    if let email = filter.email {
      pieces.append(SQLPiece("email = ? COLLATE NOCASE", [email.databaseValue]))
    }
    if let id = filter.externalID {
      pieces.append(SQLPiece("external_id = ?", [id.databaseValue]))
    }
    if let id = filter.organization {
      pieces.append(SQLPiece("organization_id = ?", [id.sql]))
    }
    // A deleted organization is nobody's.
    if filter.hasOrganization || filter.organization != nil {
      pieces.append(try hasOrganization())
    }
    if let group = filter.group {
      let name = try table(Desk.membership).name
      pieces.append(
        SQLPiece(
          "id IN (SELECT user_id FROM \(name) WHERE group_id = ? AND deleted IS NOT 1)",
          [group.sql]))
    }
    return pieces.joined(by: " AND ")
  }

  /// Users among those of the filter whose name or e-mail address (or notes, where these count too)
  /// hold each text, in any letter case; by id, behind `after`, at most `limit`. SQLite folds ASCII
  /// alone: what is held is compared here.
  package func users(
    holding texts: [String], alsoInNotes: Bool, among filter: UserFilter = UserFilter(),
    after: RowID = .none, limit: Int = .max
  ) throws -> [RowID] {
    let wanted = texts.map { $0.lowercased() }
    let conditions = try conditions(of: filter)
    let rows = try db.rowsOnce(
      """
      SELECT id, name, email, notes FROM user WHERE id > ? AND \(conditions.sql) ORDER BY id
      """, [after.sql] + conditions.arguments)
    var found: [RowID] = []
    while found.count < limit, let row = try rows.next() {
      var held = [row.text(1) ?? "", row.text(2) ?? ""]
      if alsoInNotes { held.append(row.text(3) ?? "") }
      held = held.map { $0.lowercased() }
      if wanted.allSatisfy({ text in held.contains { $0.contains(text) } }) {
        found.append(RowID(row.int(0)))
      }
    }
    return found
  }
}
