// Organizations that customers belong to.

internal import HelpdeskDomain
internal import Hummingbird
internal import ReplicaCore

struct OrganizationPresenter {
  let base: String
  /// Who reads: notes are not a viewer's. Nil shows all.
  var reader: Actor?

  func write(_ organization: OrganizationRecord, to json: inout JSONWriter) {
    json.object { json in members(of: organization, to: &json) }
  }

  func members(of organization: OrganizationRecord, to json: inout JSONWriter) {
    json.field("url", url(organization.id))
    json.field("id", organization.id)
    json.field("name", organization.name)
    json.field("shared_tickets", false)
    json.field("shared_comments", false)
    json.field("external_id", organization.externalID)
    json.field("created_at", organization.createdAt)
    json.field("updated_at", organization.updatedAt)
    json.field("deleted_at", organization.deleted ? organization.updatedAt : nil)
    json.field("domain_names", organization.domains)
    json.field("details", organization.details)
    json.field("notes", reader?.role.mayReadPrivate == false ? nil : organization.notes)
    json.null("group_id")
    json.field("tags", organization.tags)
    json.field("organization_fields", object: { _ in })
  }

  func url(_ id: RowID) -> String { "\(base)/api/v2/organizations/\(id).json" }
}

struct OrganizationRoutes {
  let desk: any DeskService

  func add(to routes: Routes) {
    routes.get("/organizations") { call in
      try await list(
        call, OrganizationQuery(externalID: call.query.externalID(), page: call.page()))
    }
    routes.get("/organizations/search", search)
    routes.get("/organizations/autocomplete") { call in
      try await list(
        call, OrganizationQuery(namePrefix: call.query["name"], page: call.page()))
    }
    routes.post("/organizations", create)
    routes.get("/organizations/count") { call in
      try call.mustRead()
      let page = try await desk.organizations(OrganizationQuery(page: .offset(page: 1, size: 1)))
      return .count(page.count ?? page.rows.count)
    }
    routes.get("/organizations/show_many", showMany)
    routes.get("/organizations/{id}", show)
    routes.update("/organizations/{id}", update)
    routes.delete("/organizations/{id}", delete)
  }

  private func list(_ call: Call, _ query: OrganizationQuery) async throws -> Response {
    try call.mustRead()
    let presenter = OrganizationPresenter(base: call.base, reader: call.actor)
    return call.pageResponse(
      try await desk.organizations(query), query.page, key: "organizations"
    ) { presenter.write($1, to: &$0) }
  }

  /// `name=` takes the whole name; `query=` is in the search language.
  @Sendable private func search(_ call: Call) async throws -> Response {
    guard let text = try call.directoryQuery() else {
      return try await list(
        call,
        OrganizationQuery(
          name: call.query["name"], externalID: call.query.externalID(), page: call.page()))
    }
    // Notes are searched too.
    try call.mustReadPrivate()
    let page = try call.page()
    let found = try await desk.search(
      SearchQuery(text: text, only: .organization, page: page), as: call.actor)
    let presenter = OrganizationPresenter(base: call.base, reader: call.actor)
    return call.pageResponse(found.mapped(\.organization), page, key: "organizations") {
      presenter.write($1, to: &$0)
    }
  }

  @Sendable private func showMany(_ call: Call) async throws -> Response {
    try call.mustRead()
    var found: [OrganizationRecord] = []
    if let ids = try call.query.externalIDs() {
      for id in ids {
        found += try await desk.organizations(
          OrganizationQuery(externalID: id, page: .cursor(size: 100, after: nil, before: nil))
        ).rows
      }
    } else {
      found = try await desk.organizations(call.query.ids())
    }
    let presenter = OrganizationPresenter(base: call.base, reader: call.actor)
    return .json { json in
      json.key("organizations")
      json.array(found) { presenter.write($1, to: &$0) }
      json.null("next_page", "previous_page")
      json.field("count", found.count)
    }
  }

  @Sendable private func show(_ call: Call) async throws -> Response {
    try call.mustRead()
    return try await answer(call.id(), .ok, call)
  }

  @Sendable private func create(_ call: Call) async throws -> Response {
    let draft = try OrganizationInput.draft(try await call.json("organization"))
    guard draft.name?.contains(where: { !$0.isWhitespace }) == true else {
      throw APIError.invalid("name", .blankValue, "An organization needs a name.")
    }
    let receipt = try await desk.submit(.createOrganization(draft), as: call.actor)
    guard let id = receipt.created else { throw APIError.notFound }
    return try await answer(id, .created, call)
  }

  @Sendable private func update(_ call: Call) async throws -> Response {
    let draft = try OrganizationInput.draft(try await call.json("organization"))
    let id = try call.id()
    _ = try await desk.submit(.updateOrganization(id, draft), as: call.actor)
    return try await answer(id, .ok, call)
  }

  @Sendable private func delete(_ call: Call) async throws -> Response {
    _ = try await desk.submit(.deleteOrganization(call.id()), as: call.actor)
    return .noContent
  }

  func answer(_ id: RowID, _ status: HTTPResponse.Status, _ call: Call) async throws
    -> Response
  {
    guard let found = try await desk.organizations([id]).first else { throw APIError.notFound }
    let presenter = OrganizationPresenter(base: call.base, reader: call.actor)
    var response = Response.json(status) { json in
      json.key("organization")
      presenter.write(found, to: &json)
    }
    if status == .created { response.headers[.location] = presenter.url(id) }
    return response
  }
}

enum OrganizationInput {
  /// What a client may write into an organization.
  static func draft(_ body: FieldReader) throws(DeskFailure) -> OrganizationDraft {
    var body = body
    var draft = OrganizationDraft(name: body.text("name"))
    draft.externalID = body.externalID()
    draft.domains = body.texts("domain_names")
    draft.details = body.textChange("details")
    draft.notes = body.textChange("notes")
    draft.tags = body.texts("tags")
    if body.values["group_id"] ?? .null != .null {
      body.problem(
        "group_id", .invalidValue, "group_id: organizations have no group here; leave it out")
    }
    try body.check()
    return draft
  }
}
