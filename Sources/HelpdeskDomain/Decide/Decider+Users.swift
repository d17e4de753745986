// Users and API tokens: who may make them, and what they must look like.

internal import ReplicaCore

extension Decider {
  func createUser(_ draft: UserDraft) throws(Refusal) -> Decision {
    try requireRights(over: draft.role, isNew: true)
    if draft.edit.passwordHash != .keep { try require(.admin) }
    var checks = FieldChecks()
    var edit = draft.edit
    edit.name = draft.name
    if let email = draft.email { edit.email = .set(email) }
    edit.role = draft.role
    edit.office = draft.office ?? draft.edit.office ?? (draft.role == .endUser ? nil : actor.office)
    if edit.active == nil { edit.active = true }
    let id = context.newID()
    checkZone(edit, RowState(), &checks)
    checkExternalID(edit.externalID, of: id, RowState(), &checks)
    var row = editor(Desk.user, id)
    apply(edit, to: &row, id: id, checks: &checks)
    try checks.finish()
    return decision([row.change()], created: id)
  }

  func updateUser(_ id: RowID, _ edit: UserEdit) throws(Refusal) -> Decision {
    let restores = isOperator && edit.active == true && edit.deleted != true
    let state = try live(Desk.user, id, deleted: restores ? nil : UserColumn.deleted)
    let user = UserState(state)
    try requireRights(toChange: id, user, edit, state)
    var checks = FieldChecks()
    checkAdmins(id, user, edit, &checks)
    checkZone(edit, state, &checks)
    var whole = edit
    var row = editor(Desk.user, id, state)
    if user.isDeleted {
      restore(state, &whole)
      row.set(UserColumn.deleted, false)
    }
    checkExternalID(whole.externalID, of: id, user.isDeleted ? RowState() : state, &checks)
    apply(whole, to: &row, id: id, checks: &checks)
    try checks.finish()
    return decision([row.change()])
  }

  /// Imports take what another desk had.
  private func checkExternalID(
    _ change: Change<String>, of id: RowID, _ state: RowState, _ checks: inout FieldChecks
  ) {
    unique(
      externalID: change, UserColumn.externalID, in: RowRef(Desk.user, id), state,
      deleted: UserColumn.deleted, &checks)
  }

  /// Oneself, whatever the role, since nobody else should have to know the password; else an admin.
  func setPassword(of id: RowID, hash: String) throws(Refusal) -> Decision {
    if id != actor.user { try require(.admin) }
    let state = try live(Desk.user, id, deleted: UserColumn.deleted)
    var checks = FieldChecks()
    if hash.isEmpty { checks.add("password", .blankValue, "password: must be given") }
    checks.bytes(hash, "password", maximum: DeskLimits.passwordHashBytes)
    try checks.finish()
    var row = editor(Desk.user, id, state)
    row.set(UserColumn.passwordHash, hash)
    return decision([row.change()])
  }

  /// Agents may bring in customers; everybody else is an admin's business.
  private func requireRights(over role: Role, isNew: Bool) throws(Refusal) {
    try require(role == .endUser ? .edit : .admin)
  }

  private func requireRights(
    toChange id: RowID, _ user: UserState, _ wished: UserEdit, _ state: RowState
  ) throws(Refusal) {
    if actor.role.mayAdminister { return }
    let edit = wished.without(state)
    let isPersonal =
      edit.role == nil && edit.office == nil && edit.active == nil && edit.deleted == nil
    if id == actor.user, isPersonal, actor.role.mayWork { return }
    if user.role == .endUser, edit.role == nil || edit.role == .endUser, edit.office == nil,
      edit.passwordHash == .keep
    {
      return try require(.edit)
    }
    try require(.admin)
  }

  func apply(
    _ edit: UserEdit, to row: inout RowEditor, id: RowID, checks: inout FieldChecks
  ) {
    if let name = edit.name {
      checks.name(name, "name")
      row.set(UserColumn.name, name.trimmed)
    }
    let kept = row.state.value(UserColumn.deleted).isTrue ? nil : row.state.value(UserColumn.email)
    if let email = normalEmail(edit.email, of: id, kept: kept, checks: &checks) {
      row.apply(email, to: UserColumn.email)
    }
    if let role = edit.role { row.set(UserColumn.role, role.rawValue) }
    if let office = edit.office, row.state.value(UserColumn.office) != .text(office.rawValue),
      isKnown(office, "office", &checks)
    {
      row.set(UserColumn.office, office)
    }
    if let active = edit.deleted == true ? false : edit.active {
      row.set(UserColumn.active, active)
    }
    if case .set(let hash) = edit.passwordHash {
      checks.bytes(hash, "password", maximum: DeskLimits.passwordHashBytes)
    }
    row.apply(edit.passwordHash, to: UserColumn.passwordHash)
    if case .set(let organization) = edit.organization,
      row.state.value(UserColumn.organization) != .integer(organization.rawValue),
      !isLive(Desk.organization, organization, deleted: OrganizationColumn.deleted)
    {
      checks.missing("organization_id", "organization", organization)
    }
    row.apply(edit.organization, to: UserColumn.organization)
    let texts: [(Change<String>, String, UInt16)] = [
      (edit.locale, "locale", UserColumn.locale),
      (edit.timeZone, "time_zone", UserColumn.timeZone),
      (edit.externalID, "external_id", UserColumn.externalID),
      (edit.phone, "phone", UserColumn.phone),
    ]
    for (change, field, column) in texts {
      checks.optional(change, field)
      row.apply(change, to: column)
    }
    if case .set(let notes) = edit.notes {
      checks.bytes(notes, "notes", maximum: DeskLimits.noteBytes)
    }
    row.apply(edit.notes, to: UserColumn.notes)
    if let tags = edit.tags { row.replaceSet(UserColumn.tags, with: checks.tags(tags)) }
    if edit.deleted == true { row.set(UserColumn.deleted, true) }
  }

  /// Only what is new: imports and older releases took any name, and clients send it back.
  private func checkZone(_ edit: UserEdit, _ state: RowState, _ checks: inout FieldChecks) {
    guard case .set(let zone) = edit.timeZone, !ZoneName.isKnown(zone),
      state.value(UserColumn.timeZone) != .text(zone)
    else { return }
    checks.add(
      "time_zone", .invalidValue,
      "time_zone: '\(zone.prefix(64))' is no zone of the IANA database; write it as Europe/Paris")
  }

  /// The address in its normal form, unique among the users that this node knows. The one that is
  /// `kept` may be another's too: offices gave it twice apart.
  private func normalEmail(
    _ change: Change<String>, of id: RowID, kept: Value?, checks: inout FieldChecks
  ) -> Change<String>? {
    switch change {
    case .keep: return nil
    case .clear: return .clear
    case .set(let text):
      guard let address = checks.email(text) else { return nil }
      if kept == .text(address) { return .keep }
      let others = view.rows(of: Desk.user, UserColumn.email, .text(address)).filter {
        $0 != id && isLive(Desk.user, $0, deleted: UserColumn.deleted)
      }
      if let other = others.first {
        checks.add(
          "email", .duplicateValue,
          "email: \(address) is already being used by user \(other); use another or that user")
      }
      return .set(address)
    }
  }

  func isKnown(_ office: OfficeID, _ field: String, _ checks: inout FieldChecks) -> Bool {
    if office.isValid, view.offices.isKnown(office) { return true }
    let known = view.offices.order.map(\.rawValue).joined(separator: ", ")
    checks.add(
      field, .invalidValue,
      "\(field): there is no office '\(office.rawValue.prefix(40))'; known are \(known)")
    return false
  }
}

extension UserEdit {
  /// Without the rights that the user has already: clients send a whole user back, and what stays
  /// as it is takes nobody's leave. Nothing of it is written either.
  fileprivate func without(_ state: RowState) -> UserEdit {
    var edit = self
    if let role, state.value(UserColumn.role) == .text(role.rawValue) { edit.role = nil }
    if let office, state.value(UserColumn.office) == .text(office.rawValue) { edit.office = nil }
    if let active, state.value(UserColumn.active) == .integer(active ? 1 : 0) { edit.active = nil }
    return edit
  }
}

extension Decider {
  func createToken(
    user: RowID, hash: String, label: String, expiresAt: Instant?
  ) throws(Refusal) -> Decision {
    if user != actor.user { try require(.admin) }
    var checks = FieldChecks()
    if !UserState(view.row(Desk.user, user)).isActive {
      checks.missing("user_id", "active user", user)
    }
    let isDigest = hash.utf8.count == 64 && hash.utf8.allSatisfy(HexDigits.isLower)
    if !isDigest {
      checks.add(
        "hash", .invalidValue, "hash: must be the token's SHA-256 in 64 lower-case hex digits")
    }
    checks.characters(label, "label", maximum: DeskLimits.nameCharacters)
    if let expiresAt, expiresAt <= context.now {
      checks.add("expires_at", .invalidValue, "expires_at: lies in the past; give a later time")
    }
    let known = liveTokens(of: user)
    if known >= DeskLimits.tokens {
      checks.add(
        "base", .invalidValue,
        "base: user \(user) has \(known) tokens that are good, at most \(DeskLimits.tokens) are "
          + "allowed; revoke what is not used (DELETE /api/v2/oauth/tokens/ID)")
    }
    try checks.finish()
    let id = context.newID()
    var row = editor(Desk.token, id)
    row.set(TokenColumn.user, user)
    row.set(TokenColumn.hash, hash)
    row.set(TokenColumn.label, label)
    row.set(TokenColumn.expiresAt, expiresAt)
    row.set(TokenColumn.revoked, false)
    return decision([row.change()], created: id)
  }

  /// A limit of this door and of no verdict: cut-off offices may have made as many again.
  private func liveTokens(of user: RowID) -> Int {
    let all = view.rows(of: Desk.token, TokenColumn.user, .integer(user.rawValue))
    guard all.count >= DeskLimits.tokens else { return all.count }
    return all.count { id in
      let token = view.row(Desk.token, id)
      let expiry = token.value(TokenColumn.expiresAt).integer
      return !token.value(TokenColumn.revoked).isTrue
        && expiry.map { $0 > context.now.milliseconds } ?? true
    }
  }

  func revokeToken(_ id: RowID) throws(Refusal) -> Decision {
    let state = try live(Desk.token, id, deleted: nil)
    if state.value(TokenColumn.user).integer != actor.user.rawValue { try require(.admin) }
    var row = editor(Desk.token, id, state)
    row.set(TokenColumn.revoked, true)
    return decision([row.change()])
  }
}

enum HexDigits {
  static func isLower(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
  }
}
