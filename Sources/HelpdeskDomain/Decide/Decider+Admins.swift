// Somebody must always be able to administer the desk: nobody shuts themselves out of it.

internal import ReplicaCore

extension Decider {
  /// Refuses what takes an account away from the one who asks, or its last admin from the desk. Two
  /// nodes that are cut off from each other may still do it together; the operator mends that.
  func checkAdmins(
    _ id: RowID, _ user: UserState, _ edit: UserEdit, _ checks: inout FieldChecks
  ) {
    let field: String
    if edit.deleted == true {
      field = "base"
    } else if edit.active == false, user.isActive {
      field = "active"
    } else if let role = edit.role, role != user.role {
      field = "role"
    } else {
      return
    }
    if id == actor.user {
      checks.add(
        field, .invalidValue,
        "\(field): nobody deletes, disables or changes the role of themselves; ask another admin")
    } else if isLastAdmin(id, user) {
      checks.add(
        field, .invalidValue,
        "\(field): user \(id) is the last active admin; make another one first")
    }
  }

  /// Whether nobody else who is let in may administer.
  func isLastAdmin(_ id: RowID, _ user: UserState) -> Bool {
    guard user.isActive, user.role.mayAdminister else { return false }
    return !view.rows(of: Desk.user, UserColumn.role, .text(Role.admin.rawValue)).contains {
      $0 != id && UserState(view.row(Desk.user, $0)).isActive
    }
  }

  /// What a deleted user comes back with must still be free: it is looked at as if it were new.
  func restore(_ state: RowState, _ edit: inout UserEdit) {
    if case .keep = edit.email, let address = state.value(UserColumn.email).text {
      edit.email = .set(address)
    }
    if case .keep = edit.externalID, let text = state.value(UserColumn.externalID).text {
      edit.externalID = .set(text)
    }
  }
}
