// The organization of a user by its name: `{"organization": {"name": "Acme"}}`.

internal import HelpdeskDomain
internal import ReplicaCore

extension UserInput {
  /// The input of a request, with the organization that it names.
  static func read(_ call: Call, _ desk: any DeskService) async throws -> UserInput {
    var input = try UserInput(try await call.json("user"))
    try input.setOrganization(try await organizations([input], desk))
    return input
  }

  /// What `organization` names; nil where the key is absent.
  static func organizationName(_ body: inout FieldReader) -> String? {
    guard var named = body.object("organization") else { return nil }
    let name = HTMLText.trimmed(named.text("name") ?? "")
    if named.problems.isEmpty, name.isEmpty {
      named.problem(
        "name", .blankValue,
        "organization.name must be the name of an organization; or give organization_id")
    }
    body.take(named)
    return name
  }

  /// The organizations that inputs name, by the names as they are written there.
  static func organizations(
    _ inputs: [UserInput], _ desk: any DeskService
  ) async throws -> [String: RowID] {
    var found: [String: RowID] = [:]
    for name in Set(inputs.compactMap(\.organizationName)) {
      let one = PageRequest.cursor(size: 1, after: nil, before: nil)
      found[name] = try await desk.organizations(OrganizationQuery(name: name, page: one))
        .rows.first?.id
    }
    return found
  }

  /// Takes the organization that is named. Throws 422 where there is none of that name.
  mutating func setOrganization(_ known: [String: RowID]) throws(APIError) {
    guard let name = organizationName else { return }
    guard let id = known[name] else {
      throw .invalid(
        "organization.name", .recordNotFound,
        "organization.name: there is no organization '\(name.prefix(64))' on this node; make it "
          + "first (POST /api/v2/organizations)")
    }
    edit.organization = .set(id)
  }
}
