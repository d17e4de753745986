// Search over the desk in its query language.

internal import HelpdeskDomain
internal import Hummingbird
internal import ReplicaCore

struct SearchRoutes {
  let desk: any DeskService

  func add(to routes: Routes) {
    routes.get("/search", search)
    routes.get("/search/count", count)
    routes.get("/search/export", export)
  }

  private func query(_ call: Call, most: Int = APILimits.pageSize) throws -> SearchQuery {
    // Words are found in private comments too.
    try call.mustReadPrivate()
    guard var text = call.query["query"] else {
      throw APIError.badRequest(
        "InvalidParameter", "Give what to search for, such as query=type:ticket status<solved")
    }
    if let type = call.query["filter[type]"], !text.contains("type:") { text += " type:\(type)" }
    return SearchQuery(
      text: text, sortBy: try order(call.query), ascending: try call.query.ascending() ?? false,
      page: try call.page(most: most))
  }

  private func order(_ query: QueryParameters) throws(APIError) -> String? {
    guard let name = query["sort_by"] else { return nil }
    guard TicketOrder(rawValue: name) != nil else {
      throw .badRequest(
        "InvalidParameter",
        "Searches are sorted by relevance, created_at, updated_at, priority, status or id, not "
          + "\"\(name)\".")
    }
    return name
  }

  @Sendable private func search(_ call: Call) async throws -> Response {
    let query = try query(call)
    return try await respond(query, call) { try await desk.search(query, as: call.actor) }
  }

  /// Everything that is found, by id and by cursor alone: what is written meanwhile moves no page,
  /// and no number of rows is too many.
  @Sendable private func export(_ call: Call) async throws -> Response {
    var query = try query(call, most: APILimits.exportRows)
    if case .offset(_, let size) = query.page {
      query.page = .cursor(size: size, after: nil, before: nil)
    }
    let text = call.query["filter[type]"] ?? Self.type(in: query.text)
    guard let text, let kind = ExportKind(rawValue: text) else {
      let known = ExportKind.allCases.map(\.rawValue).joined(separator: ", ")
      throw APIError.badRequest("InvalidParameter", "filter[type] must be one of \(known).")
    }
    let wanted = query
    return try await respond(wanted, call) {
      try await desk.exportSearch(wanted, kind: kind, as: call.actor)
    }
  }

  /// The kind that the query itself names.
  private static func type(in query: String) -> String? {
    query.split(separator: " ").first { $0.hasPrefix("type:") }.map {
      String($0.dropFirst("type:".count))
    }
  }

  private func respond(
    _ query: SearchQuery, _ call: Call, _ read: () async throws -> Page<SearchHit>
  ) async throws -> Response {
    var presenter = try await call.presenter(desk)
    let page = try await read()
    try await presenter.prepare(for: page.rows.compactMap(\.ticket), desk)
    let sideloads = try await Sideloads(
      sideloads(call), tickets: page.rows.compactMap(\.ticket), call: call, desk: desk)
    return call.pageResponse(
      page, query.page, key: "results",
      sideloads: { json in
        json.null("facets")
        sideloads.write(to: &json)
      }
    ) { write($1, presenter, to: &$0) }
  }

  /// `include=tickets(users,groups)`.
  private func sideloads(_ call: Call) -> Set<String> {
    let text = call.query["include"] ?? ""
    guard let open = text.firstIndex(of: "("), let close = text.lastIndex(of: ")"), open < close
    else { return call.query.includes }
    let inside = text[text.index(after: open)..<close]
    return Set(inside.split { $0 == "," || $0 == " " }.map(String.init))
  }

  @Sendable private func count(_ call: Call) async throws -> Response {
    let count = try await desk.searchCount(query(call), as: call.actor)
    return .json { $0.field("count", count) }
  }

  private func write(_ hit: SearchHit, _ presenter: TicketPresenter, to json: inout JSONWriter) {
    json.object { json in
      switch hit {
      case .ticket(let ticket): presenter.members(of: ticket, to: &json)
      case .user(let user): UserPresenter(base: presenter.base).members(of: user, to: &json)
      case .group(let group): GroupPresenter(base: presenter.base).members(of: group, to: &json)
      case .organization(let organization):
        OrganizationPresenter(base: presenter.base).members(of: organization, to: &json)
      }
      json.field("result_type", hit.kind)
    }
  }
}

extension SearchHit {
  var kind: String {
    switch self {
    case .ticket: "ticket"
    case .user: "user"
    case .group: "group"
    case .organization: "organization"
    }
  }

  var ticket: TicketRecord? { if case .ticket(let ticket) = self { ticket } else { nil } }
  var user: UserRecord? { if case .user(let user) = self { user } else { nil } }
  var organization: OrganizationRecord? {
    if case .organization(let organization) = self { organization } else { nil }
  }
}

extension Call {
  /// The `query` of a search of users or organizations, with the `external_id` that may stand beside
  /// it.
  func directoryQuery() throws(APIError) -> String? {
    let id = try query.externalID()
    guard let text = query["query"] else { return nil }
    guard let id else { return text }
    return "\(text) external_id:\"\(id.replacing("\"", with: ""))\""
  }
}

extension Page {
  /// The rows of one kind, of a page that holds no others.
  func mapped<Row: Sendable>(_ row: (Element) -> Row?) -> Page<Row> {
    Page<Row>(
      rows: rows.compactMap(row), hasMore: hasMore, afterCursor: afterCursor,
      beforeCursor: beforeCursor, count: count)
  }
}
