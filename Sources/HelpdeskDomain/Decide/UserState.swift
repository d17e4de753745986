// Reads a user's row: who may act, under which role and for which office.

internal import ReplicaCore

/// The columns of a user that rules look at.
struct UserState {
  let exists: Bool
  let isDeleted: Bool
  let isActive: Bool
  let role: Role
  /// The write that gave the role.
  let roleDot: Dot?
  let office: OfficeID?
  let organization: RowID?

  init(_ state: RowState) {
    exists = state.exists
    isDeleted = state.value(UserColumn.deleted).isTrue
    isActive = state.exists && !isDeleted && state.value(UserColumn.active) != .integer(0)
    let write = state.cells[CellKey(UserColumn.role)]?.register?.winner
    role = write?.value?.text.flatMap(Role.init(rawValue:)) ?? .endUser
    roleDot = write?.stamp.dot
    office = state.value(UserColumn.office).text.map { OfficeID($0) }
    organization = state.value(UserColumn.organization).integer.map { RowID($0) }
  }
}
