// Many users or organizations in one request, and lists that follow from a user's row.

internal import HelpdeskDomain
internal import Hummingbird
internal import ReplicaCore

struct DirectoryBulkRoutes {
  let desk: any DeskService
  let node: any NodeService
  let jobs: JobList

  func add(to routes: Routes) {
    routes.post("/users/create_many") { try await createUsers($0, orUpdate: false) }
    routes.post("/users/create_or_update_many") { try await createUsers($0, orUpdate: true) }
    routes.post("/organizations/create_many", createOrganizations)
    routes.post("/organizations/create_or_update", createOrUpdate)
    routes.get("/users/{id}/identities", identities)
    routes.get("/users/{id}/organization_memberships") { call in
      try await memberships(call, of: call.parent(.user, in: desk))
    }
    // Users and organizations have no fields of their own here; clients ask all the same.
    for key in ["user_fields", "organization_fields"] {
      routes.get("/\(key)") { call in
        try call.mustRead()
        let request = try call.page()
        let none = try [RowID]().page(request)
        return call.pageResponse(none, request, key: key) { json, id in id.write(to: &json) }
      }
    }
    routes.get("/organization_memberships") { try await memberships($0, of: nil) }
  }

  private func createUsers(_ call: Call, orUpdate: Bool) async throws -> Response {
    var rows: [BulkRow] = []
    // The answer names who was found, and a viewer is not to find people by their addresses.
    let mayFind = orUpdate && call.actor.role.mayReadPrivate
    let bodies = try await call.rows("users")
    let inputs = bodies.map { body in
      Result { () throws(DeskFailure) in try UserInput(body) }
    }
    let organizations = try await UserInput.organizations(
      inputs.compactMap { try? $0.get() }, desk)
    for (body, input) in zip(bodies, inputs) {
      let present = mayFind ? try await user(named: body) : nil
      rows.append(
        BulkRow(id: present, action: present == nil ? nil : "update") {
          var input = try input.get()
          try input.setOrganization(organizations)
          return try await command(input, for: present, call)
        })
    }
    return try await BulkRun(desk: desk, jobs: jobs).response(rows, call)
  }

  private func command(_ input: UserInput, for user: RowID?, _ call: Call) async throws
    -> DeskCommand
  {
    var edit = input.edit
    if let password = input.password {
      try call.mustAdminister("set a password")
      var email: String?
      if case .set(let address) = edit.email {
        email = address
      } else if let user {
        email = try await desk.users([user]).first?.email
      }
      edit.passwordHash = .set(try await node.passwordHash(password, email: email))
    }
    if let user { return .updateUser(user, edit) }
    var draft = try input.draft()
    draft.edit.passwordHash = edit.passwordHash
    return .createUser(draft)
  }

  /// The user with the same external id, else with the same address.
  private func user(named body: FieldReader) async throws -> RowID? {
    var body = body
    let one = PageRequest.cursor(size: 1, after: nil, before: nil)
    if case .set(let external) = body.externalID(),
      let found = try await desk.users(UserQuery(externalID: external, page: one)).rows.first
    {
      return found.id
    }
    guard let email = body.text("email") else { return nil }
    return try await desk.users(UserQuery(email: email, page: one)).rows.first?.id
  }

  @Sendable private func createOrganizations(_ call: Call) async throws -> Response {
    let rows = try await call.rows("organizations").map { body in
      BulkRow(id: nil, action: nil) { .createOrganization(try OrganizationInput.draft(body)) }
    }
    return try await BulkRun(desk: desk, jobs: jobs).response(rows, call)
  }

  /// The organization with the same id or external id, else with the same name, is updated.
  @Sendable private func createOrUpdate(_ call: Call) async throws -> Response {
    var body = try await call.json("organization")
    let draft = try OrganizationInput.draft(body)
    let one = PageRequest.cursor(size: 1, after: nil, before: nil)
    var found: RowID? = body.id("id")
    try body.check()
    if found == nil, case .set(let external) = draft.externalID {
      found = try await desk.organizations(OrganizationQuery(externalID: external, page: one))
        .rows.first?.id
    }
    if found == nil, let name = draft.name {
      found = try await desk.organizations(OrganizationQuery(name: name, page: one)).rows.first?.id
    }
    let routes = OrganizationRoutes(desk: desk)
    if let found {
      _ = try await desk.submit(.updateOrganization(found, draft), as: call.actor)
      return try await routes.answer(found, .ok, call)
    }
    let receipt = try await desk.submit(.createOrganization(draft), as: call.actor)
    guard let id = receipt.created else { throw APIError.notFound }
    return try await routes.answer(id, .created, call)
  }

  /// The address and the phone number of a user are their identities here.
  @Sendable private func identities(_ call: Call) async throws -> Response {
    try call.mustReadPrivate()
    guard let user = try await desk.users([call.id()]).first else { throw APIError.notFound }
    let request = try call.page()
    let all = [("email", user.email), ("phone_number", user.phone)].filter { $0.1 != nil }
    let page = try all.page(request)
    return call.pageResponse(page, request, key: "identities") { json, identity in
      json.object { json in
        json.field("id", user.id)
        json.field("url", "\(call.base)/api/v2/users/\(user.id)/identities.json")
        json.field("user_id", user.id)
        json.field("type", identity.0)
        json.field("value", identity.1)
        json.field("verified", true)
        json.field("primary", identity.0 == "email")
        json.field("created_at", user.createdAt)
        json.field("updated_at", user.updatedAt)
      }
    }
  }

  /// A user belongs to one organization at most, so that the membership is the user's row.
  private func memberships(_ call: Call, of user: RowID?) async throws -> Response {
    try call.mustRead()
    let request = try call.page()
    let page: Page<UserRecord>
    if let user {
      page = try await desk.users([user]).filter { $0.organization != nil }.page(request)
    } else {
      page = try await desk.users(
        UserQuery(
          organization: call.query.id("organization_id"), hasOrganization: true, page: request))
    }
    let sideloads = try await Sideloads(
      call.query.includes, users: page.rows.map(\.id), organizations: page.rows.map(\.organization),
      call: call, desk: desk)
    return call.pageResponse(
      page, request, key: "organization_memberships", sideloads: sideloads.write
    ) { json, user in
      json.object { json in
        json.field("id", user.id)
        json.field("url", "\(call.base)/api/v2/users/\(user.id)/organization_memberships.json")
        json.field("user_id", user.id)
        json.field("organization_id", user.organization)
        json.field("default", true)
        json.field("created_at", user.createdAt)
        json.field("updated_at", user.updatedAt)
      }
    }
  }
}
