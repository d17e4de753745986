// What customers may do, by command and by raw delta.

import HelpdeskDomain
import ReplicaCore
import Testing

@Suite struct RequestTests {
  let scene: DeskScene
  let customer: RowID
  let request: RowID

  init() throws {
    scene = try DeskScene()
    customer = scene.user(.endUser)
    let draft = RequestDraft(subject: "Leak", comment: CommentDraft(body: "It leaks"))
    request = try scene.paris.act(.createRequest(draft), by: customer).created ?? .none
  }

  func ticket(_ column: UInt16) -> Value { scene.paris.ticket(request).value(column) }

  @Test func aRequestIsATicketOfTheirOwn() {
    #expect(ticket(TicketColumn.requester) == .integer(customer.rawValue))
    #expect(ticket(TicketColumn.submitter) == .integer(customer.rawValue))
    #expect(ticket(TicketColumn.status) == .text("new"))
    #expect(scene.paris.memory.voids.isEmpty, "every node takes it")
  }

  @Test func anAnswerReopensAndIsAlwaysPublic() throws {
    _ = try scene.paris.act(
      .updateTicket(request, .with { $0.status = "pending" }), by: scene.agent)
    let word = CommentDraft(body: "Still", isPublic: false, author: scene.agent)
    let decision = try scene.paris.act(
      .updateRequest(request, RequestEdit(comment: word)), by: customer)
    #expect(ticket(TicketColumn.status) == .text("open"))
    let comment = try #require(decision.changes.first { $0.row.entity == Tables.comment }?.row.id)
    let row = scene.paris.row(Tables.comment, comment)
    #expect(row.value(CommentColumn.isPublic) == .integer(1))
    #expect(row.value(CommentColumn.author) == .integer(customer.rawValue))
    _ = try scene.paris.act(.updateRequest(request, RequestEdit(solved: true)), by: customer)
    #expect(ticket(TicketColumn.status) == .text("solved"))
    #expect(scene.paris.memory.voids.isEmpty)
    scene.sync()
    #expect(scene.tokyo.memory.voids.isEmpty)
  }

  @Test func somebodyElsesRequestIsAsGoodAsNone() throws {
    let other = try scene.ticket()
    #expect(throws: Refusal.notFound(kind: "request", id: other.description)) {
      try scene.paris.act(
        .updateRequest(other, RequestEdit(comment: CommentDraft(body: "x"))), by: customer)
    }
    #expect(throws: Refusal.self) {
      try scene.paris.act(
        .updateTicket(request, .with { $0.comment = CommentDraft(body: "x") }), by: customer)
    }
    #expect(throws: Refusal.self) {
      try scene.paris.act(
        .createRequest(RequestDraft(subject: nil, comment: CommentDraft(body: "x"))),
        by: scene.user(.auditor))
    }
  }

  private func write(_ column: UInt16, _ value: Value) -> CellAction {
    CellAction(CellKey(column), .write(.plain(value), replaces: [], unread: []))
  }

  private func comment(on ticket: RowID, isPublic: Int64 = 1, author: RowID? = nil) -> RowChange {
    RowChange(
      RowRef(Tables.comment, scene.paris.freshID()),
      [
        write(CommentColumn.ticket, .integer(ticket.rawValue)),
        write(CommentColumn.isPublic, .integer(isPublic)),
        write(CommentColumn.author, .integer((author ?? customer).rawValue)),
        write(CommentColumn.body, .text("x")),
      ])
  }

  @Test func rawDeltasOfCustomersAreHeldToTheSame() throws {
    let other = try scene.ticket()
    let actor = scene.paris.actor(customer)
    func forge(_ changes: [RowChange]) -> VoidReason? { scene.paris.forge(changes, by: actor) }
    func edit(_ ticket: RowID, _ column: UInt16, _ value: Value) -> RowChange {
      RowChange(RowRef(Tables.ticket, ticket), [write(column, value)])
    }
    #expect(forge([comment(on: other)]) == .role)
    #expect(forge([comment(on: request, isPublic: 0)]) == .role)
    #expect(forge([comment(on: request, author: scene.agent)]) == .role)
    #expect(forge([edit(request, TicketColumn.priority, .text("urgent"))]) == .role)
    #expect(forge([edit(request, TicketColumn.status, .text("closed"))]) == .role)
    #expect(forge([edit(other, TicketColumn.status, .text("open"))]) == .role)
    let born = RowRef(Tables.ticket, scene.paris.freshID())
    #expect(
      forge([
        RowChange(
          born,
          [
            write(TicketColumn.requester, .integer(scene.agent.rawValue)),
            write(TicketColumn.submitter, .integer(customer.rawValue)),
            write(TicketColumn.status, .text("new")),
          ])
      ]) == .role)
    #expect(forge([comment(on: request)]) == nil, "a word of their own has effect")
  }

  /// Where the organization was deleted the customer has none; on every node, and in raw deltas too.
  @Test func aDeletedOrganizationIsNotTheCustomersAnyMore() throws {
    let paris = scene.paris
    func firm(_ name: String) throws -> RowID {
      let made = try paris.act(.createOrganization(OrganizationDraft(name: name)), by: scene.admin)
      return made.created ?? .none
    }
    let (gone, other) = (try firm("Acme"), try firm("Bolt"))
    try paris.act(
      .updateUser(customer, .withUser { $0.organization = .set(gone) }), by: scene.admin)
    scene.sync()
    try paris.act(.deleteOrganization(gone), by: scene.admin)
    let draft = RequestDraft(subject: "S", comment: CommentDraft(body: "x"))
    let late = try #require(try scene.tokyo.act(.createRequest(draft), by: customer).created)
    #expect(
      scene.tokyo.ticket(late).value(TicketColumn.organization) == .integer(gone.rawValue),
      "Tokyo has not heard of it")
    let asked = try #require(try paris.act(.createRequest(draft), by: customer).created)
    let made = try scene.ticket { $0.edit.requester = customer }
    for id in [asked, made] {
      #expect(paris.ticket(id).value(TicketColumn.organization).isNull)
    }
    #expect(
      problems { _ = try scene.ticket { $0.edit.organization = .set(gone) } }
        == ["organization_id:RecordNotFound"])

    func born(_ organization: RowID) -> RowChange {
      RowChange(
        RowRef(Tables.ticket, paris.freshID()),
        [
          write(TicketColumn.requester, .integer(customer.rawValue)),
          write(TicketColumn.submitter, .integer(customer.rawValue)),
          write(TicketColumn.status, .text("new")),
          write(TicketColumn.organization, .integer(organization.rawValue)),
        ])
    }
    #expect(paris.memory.voids.isEmpty)
    #expect(paris.forge([born(other)], by: paris.actor(customer)) == .role)
    #expect(
      paris.forge([born(gone)], by: paris.actor(customer)) == nil, "as nodes wrote it before")
    scene.sync()
    #expect(scene.tokyo.memory.voids.count == 1 && paris.memory.voids.count == 1)
  }
}
