// Accounts that somebody gave out who had been disabled by then: the one kind of late act that opens a
// door, so people are told of it.

internal import GRDB
internal import HelpdeskDomain
package import ReplicaCore

/// A usable account whose rights were written late.
package struct LateAccount: Hashable, Sendable {
  /// The user, or the token.
  package var row: RowRef
  /// Whose account it is.
  package var user: RowID
  /// Who gave it out.
  package var author: RowID
  /// When, by the stamp of the node where it was done.
  package var at: Instant
}

extension ReadView {
  /// Active users (customers apart) whose role, password or activity, and valid tokens of active users
  /// that, were written by a user with a later stamp than the write that disabled that user. The node
  /// where it was done cannot have known: else the delta would be void.
  package func lateAccounts() throws -> [LateAccount] {
    let staff = try full(
      Desk.user, "WHERE role <> ?", [Role.endUser.rawValue.databaseValue])
    var ends: [RowID: HLC] = [:]
    for row in staff {
      if let end = row.disabledBy { ends[row.id] = end }
    }
    guard let first = ends.values.min() else { return [] }
    var result: [LateAccount] = []
    let columns = [UserColumn.role, UserColumn.passwordHash, UserColumn.active]
    for row in staff where row.disabledBy == nil {
      let found = try late(row, Desk.user, columns, whose: row.id, ends, since: first)
      if let found { result.append(found) }
    }
    let usable = Set(staff.filter { $0.disabledBy == nil }.map(\.id))
    for row in try full(Desk.token, "WHERE revoked IS NOT 1") {
      guard let user = row.id(TokenColumn.user), usable.contains(user) else { continue }
      let found = try late(row, Desk.token, [TokenColumn.hash], whose: user, ends, since: first)
      if let found { result.append(found) }
    }
    return result
  }

  private func late(
    _ row: FullRow, _ entity: EntityCode, _ columns: [UInt16], whose user: RowID,
    _ ends: [RowID: HLC], since first: HLC
  ) throws -> LateAccount? {
    for column in columns {
      guard let stamp = row.stamp(column), stamp.hlc > first else { continue }
      let author = try author(stamp.dot)
      guard let end = ends[author], stamp.hlc > end else { continue }
      return LateAccount(
        row: RowRef(entity, row.id), user: user, author: author, at: stamp.hlc.instant)
    }
    return nil
  }
}

extension FullRow {
  /// The stamp of the write that disabled or deleted the user of this row; nil while active.
  var disabledBy: HLC? {
    let isDeleted = flag(UserColumn.deleted)
    guard isDeleted || !flag(UserColumn.active) else { return nil }
    return stamp(isDeleted ? UserColumn.deleted : UserColumn.active)?.hlc ?? .zero
  }
}
