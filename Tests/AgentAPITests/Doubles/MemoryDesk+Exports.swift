// The exports of the desk in memory.

import AgentAPI
import HelpdeskDomain
import ReplicaCore

extension MemoryDesk {
  func events(after: Int64?) async -> AsyncStream<NumberedEvent> {
    let ticket = DeskEvent.ticket(
      RowID(10_007), dot: Dot(Self.slot, 1), actor: MemoryAuthenticator.agent, at: Self.now)
    return AsyncStream { stream in
      let number = (after ?? 0) + 1
      if after == nil { stream.yield(NumberedEvent(.begun, number: 0)) }
      // One delta that touched the ticket and a comment.
      stream.yield(NumberedEvent(ticket, number: number, isFollowed: true))
      let comment = RowRef(Desk.comment, RowID(20_007))
      stream.yield(
        NumberedEvent(.row(comment, dot: Dot(Self.slot, 1), at: Self.now), number: number))
      stream.yield(NumberedEvent(.lost(3)))
      stream.finish()
    }
  }

  func exportTickets(_ request: ExportRequest) async -> ExportPage<TicketRecord> {
    export(tickets.values.map { ($0.applied, $0) }, request)
  }

  func exportUsers(_ request: ExportRequest) async -> ExportPage<UserRecord> {
    export(usersByID.values.map { (Int64($0.roleDot.seq), $0) }, request)
  }

  func exportOrganizations(_ request: ExportRequest) async -> ExportPage<OrganizationRecord> {
    export(organizationsByID.values.map { ($0.id.rawValue, $0) }, request)
  }

  func exportTicketDeltas(_ request: ExportRequest) async -> ExportPage<HistoryEntry> {
    export(log.map { ($0.entry.applied, $0.entry) }, request)
  }

  func exportSearch(_ query: SearchQuery, kind: ExportKind, as actor: Actor) async
    -> Page<SearchHit>
  {
    page(found(query).filter { $0.kindOfRow == kind.rawValue }, query.page)
  }

  func history(_ row: RowRef, upTo last: Int64) async -> [HistoryEntry] {
    await history(row).filter { $0.applied <= last }
  }

  /// Users of one address alone.
  func mergeTasks() async -> [MergeTask] {
    Dictionary(grouping: usersByID.values) { $0.email?.lowercased() ?? "" }
      .filter { !$0.key.isEmpty && $0.value.count > 1 }
      .map { email, users in
        MergeTask(
          entity: Desk.user, column: UserColumn.email, value: email,
          rows: users.map(\.id).sorted())
      }.sorted { $0.value < $1.value }
  }

  func deletedTickets(_ page: PageRequest) async -> Page<TicketRecord> {
    self.page([], page)
  }

  func importDesk(_ batch: DeskBatch, as actor: Actor) async -> ImportReport {
    ImportReport(bad: batch.bad)
  }

  private func export<Row>(_ rows: [(number: Int64, row: Row)], _ request: ExportRequest)
    -> ExportPage<Row>
  {
    exportsAsked.append(request.position)
    let after: Int64 = if case .place(let place) = request.position { place.applied } else { 0 }
    let found = rows.filter { $0.number > after }.sorted { $0.number < $1.number }
    let taken = found.prefix(request.limit)
    return ExportPage(
      rows: taken.map(\.row), position: AppliedPlace(after: taken.last?.number ?? after),
      ended: taken.count == found.count, endTime: Self.now.seconds)
  }
}

extension SearchHit {
  var kindOfRow: String {
    switch self {
    case .ticket: "ticket"
    case .user: "user"
    case .group: "group"
    case .organization: "organization"
    }
  }
}

extension TicketEdit {
  static func with(_ change: (inout TicketEdit) -> Void) -> TicketEdit {
    var edit = TicketEdit()
    change(&edit)
    return edit
  }
}

extension MemoryDesk {
  /// By an address or by words.
  func people(_ text: String) -> [UserRecord] {
    let text = text.replacing("\"", with: "")
    return usersByID.values.sorted { $0.id < $1.id }.filter { user in
      text.hasPrefix("email:")
        ? user.email == String(text.dropFirst("email:".count)) : user.name.contains(text)
    }
  }
}
