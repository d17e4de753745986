// What a client may write into a user.

internal import HelpdeskDomain
internal import ReplicaCore

struct UserInput {
  var edit = UserEdit()
  /// In clear; the node hashes it.
  var password: String?
  /// The organization that is named instead of given by its id.
  private(set) var organizationName: String?

  init(_ body: FieldReader) throws(DeskFailure) {
    var body = body
    edit.name = body.text("name")
    edit.email = body.textChange("email")
    edit.role = Self.role(&body)
    edit.office = body.office("office")
    edit.active = body.flag("active")
    if let suspended = body.flag("suspended") { edit.active = !suspended }
    edit.organization = body.idChange("organization_id")
    let named = Self.organizationName(&body)
    if case .set = edit.organization {} else { organizationName = named }
    edit.locale = body.textChange("locale")
    edit.timeZone = Self.timeZone(&body)
    edit.externalID = body.externalID()
    edit.phone = body.textChange("phone")
    edit.notes = body.textChange("notes")
    edit.tags = body.texts("tags")
    password = body.text("password")
    try body.check()
  }

  /// `time_zone` counts where it names a zone: who sends a user back changes that key, and the other
  /// one is there as it was read.
  private static func timeZone(_ body: inout FieldReader) -> Change<String> {
    let name = body.textChange("time_zone")
    let iana = body.textChange("iana_time_zone")
    if case .set(let text) = name {
      if let zone = ZoneWords.zone(text) { return .set(zone) }
      if case .set = iana { return iana }
      return name
    }
    return iana == .keep ? name : iana
  }

  /// The draft of a new user. Throws 422 without a name.
  func draft() throws(DeskFailure) -> UserDraft {
    guard let name = edit.name, name.contains(where: { !$0.isWhitespace }) else {
      throw .refused(
        .invalid([FieldProblem("name", .blankValue, "A user needs a name.")]))
    }
    let email: String? = if case .set(let email) = edit.email { email } else { nil }
    return UserDraft(
      name: name, email: email, role: edit.role ?? .endUser, office: edit.office, edit: edit)
  }

  private static func role(_ body: inout FieldReader) -> Role? {
    let key = body.has("helio_role") ? "helio_role" : "role"
    guard let text = body.text(key) else { return nil }
    guard let role = Role(rawValue: text) else {
      let known = Role.allCases.map(\.rawValue).joined(separator: ", ")
      body.problem(key, .invalidValue, "\(key) must be one of \(known), not \"\(text)\"")
      return nil
    }
    return role
  }
}
