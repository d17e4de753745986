// Writing a ticket for a client: resolving whom it names, submitting, answering.

internal import HelpdeskDomain
internal import Hummingbird
internal import ReplicaCore

struct TicketWriting {
  let desk: any DeskService

  /// Creates and returns the receipt; `created` is set.
  func create(_ body: FieldReader, _ call: Call) async throws -> (RowID, Receipt) {
    let receipt = try await desk.submit(try await creation(body, call), as: call.actor)
    return (try created(receipt), receipt)
  }

  func update(_ id: RowID, _ body: FieldReader, _ call: Call) async throws -> Receipt {
    try await desk.submit(try await change(id, body, call), as: call.actor)
  }

  /// The command that makes the ticket of a body.
  func creation(_ body: FieldReader, _ call: Call) async throws -> DeskCommand {
    var input = try TicketInput(body, creating: true)
    guard let comment = input.comment else {
      throw APIError.invalid(
        "comment", .blankValue,
        "A new ticket needs its first comment: {\"comment\": {\"body\": \"…\"}}")
    }
    try await resolve(&input, call)
    return .createTicket(
      TicketDraft(
        subject: input.edit.subject, comment: comment, edit: input.edit, home: input.home,
        submitter: input.submitter))
  }

  /// The command that changes a ticket as a body says.
  func change(_ id: RowID, _ body: FieldReader, _ call: Call) async throws -> DeskCommand {
    var input = try TicketInput(body, creating: false)
    try await resolve(&input, call)
    return .updateTicket(id, input.edit)
  }

  /// The id of the ticket that a command made.
  func created(_ receipt: Receipt) throws -> RowID {
    guard let id = receipt.created else {
      throw DeskFailure.failed(
        OperationalError(
          code: "NoTicketCreated", message: "The desk accepted the ticket without giving it an id.",
          hint: "Report this with the node's log."))
    }
    return id
  }

  /// The answer to a write: the ticket as this node knows it now, and the audit of the write.
  func response(
    _ id: RowID, _ receipt: Receipt, before: TicketRecord?, created: Bool, _ call: Call
  ) async throws -> Response {
    var presenter = try await call.presenter(desk)
    guard let ticket = try await desk.ticket(id) else { throw APIError.notFound }
    try await presenter.prepare(for: [ticket], desk)
    let sideloads = try await Sideloads(
      call.query.includes, tickets: [ticket], call: call, desk: desk)
    var response = Response.json(created ? .created : .ok) { json in
      json.key("ticket")
      presenter.write(ticket, to: &json)
      json.key("audit")
      if let delta = receipt.delta {
        var trail = before.map { AuditTrail(before: $0) } ?? AuditTrail(ticket: id)
        AuditPresenter.write(
          delta, applied: receipt.applied, ticket: id, events: trail.events(of: delta),
          AttachmentShelf(base: call.base, of: delta), to: &json)
      } else {
        AuditPresenter.writeEmpty(ticket: id, actor: call.actor.user, to: &json)
      }
      sideloads.write(to: &json)
    }
    if created { response.headers[.location] = presenter.url(id) }
    return response
  }

  /// Finds the people that are named by address; an unknown requester becomes an end user.
  private func resolve(_ input: inout TicketInput, _ call: Call) async throws {
    if let email = input.assigneeEmail {
      guard let user = try await user(email) else {
        throw APIError.invalid(
          "assignee_email", .recordNotFound, "No user has the address \(email).")
      }
      input.edit.assignee = .set(user)
    }
    if input.edit.requester == nil, let person = input.requester {
      input.edit.requester = try await customer(person.email, name: person.name, call)
    }
    if let people = input.copied.replacing {
      input.edit.collaborators = try await ids(of: people, call)
    }
    input.edit.addCollaborators = try await ids(of: input.copied.adding, call)
    input.edit.removeCollaborators = try await ids(of: input.copied.removing, call)
  }

  /// The user with the address; where there is none, a new end user.
  private func customer(_ email: String, name: String?, _ call: Call) async throws -> RowID? {
    if let user = try await user(email) { return user }
    let name = name ?? String(email.prefix { $0 != "@" })
    return try await desk.submit(
      .createUser(UserDraft(name: name, email: email, role: .endUser)), as: call.actor
    ).created
  }

  private func ids(of people: [CopiedPeople.Person], _ call: Call) async throws -> [RowID] {
    var found: [RowID] = []
    for person in people {
      switch person {
      case .id(let id): found.append(id)
      case .address(let email, let name):
        if let id = try await customer(email, name: name, call) { found.append(id) }
      case .known(let email, let field):
        if let id = try await user(email) {
          found.append(id)
        } else if call.actor.role.mayReadPrivate {
          // Others are refused below without being told who is here.
          throw APIError.invalid(
            field, .recordNotFound, "\(field): no user has the address \(email).")
        }
      }
    }
    return found
  }

  /// What a body asks of a ticket, with the ids of those whom it names by address.
  func edit(of body: FieldReader, _ call: Call) async throws -> TicketEdit {
    var input = try TicketInput(body, creating: true)
    try await resolve(&input, call)
    return input.edit
  }

  private func user(_ email: String) async throws -> RowID? {
    try await desk.users(
      UserQuery(email: email, page: .cursor(size: 1, after: nil, before: nil))
    ).rows.first?.id
  }
}
