// The rows that stand beside a list, where `include` asks for them.

internal import HelpdeskDomain
internal import ReplicaCore

/// Users, groups and organizations that the rows of an answer name.
struct Sideloads {
  private var users: [UserRecord]?
  private var groups: [GroupRecord]?
  private var organizations: [OrganizationRecord]?
  private let base: String
  private let reader: Actor

  /// What is not asked for is not read.
  init(
    _ includes: Set<String>, users: [RowID?], groups: [RowID?] = [], organizations: [RowID?] = [],
    call: Call, desk: any DeskService
  ) async throws {
    base = call.base
    reader = call.actor
    var people: [UserRecord] = []
    if includes.contains("users") {
      people = try await desk.users(Self.ids(users))
      self.users = people
    }
    if includes.contains("groups") { self.groups = try await desk.groups(Self.ids(groups)) }
    if includes.contains("organizations") {
      self.organizations = try await desk.organizations(
        Self.ids(organizations + people.map(\.organization)))
    }
  }

  init(_ includes: Set<String>, tickets: [TicketRecord], call: Call, desk: any DeskService)
    async throws
  {
    try await self.init(
      includes,
      users: tickets.flatMap { [$0.requester, $0.submitter, $0.assignee] + $0.collaborators },
      groups: tickets.map(\.group), organizations: tickets.map(\.organization), call: call,
      desk: desk)
  }

  /// Beside users: their organizations and groups.
  init(_ includes: Set<String>, users: [UserRecord], call: Call, desk: any DeskService)
    async throws
  {
    var groups: Set<RowID> = []
    if includes.contains("groups") {
      for user in users where user.role != .endUser {
        let page = try await desk.memberships(
          MembershipQuery(user: user.id, page: .offset(page: 1, size: APILimits.pageSize)))
        groups.formUnion(page.rows.map(\.group))
      }
    }
    try await self.init(
      includes.subtracting(["users"]), users: [], groups: Array(groups),
      organizations: users.map(\.organization), call: call, desk: desk)
  }

  private static func ids(_ ids: [RowID?]) -> [RowID] {
    Set(ids.compactMap(\.self).filter { $0 != .none }).sorted()
  }

  func write(to json: inout JSONWriter) {
    if let users {
      json.key("users")
      json.array(users) { UserPresenter(base: base, reader: reader).write($1, to: &$0) }
    }
    if let groups {
      json.key("groups")
      json.array(groups) { GroupPresenter(base: base).write($1, to: &$0) }
    }
    if let organizations {
      json.key("organizations")
      let presenter = OrganizationPresenter(base: base, reader: reader)
      json.array(organizations) { presenter.write($1, to: &$0) }
    }
  }
}
