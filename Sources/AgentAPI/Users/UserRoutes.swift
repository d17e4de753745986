// Users: agents and customers alike.

internal import HelpdeskDomain
internal import Hummingbird
internal import ReplicaCore

struct UserRoutes {
  let desk: any DeskService
  let node: any NodeService

  func add(to routes: Routes) {
    routes.get("/users/me", me)
    routes.get("/users") { try await list($0) }
    routes.post("/users", create)
    routes.get("/users/count", count)
    routes.get("/users/show_many", showMany)
    routes.get("/users/search", search)
    routes.get("/users/autocomplete", search)
    routes.post("/users/create_or_update", createOrUpdate)
    routes.get("/users/{id}", show)
    routes.update("/users/{id}", update)
    routes.delete("/users/{id}", delete)
    routes.get("/groups/{id}/users") { call in
      try await list(call, group: call.parent(.group, in: desk))
    }
    routes.get("/organizations/{id}/users") { call in
      try await list(call, organization: call.parent(.organization, in: desk))
    }
  }

  @Sendable private func me(_ call: Call) async throws -> Response {
    if var user = try await desk.users([call.actor.user]).first {
      // What agents write about a customer is for agents.
      if user.role == .endUser {
        user.notes = nil
        user.tags = []
      }
      return one(user, call)
    }
    // The operator's socket speaks for the node, which is no user.
    return .json { json in
      json.field(
        "user",
        object: { json in
          json.null("id", "url", "email")
          json.field("name", "operator")
          json.field("role", call.actor.role.common)
          json.field("helio_role", call.actor.role.rawValue)
          json.field("office", call.actor.office)
        })
    }
  }

  private func list(_ call: Call, group: RowID? = nil, organization: RowID? = nil) async throws
    -> Response
  {
    var query = try filters(call, page: call.page())
    query.group = group
    query.organization = organization
    return try await respond(query, call)
  }

  /// What lists of users are narrowed by: `role`, `role[]`, `helio_role` and `external_id`.
  private func filters(_ call: Call, page: PageRequest) throws -> UserQuery {
    try call.mustRead()
    try call.mustNotAsk(for: ["permission_set": "there are no custom roles here; ask for role"])
    let roles =
      try (call.query.all("role[]") + call.query.all("role")).flatMap(Self.roles)
      + call.query.all("helio_role").map(Self.role)
    let external = try call.query.externalID()
    // A viewer is not shown it.
    if external != nil { try call.mustReadPrivate() }
    return UserQuery(externalID: external, roles: roles, page: page)
  }

  private func respond(_ query: UserQuery, _ call: Call) async throws -> Response {
    try await respond(desk.users(query), query.page, call)
  }

  private func respond(
    _ page: Page<UserRecord>, _ request: PageRequest, _ call: Call
  ) async throws -> Response {
    let presenter = UserPresenter(base: call.base, reader: call.actor)
    let sideloads = try await Sideloads(
      call.query.includes, users: page.rows, call: call, desk: desk)
    return call.pageResponse(page, request, key: "users", sideloads: sideloads.write) {
      presenter.write($1, to: &$0)
    }
  }

  /// As searches understand it: `agent` is everyone who is shown as an agent.
  private static func roles(_ text: String) throws(APIError) -> [Role] {
    let roles = Role.found(as: text)
    guard !roles.isEmpty else { throw unknownRole(text) }
    return roles
  }

  private static func role(_ text: String) throws(APIError) -> Role {
    guard let role = Role(rawValue: text.lowercased()) else { throw unknownRole(text) }
    return role
  }

  private static func unknownRole(_ text: String) -> APIError {
    .badRequest(
      "InvalidParameter", "There is no role \"\(text)\"; give one of \(Role.words).")
  }

  @Sendable private func count(_ call: Call) async throws -> Response {
    let page = try await desk.users(filters(call, page: .offset(page: 1, size: 1)))
    return .json { json in
      json.field(
        "count",
        object: { json in
          json.field("value", page.count ?? page.rows.count)
          json.null("refreshed_at")
        })
    }
  }

  @Sendable private func showMany(_ call: Call) async throws -> Response {
    try call.mustRead()
    let presenter = UserPresenter(base: call.base, reader: call.actor)
    var users: [UserRecord] = []
    if let ids = try call.query.externalIDs() {
      try call.mustReadPrivate()
      for id in ids {
        users += try await desk.users(
          UserQuery(externalID: id, page: .cursor(size: 100, after: nil, before: nil))
        ).rows
      }
    } else {
      users = try await desk.users(call.query.ids())
    }
    return .json { json in
      json.key("users")
      json.array(users) { presenter.write($1, to: &$0) }
      json.null("next_page", "previous_page")
      json.field("count", users.count)
    }
  }

  /// `query=` is in the search language; `name=` takes part of a name or address as it is.
  @Sendable private func search(_ call: Call) async throws -> Response {
    // It finds people by what a viewer is not shown.
    try call.mustReadPrivate()
    let page = try call.page()
    if let address = Self.addressForOperator(call) {
      // Who brings a deleted user back looks for them by their address.
      var query = UserQuery(page: page)
      query.email = address
      query.alsoDeleted = true
      return try await respond(query, call)
    }
    guard let text = try call.directoryQuery() else {
      return try await respond(
        UserQuery(text: call.query["name"], externalID: call.query.externalID(), page: page),
        call)
    }
    let found = try await desk.search(
      SearchQuery(text: text, only: .user, page: page), as: call.actor)
    return try await respond(found.mapped(\.user), page, call)
  }

  private static func addressForOperator(_ call: Call) -> String? {
    guard call.actor.user == .none, let text = call.query["query"], text.hasPrefix("email:") else {
      return nil
    }
    return String(text.dropFirst("email:".count)).replacing("\"", with: "")
  }

  @Sendable private func show(_ call: Call) async throws -> Response {
    let id = try call.id()
    if id != call.actor.user { try call.mustRead() }
    return try await answer(id, .ok, call)
  }

  @Sendable private func create(_ call: Call) async throws -> Response {
    try await create(UserInput.read(call, desk), call)
  }

  private func create(_ input: UserInput, _ call: Call) async throws -> Response {
    var draft = try input.draft()
    if let password = input.password {
      try call.mustAdminister("set a password")
      draft.edit.passwordHash = .set(
        try await node.passwordHash(password, email: draft.email))
    }
    let receipt = try await desk.submit(.createUser(draft), as: call.actor)
    guard let id = receipt.created else { throw APIError.notFound }
    return try await answer(id, .created, call)
  }

  @Sendable private func update(_ call: Call) async throws -> Response {
    let id = try call.id()
    return try await update(id, UserInput.read(call, desk), call)
  }

  private func update(_ id: RowID, _ input: UserInput, _ call: Call) async throws -> Response {
    var edit = input.edit
    if let password = input.password {
      try call.mustAdminister("set a password here (PUT /users/{id}/password changes one's own)")
      let email = try await desk.users([id]).first?.email
      edit.passwordHash = .set(try await node.passwordHash(password, email: email))
    }
    _ = try await desk.submit(.updateUser(id, edit), as: call.actor)
    return try await answer(id, .ok, call)
  }

  /// The user with the same external id, else with the same address, is updated.
  @Sendable private func createOrUpdate(_ call: Call) async throws -> Response {
    let input = try await UserInput.read(call, desk)
    // The refusal of a viewer is not to tell whether there is such a person.
    guard call.actor.role.mayReadPrivate else { return try await create(input, call) }
    let one = PageRequest.cursor(size: 1, after: nil, before: nil)
    if case .set(let external) = input.edit.externalID,
      let user = try await desk.users(UserQuery(externalID: external, page: one)).rows.first
    {
      return try await update(user.id, input, call)
    }
    if case .set(let email) = input.edit.email,
      let user = try await desk.users(UserQuery(email: email, page: one)).rows.first
    {
      return try await update(user.id, input, call)
    }
    return try await create(input, call)
  }

  @Sendable private func delete(_ call: Call) async throws -> Response {
    let id = try call.id()
    guard let user = try await desk.users([id]).first else { throw APIError.notFound }
    var edit = UserEdit()
    edit.deleted = true
    _ = try await desk.submit(.updateUser(id, edit), as: call.actor)
    var gone = user
    gone.active = false
    return one(gone, call)
  }

  private func answer(_ id: RowID, _ status: HTTPResponse.Status, _ call: Call) async throws
    -> Response
  {
    guard let user = try await desk.users([id]).first else { throw APIError.notFound }
    var response = one(user, call, status)
    if status == .created { response.headers[.location] = UserPresenter(base: call.base).url(id) }
    return response
  }

  private func one(_ user: UserRecord, _ call: Call, _ status: HTTPResponse.Status = .ok)
    -> Response
  {
    .json(status) { json in
      json.key("user")
      UserPresenter(base: call.base, reader: call.actor).write(user, to: &json)
    }
  }
}
