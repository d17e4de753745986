// Users, tokens, groups, organizations and fields.

internal import GRDB
package import HelpdeskDomain
package import ReplicaCore

/// An API token as replicated: only its hash is stored.
package struct TokenRecord: Hashable, Sendable {
  package var id: RowID
  package var user: RowID
  package var label: String?
  package var revoked: Bool
  package var expiresAt: Instant?
  package var createdAt: Instant
}

extension ReadView {
  /// A user, deleted or not; nil where there is none.
  package func user(_ id: RowID) throws -> UserRecord? {
    try users(of: full(Desk.user, ids: [id])).first
  }

  /// The user who has an e-mail address (letter case aside); of several the oldest. Inactive users
  /// come last, and then, where `alsoDeleted`, deleted ones.
  package func user(email: String, alsoDeleted: Bool = false) throws -> UserRecord? {
    let found = try full(
      Desk.user, "WHERE email = ? COLLATE NOCASE ORDER BY id", [email.databaseValue])
    let first = found.filter { alsoDeleted || !$0.flag(UserColumn.deleted) }
      .min { $0.lookupOrder < $1.lookupOrder }
    return try users(of: first.map { [$0] } ?? []).first
  }

  /// Users that are not deleted, by id; of one role, where one is asked for.
  package func users(_ page: PageRequest, role: Role? = nil) throws -> Page<UserRecord> {
    let condition = role == nil ? "" : "AND role = ?"
    let arguments = role.map { [$0.rawValue.databaseValue] } ?? []
    return try users(of: list(Desk.user, page, condition, arguments))
  }

  /// Organizations that are not deleted with an external id, by id.
  package func organizations(externalID: String) throws -> [OrganizationRecord] {
    try full(Desk.organization, Self.byExternalID, [externalID.databaseValue]).map(record)
  }

  static let byExternalID = "WHERE external_id = ? AND deleted IS NOT 1 ORDER BY id"

  /// Users by ids, in their order; those that are missing are left out.
  package func users(_ ids: [RowID]) throws -> [UserRecord] {
    try users(of: full(Desk.user, ids: ids))
  }

  /// The token with the SHA-256 `hash` (lowercase hex); the oldest of several.
  package func token(hash: String) throws -> TokenRecord? {
    try full(Desk.token, "WHERE hash = ? ORDER BY id LIMIT 1", [hash.databaseValue])
      .first.flatMap(tokenRecord)
  }

  package func tokens(of user: RowID) throws -> [TokenRecord] {
    try full(Desk.token, "WHERE user_id = ? ORDER BY id", [user.sql]).compactMap(tokenRecord)
  }

  /// Tokens of a user, or of everybody, by id; revoked ones too.
  package func tokens(of user: RowID?, _ page: PageRequest) throws -> Page<TokenRecord> {
    let found = try list(
      Desk.token, page, user == nil ? "" : "AND user_id = ?", user.map { [$0.sql] } ?? [])
    return Page(
      rows: found.rows.compactMap(tokenRecord), hasMore: found.hasMore,
      afterCursor: found.afterCursor, beforeCursor: found.beforeCursor, count: found.count)
  }

  package func token(_ id: RowID) throws -> TokenRecord? {
    try full(Desk.token, id: id).flatMap(tokenRecord)
  }

  /// A group, deleted or not.
  package func group(_ id: RowID) throws -> GroupRecord? {
    try full(Desk.group, id: id).map(record)
  }

  /// The group that has a name; of several the oldest that is not deleted.
  package func group(named name: String) throws -> GroupRecord? {
    try full(
      Desk.group, "WHERE name = ? AND deleted IS NOT 1 ORDER BY id LIMIT 1",
      [name.databaseValue]
    ).first.map(record)
  }

  package func groups(_ page: PageRequest) throws -> Page<GroupRecord> {
    try list(Desk.group, page).mapped(record)
  }

  /// Memberships that are not removed, of a user, of a group, or all.
  package func memberships(
    user: RowID? = nil, group: RowID? = nil, _ page: PageRequest
  ) throws -> Page<MembershipRecord> {
    var condition = ""
    var arguments: [DatabaseValue] = []
    if let user {
      condition += " AND user_id = ?"
      arguments.append(user.sql)
    }
    if let group {
      condition += " AND group_id = ?"
      arguments.append(group.sql)
    }
    return try list(Desk.membership, page, condition, arguments).mapped(record)
  }

  package func membership(_ id: RowID) throws -> MembershipRecord? {
    try full(Desk.membership, id: id).flatMap {
      $0.flag(MembershipColumn.deleted) ? nil : record($0)
    }
  }

  package func organization(_ id: RowID) throws -> OrganizationRecord? {
    try full(Desk.organization, id: id)
      .flatMap { $0.flag(OrganizationColumn.deleted) ? nil : record($0) }
  }

  package func organizations(_ page: PageRequest) throws -> Page<OrganizationRecord> {
    try list(Desk.organization, page).mapped(record)
  }

  /// Organizations that are not deleted behind an id, by id, at most so many.
  package func organizations(after: RowID, limit: Int) throws -> [OrganizationRecord] {
    try full(
      Desk.organization, "WHERE id > ? AND deleted IS NOT 1 ORDER BY id LIMIT ?",
      [after.sql, Int64(limit).databaseValue]
    ).map(record)
  }

  package func ticketField(_ id: RowID) throws -> TicketFieldRecord? {
    try full(Desk.ticketField, id: id)
      .flatMap { $0.flag(TicketFieldColumn.deleted) ? nil : record($0) }
  }

  package func ticketFields(_ page: PageRequest) throws -> Page<TicketFieldRecord> {
    try list(Desk.ticketField, page).mapped(record)
  }

  /// The field with a machine name; the oldest of several.
  package func ticketField(key: String) throws -> TicketFieldRecord? {
    try full(
      Desk.ticketField, "WHERE key = ? AND deleted IS NOT 1 ORDER BY id LIMIT 1",
      [key.databaseValue]
    ).first.map(record)
  }
}

extension FullRow {
  /// Active users before inactive, these before deleted, then by id.
  fileprivate var lookupOrder: (Int, RowID) {
    (flag(UserColumn.deleted) ? 2 : flag(UserColumn.active) ? 0 : 1, id)
  }
}

private func tokenRecord(_ row: FullRow) -> TokenRecord? {
  guard let user = row.id(TokenColumn.user) else { return nil }
  return TokenRecord(
    id: row.id, user: user, label: row.text(TokenColumn.label),
    revoked: row.flag(TokenColumn.revoked), expiresAt: row.instant(TokenColumn.expiresAt),
    createdAt: row.created)
}

private func record(_ row: FullRow) -> GroupRecord {
  GroupRecord(
    id: row.id, name: row.text(GroupColumn.name) ?? "",
    description: row.text(GroupColumn.description), home: row.office(GroupColumn.home),
    deleted: row.flag(GroupColumn.deleted), createdAt: row.created, updatedAt: row.updated)
}

private func record(_ row: FullRow) -> MembershipRecord {
  MembershipRecord(
    id: row.id, user: row.id(MembershipColumn.user) ?? .none,
    group: row.id(MembershipColumn.group) ?? .none,
    isDefault: row.flag(MembershipColumn.isDefault), createdAt: row.created,
    updatedAt: row.updated)
}

extension ReadView {
  /// Organizations by a condition on their rows, deleted ones included.
  func everyOrganization(of rows: [FullRow]) -> [OrganizationRecord] { rows.map(record) }
}

private func record(_ row: FullRow) -> OrganizationRecord {
  var organization = OrganizationRecord(
    id: row.id, name: row.text(OrganizationColumn.name) ?? "",
    externalID: row.text(OrganizationColumn.externalID),
    domains: row.texts(OrganizationColumn.domains),
    details: row.text(OrganizationColumn.details), notes: row.text(OrganizationColumn.notes),
    tags: row.texts(OrganizationColumn.tags), createdAt: row.created, updatedAt: row.updated)
  organization.deleted = row.flag(OrganizationColumn.deleted)
  return organization
}

private func record(_ row: FullRow) -> TicketFieldRecord {
  var field = TicketFieldRecord(
    id: row.id, title: row.text(TicketFieldColumn.title) ?? "",
    type: row.text(TicketFieldColumn.type) ?? "text", key: row.text(TicketFieldColumn.key),
    description: row.text(TicketFieldColumn.description),
    options: row.text(TicketFieldColumn.options),
    active: row.state.value(TicketFieldColumn.active).integer != 0, createdAt: row.created,
    updatedAt: row.updated)
  field.choices = TicketFieldOption.all(field: row.id, row.state)
  field.position = row.state.value(TicketFieldColumn.position).integer ?? 0
  return field
}
