// Whose organization is whose: one that was deleted is nobody's, whatever users' rows still say.

internal import ReplicaCore

extension DeskView {
  /// The organization of a user; nil where it was deleted. Rows are not rewritten with the deletion:
  /// another office may put users into the organization meanwhile.
  func organization(of user: UserState) -> RowID? {
    user.organization.flatMap { isDeletedOrganization($0) ? nil : $0 }
  }

  func isDeletedOrganization(_ id: RowID) -> Bool {
    row(Desk.organization, id).value(OrganizationColumn.deleted).isTrue
  }
}
