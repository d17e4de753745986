// Reading tickets for an answer, with what stands beside them.

internal import HelpdeskDomain
internal import ReplicaCore

extension Call {
  /// Call this before the tickets are read, so that their version never claims more than they
  /// show.
  func presenter(_ desk: any DeskService) async throws -> TicketPresenter {
    let version = TicketVersion(vector: try await desk.version()).wire
    return TicketPresenter(base: base, version: version, checkboxes: [], reader: actor)
  }
}

/// The users, groups and organizations beside tickets, where `include` asks for them.
struct TicketSideloads {
  private var users: [UserRecord]?
  private var groups: [GroupRecord]?
  private var organizations: [OrganizationRecord]?
  private let base: String
  private let reader: Actor

  init(_ includes: Set<String>, tickets: [TicketRecord], call: Call, desk: any DeskService)
    async throws
  {
    base = call.base
    reader = call.actor
    if includes.contains("users") {
      let ids = tickets.flatMap { ticket in
        [ticket.requester, ticket.submitter, ticket.assignee].compactMap(\.self)
          + ticket.collaborators
      }
      users = try await desk.users(Set(ids).sorted())
    }
    if includes.contains("groups") {
      groups = try await desk.groups(Set(tickets.compactMap(\.group)).sorted())
    }
    if includes.contains("organizations") {
      organizations = try await desk.organizations(
        Set(tickets.compactMap(\.organization)).sorted())
    }
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

extension TicketPresenter {
  /// Learns which fields are checkboxes, where a ticket holds a number that could be one, and whose
  /// description is a private comment that the reader may not see.
  mutating func prepare(for tickets: [TicketRecord], _ desk: any DeskService) async throws {
    if let reader, !reader.role.mayReadPrivate {
      let first = PageRequest.cursor(size: 1, after: nil, before: nil)
      for ticket in tickets {
        let comment = try await desk.comments(ticket.id, ascending: true, page: first).rows.first
        if comment?.isPublic == false { hidden.insert(ticket.id) }
      }
    }
    let mayHold = tickets.contains {
      $0.fields.values.contains { $0 == .integer(0) || $0 == .integer(1) }
    }
    guard mayHold else { return }
    checkboxes = Set(try await desk.ticketFields().filter { $0.type == "checkbox" }.map(\.id))
  }
}
