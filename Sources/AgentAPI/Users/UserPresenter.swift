// How a user looks on the wire.

internal import HelpdeskDomain
internal import ReplicaCore

struct UserPresenter {
  let base: String
  /// Who reads: how to reach a person, and notes about them, are not a viewer's. Nil shows all.
  var reader: Actor?

  func write(_ user: UserRecord, to json: inout JSONWriter) {
    json.object { json in members(of: user, to: &json) }
  }

  func members(of user: UserRecord, to json: inout JSONWriter) {
    let user = shown(user)
    json.field("id", user.id)
    json.field("url", url(user.id))
    json.field("name", user.name)
    json.field("email", user.email)
    json.field("created_at", user.createdAt)
    json.field("updated_at", user.updatedAt)
    json.field("time_zone", user.timeZone)
    json.field("iana_time_zone", user.timeZone)
    json.field("phone", user.phone)
    json.null("shared_phone_number", "photo", "locale_id")
    json.field("locale", user.locale)
    json.field("organization_id", user.organization)
    json.field("role", user.role.common)
    json.field("helio_role", user.role.rawValue)
    json.field("office", user.office)
    json.field("verified", true)
    json.field("external_id", user.externalID)
    json.field("tags", user.tags)
    json.field("alias", "")
    json.field("active", user.active)
    json.field("shared", false)
    json.field("shared_agent", false)
    json.null("last_login_at", "two_factor_auth_enabled", "signature", "details")
    json.field("notes", user.notes)
    json.null("role_type", "custom_role_id")
    json.field("moderator", false)
    json.field("ticket_restriction", user.role == .endUser ? "requested" : nil)
    json.field("only_private_comments", user.role == .lightAgent)
    json.field("restricted_agent", !user.role.mayEdit)
    json.field("suspended", !user.active)
    json.null("default_group_id")
    json.field("report_csv", false)
    json.field("user_fields", object: { _ in })
  }

  private func shown(_ user: UserRecord) -> UserRecord {
    guard let reader, !reader.role.mayReadPrivate, reader.user != user.id else { return user }
    var user = user
    user.email = nil
    user.phone = nil
    user.externalID = nil
    user.notes = nil
    user.tags = []
    return user
  }

  func url(_ user: RowID) -> String { "\(base)/api/v2/users/\(user).json" }
}
