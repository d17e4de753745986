// A desk in memory, so that the API's shapes are tested without a store.

import AgentAPI
import HelpdeskDomain
import ReplicaCore

/// Keeps rows in dictionaries and makes real deltas for the audits. What it does not keep it
/// refuses, so that no test passes by accident.
actor MemoryDesk: DeskService {
  static let slot = Slot(7)
  static let now = Instant(seconds: 1_790_000_000)

  private(set) var tickets: [RowID: TicketRecord] = [:]
  private var comments: [CommentRecord] = []
  private(set) var log: [(ticket: RowID, entry: HistoryEntry)] = []
  private(set) var usersByID: [RowID: UserRecord] = [:]
  private var groupsByID: [RowID: GroupRecord] = [:]
  private var membershipsByID: [RowID: MembershipRecord] = [:]
  private(set) var organizationsByID: [RowID: OrganizationRecord] = [:]
  var fields: [TicketFieldRecord] = []
  private var conflictList: [ConflictRecord] = []
  var setup = MemorySetup()
  private var next: Int64 = 0
  private var seq: UInt64 = 0
  /// What the next command is refused with.
  private var nextRefusal: DeskFailure?
  private(set) var commands: [DeskCommand] = []
  var exportsAsked: [AppliedPosition] = []
  private(set) var lastActor: Actor?

  func refuseNext(_ failure: DeskFailure) { nextRefusal = failure }
  func put(_ conflict: ConflictRecord) { conflictList.append(conflict) }
  func put(_ field: TicketFieldRecord) { fields.append(field) }
  func put(_ user: UserRecord) { usersByID[user.id] = user }

  func newID() -> RowID {
    next += 1
    return RowID(number: next, slot: Self.slot)
  }

  private func newDot() -> Dot {
    seq += 1
    return Dot(Self.slot, seq)
  }

  func submit(
    all commands: [DeskCommand], as actor: Actor
  ) async -> [Result<Receipt, DeskFailure>] {
    var results: [Result<Receipt, DeskFailure>] = []
    for command in commands {
      do throws(DeskFailure) {
        results.append(.success(try await submit(command, as: actor)))
      } catch { results.append(.failure(error)) }
    }
    return results
  }

  func submit(_ command: DeskCommand, as actor: Actor) async throws(DeskFailure) -> Receipt {
    commands.append(command)
    lastActor = actor
    if let refusal = nextRefusal {
      nextRefusal = nil
      throw refusal
    }
    switch command {
    case .createTicket(let draft): return create(draft, actor)
    case .updateTicket(let id, let edit): return try update(id, edit, actor)
    case .deleteTicket(let id):
      guard tickets.removeValue(forKey: id) != nil else { throw missing("ticket", id) }
      return Receipt(delta: delta([], actor))
    case .createUser(let draft):
      let id = newID()
      var user = UserRecord(
        id: id, name: draft.name, role: draft.role, roleDot: newDot(), active: true)
      user.email = draft.email
      user.office = draft.office
      if case .set(let text) = draft.edit.externalID { user.externalID = text }
      user.createdAt = Self.now
      user.updatedAt = Self.now
      usersByID[id] = user
      return Receipt(delta: delta([], actor), created: id)
    case .updateUser(let id, let edit):
      guard var user = usersByID[id] else { throw missing("user", id) }
      if let name = edit.name { user.name = name }
      if let role = edit.role { user.role = role }
      usersByID[id] = user
      return Receipt(delta: delta([], actor))
    case .createGroup(let draft):
      let id = newID()
      groupsByID[id] = GroupRecord(
        id: id, name: draft.name ?? "", description: draft.description, home: draft.home,
        deleted: false, createdAt: Self.now, updatedAt: Self.now)
      return Receipt(delta: delta([], actor), created: id)
    case .addMembership(let user, let group, let isDefault):
      let id = newID()
      membershipsByID[id] = MembershipRecord(
        id: id, user: user, group: group, isDefault: isDefault, createdAt: Self.now,
        updatedAt: Self.now)
      return Receipt(delta: delta([], actor), created: id)
    case .createOrganization(let draft):
      let id = newID()
      organizationsByID[id] = OrganizationRecord(
        id: id, name: draft.name ?? "", externalID: nil, domains: draft.domains ?? [],
        details: nil, notes: nil, tags: [], createdAt: Self.now, updatedAt: Self.now)
      return Receipt(delta: delta([], actor), created: id)
    case .createTicketField(let draft):
      let id = newID()
      fields.append(
        TicketFieldRecord(
          id: id, title: draft.title, type: draft.type, key: draft.key, description: nil,
          options: draft.options, active: true, createdAt: Self.now, updatedAt: Self.now))
      fields[fields.count - 1].choices = choices(draft.options)
      return Receipt(delta: delta([], actor), created: id)
    case .view, .macro, .schedule:
      let created = try setup.run(command, newID())
      return Receipt(delta: delta([], actor), created: created)
    case .ticketField(let command):
      return Receipt(delta: delta([], actor), created: try change(command))
    case .take, .handTo, .sendBack, .stay, .moveOn, .accept, .cover, .handoffNote,
      .acknowledgeAlarm, .createWebhook, .updateWebhook, .renewWebhookSecret, .deleteWebhook:
      return Receipt(delta: delta([], actor))
    case .mergeTickets(let merge):
      for source in merge.sources where tickets[source] == nil { throw missing("ticket", source) }
      for source in merge.sources { tickets[source]?.status = "closed" }
      return Receipt(delta: delta([], actor))
    case .createRequest(let draft):
      return create(TicketDraft(subject: draft.subject, comment: draft.comment), actor)
    case .updateRequest(let id, let edit):
      return try update(id, .with { $0.comment = edit.comment }, actor)
    case .importHistory(let history):
      let edit = TicketDraft(
        subject: history.edit.subject,
        comment: history.comments.first?.draft ?? CommentDraft(body: ""), edit: history.edit)
      return create(edit, actor)
    case .restoreTicket(let id): throw missing("ticket", id)
    case .resolveConflict(let row, let cell, _):
      conflictList.removeAll { $0.row == row && $0.cell == cell }
      return Receipt(delta: delta([], actor))
    default:
      throw .failed(
        OperationalError(
          code: "NotInTheDouble", message: "The test desk does not know \(command).", hint: ""))
    }
  }

  func missing(_ kind: String, _ id: RowID) -> DeskFailure {
    .refused(.notFound(kind: kind, id: id.description))
  }

  private func delta(_ changes: [RowChange], _ actor: Actor) -> Delta {
    Delta(
      DeltaHeader(
        dot: newDot(), hlc: HLC(milliseconds: UInt64(Self.now.milliseconds)), actor: actor.user,
        via: actor.via),
      changes)
  }

  private func write(_ column: UInt16, _ value: Value) -> CellAction {
    CellAction(CellKey(column), .write(.plain(value), replaces: [], unread: []))
  }

  private func add(_ comment: CommentDraft, to ticket: RowID, _ actor: Actor, _ dot: Dot)
    -> RowChange
  {
    let id = newID()
    let author = comment.author ?? actor.user
    comments.append(
      CommentRecord(
        id: id, ticket: ticket, author: author, isPublic: comment.isPublic, body: comment.body,
        htmlBody: comment.htmlBody, createdAt: Self.now, via: actor.via, dot: dot))
    return RowChange(
      RowRef(Desk.comment, id),
      [
        write(CommentColumn.ticket, .integer(ticket.rawValue)),
        write(CommentColumn.author, .integer(author.rawValue)),
        write(CommentColumn.isPublic, .integer(comment.isPublic ? 1 : 0)),
        write(CommentColumn.body, .text(comment.body)),
      ])
  }

  func create(_ draft: TicketDraft, _ actor: Actor) -> Receipt {
    let id = newID()
    let dot = Dot(Self.slot, seq + 1)
    var ticket = TicketRecord(id: id, status: draft.edit.status ?? "new")
    ticket.subject = draft.subject
    ticket.description = draft.comment.body
    ticket.isDescriptionPublic = draft.comment.isPublic
    ticket.requester = draft.edit.requester ?? actor.user
    ticket.submitter = draft.submitter ?? actor.user
    ticket.createdAt = Self.now
    ticket.appliedAt = Self.now
    let comment = add(draft.comment, to: id, actor, dot)
    let row = RowChange(
      RowRef(Desk.ticket, id),
      [
        write(TicketColumn.subject, draft.subject.map { .text($0) } ?? .null),
        write(TicketColumn.status, .text(ticket.status)),
      ])
    apply(draft.edit, to: &ticket)
    tickets[id] = ticket
    return finish(id, delta([row, comment], actor), created: id)
  }

  private func update(_ id: RowID, _ edit: TicketEdit, _ actor: Actor) throws(DeskFailure)
    -> Receipt
  {
    guard var ticket = tickets[id] else { throw missing("ticket", id) }
    if let stamp = edit.unlessChangedAfter, ticket.updatedAt > stamp {
      throw .refused(.updateConflict(ticket: id, changedAt: ticket.updatedAt))
    }
    let before = ticket
    apply(edit, to: &ticket)
    var actions: [CellAction] = []
    if ticket.status != before.status {
      actions.append(write(TicketColumn.status, .text(ticket.status)))
    }
    for tag in Set(ticket.tags).subtracting(before.tags).sorted() {
      actions.append(CellAction(CellKey(TicketColumn.tags), .add(.text(tag), replaces: [])))
    }
    for tag in Set(before.tags).subtracting(ticket.tags).sorted() {
      actions.append(CellAction(CellKey(TicketColumn.tags), .remove(.text(tag), seen: [])))
    }
    var changes: [RowChange] = []
    if !actions.isEmpty { changes.append(RowChange(RowRef(Desk.ticket, id), actions)) }
    if let comment = edit.comment {
      changes.append(add(comment, to: id, actor, Dot(Self.slot, seq + 1)))
    }
    guard ticket != before || edit.comment != nil else { return Receipt(delta: nil) }
    tickets[id] = ticket
    return finish(id, delta(changes, actor), created: nil)
  }

  private func finish(_ id: RowID, _ delta: Delta, created: RowID?) -> Receipt {
    tickets[id]?.applied = Int64(delta.dot.seq)
    tickets[id]?.updatedAt = Self.now + Int64(delta.dot.seq) * 1_000
    log.append((id, HistoryEntry(delta: delta, void: nil, applied: Int64(delta.dot.seq))))
    return Receipt(delta: delta, applied: Int64(delta.dot.seq), created: created)
  }

  /// A delta that another node made; it names a ticket, and maybe others.
  func receive(_ ticket: RowID, _ delta: Delta) {
    seq += 1
    log.append((ticket, HistoryEntry(delta: delta, void: nil, applied: Int64(seq))))
  }

  private func apply(_ edit: TicketEdit, to ticket: inout TicketRecord) {
    func change<T>(_ change: Change<T>, _ path: WritableKeyPath<TicketRecord, T?>) {
      switch change {
      case .keep: break
      case .clear: ticket[keyPath: path] = nil
      case .set(let value): ticket[keyPath: path] = value
      }
    }
    if let subject = edit.subject { ticket.subject = subject }
    if let status = edit.status { ticket.status = status }
    change(edit.priority, \.priority)
    change(edit.type, \.type)
    change(edit.assignee, \.assignee)
    change(edit.group, \.group)
    change(edit.organization, \.organization)
    change(edit.externalID, \.externalID)
    change(edit.dueAt, \.dueAt)
    if let tags = edit.tags { ticket.tags = tags.sorted() }
    ticket.tags = Set(ticket.tags).union(edit.addTags).subtracting(edit.removeTags).sorted()
    for (id, value) in edit.fields { ticket.fields[id] = value.isNull ? nil : value }
  }

  func version() async -> VersionVector { VersionVector([Self.slot: seq]) }
  func ticket(_ id: RowID) async -> TicketRecord? { tickets[id] }
  func tickets(_ ids: [RowID]) async -> [TicketRecord] { ids.compactMap { tickets[$0] } }

  func tickets(_ query: TicketQuery) async throws(DeskFailure) -> Page<TicketRecord> {
    let sorted = tickets.values.sorted { $0.id < $1.id }.filter { ticket in
      query.filters.allSatisfy { filter in
        switch filter.term {
        case .externalID(let id): ticket.externalID == id
        case .requester(let id): ticket.requester == id
        case .problem(let id): ticket.problem == id
        case .collaborator(let id): ticket.collaborators.contains(id)
        case .status(.equal, let status): ticket.status == status
        case .type(let type): ticket.type == type
        default: false
        }
      }
    }
    return page(query.ascending ? sorted : sorted.reversed(), query.page)
  }

  func ticketCount(_ filters: [TicketFilter]) async -> Int { tickets.count }

  func comments(_ ticket: RowID, ascending: Bool, page request: PageRequest) async
    -> Page<CommentRecord>
  {
    let found = comments.filter { $0.ticket == ticket }
    return page(ascending ? found : found.reversed(), request)
  }

  func history(_ row: RowRef) async -> [HistoryEntry] {
    log.filter { one in
      one.ticket == row.id || one.entry.delta.changes.contains { $0.row == row }
    }.map(\.entry)
  }

  func search(_ query: SearchQuery, as actor: Actor) async -> Page<SearchHit> {
    page(found(query), query.page)
  }

  func searchCount(_ query: SearchQuery, as actor: Actor) async -> Int { found(query).count }

  func found(_ query: SearchQuery) -> [SearchHit] {
    if query.only == .user { return people(query.text).map { .user($0) } }
    let words = query.text.split(separator: " ").filter { !$0.contains(":") }
    let hits = tickets.values.sorted { $0.id < $1.id }.filter { ticket in
      words.allSatisfy { ticket.subject?.contains($0) == true }
    }
    return hits.map { .ticket($0) }
      + usersByID.values.sorted { $0.id < $1.id }.filter { user in
        !query.text.contains("type:ticket") && words.allSatisfy { user.name.contains($0) }
      }.map { .user($0) }
  }

  func users(_ ids: [RowID]) async -> [UserRecord] { ids.compactMap { usersByID[$0] } }

  func users(_ query: UserQuery) async -> Page<UserRecord> {
    let found = usersByID.values.sorted { $0.id < $1.id }.filter { user in
      (query.email == nil || user.email == query.email)
        && (query.externalID == nil || user.externalID == query.externalID)
        && (query.text.map { user.name.contains($0) } ?? true)
        && (!query.hasOrganization || user.organization != nil)
        && (query.roles.isEmpty || query.roles.contains(user.role))
    }
    return page(found, query.page)
  }

  func groups(_ ids: [RowID]) async -> [GroupRecord] { ids.compactMap { groupsByID[$0] } }
  func groups(of user: RowID?, page request: PageRequest) async -> Page<GroupRecord> {
    page(groupsByID.values.sorted { $0.id < $1.id }, request)
  }

  func memberships(_ query: MembershipQuery) async -> Page<MembershipRecord> {
    let found = membershipsByID.values.sorted { $0.id < $1.id }.filter {
      query.id == nil || $0.id == query.id
    }
    return page(found, query.page)
  }

  func organizations(_ ids: [RowID]) async -> [OrganizationRecord] {
    ids.compactMap { organizationsByID[$0] }
  }
  func organizations(_ query: OrganizationQuery) async -> Page<OrganizationRecord> {
    page(organizationsByID.values.sorted { $0.id < $1.id }, query.page)
  }
  func ticketFields() async -> [TicketFieldRecord] { fields }
  func conflicts(page request: PageRequest, as actor: Actor) async -> Page<ConflictRecord> {
    page(conflictList.filter { $0.isShown(to: actor) }, request)
  }
  func conflict(_ row: RowRef, _ cell: CellKey) async -> ConflictRecord? {
    conflictList.first { $0.row == row && $0.cell == cell }
  }

  func importIncidents(_ batch: IncidentBatch, as actor: Actor) async -> ImportReport {
    let bad = batch.rows.filter { $0.values["number"] == nil }
    return ImportReport(
      created: batch.rows.count - bad.count,
      bad: bad.map { .init(line: $0.line, reason: "number is missing") })
  }

  /// Cursors are positions in the list.
  func page<Row>(_ rows: [Row], _ request: PageRequest) -> Page<Row> {
    switch request {
    case .offset(let number, let size):
      let lower = min((number - 1) * size, rows.count)
      let upper = min(lower + size, rows.count)
      return Page(rows: Array(rows[lower..<upper]), hasMore: upper < rows.count, count: rows.count)
    case .cursor(let size, let after, let before):
      var lower = after.flatMap { Int($0.dropFirst()) } ?? 0
      var upper = min(lower + size, rows.count)
      if let before {
        upper = Int(before.dropFirst()) ?? 0
        lower = max(0, upper - size)
      }
      return Page(
        rows: Array(rows[lower..<upper]), hasMore: before == nil ? upper < rows.count : lower > 0,
        afterCursor: upper > lower ? "c\(upper)" : nil,
        beforeCursor: lower > 0 ? "c\(lower)" : nil)
    }
  }
}
