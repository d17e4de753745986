// The desk as the API needs it: one door for changes, and the reads of this node's replica.

package import HelpdeskDomain
package import ReplicaCore

/// The desk of this node. Reads see everything that was acknowledged before they began; deleted
/// rows are not found. A wrong cursor is refused as `invalid` with the field `page`.
package protocol DeskService: SetupService, DeskExports {
  /// Runs one command. Returns after its delta is durable.
  func submit(_ command: DeskCommand, as actor: Actor) async throws(DeskFailure) -> Receipt
  /// Runs commands in order, in as few commits as may be; each is answered by itself. Returns after
  /// all deltas are durable.
  func submit(all commands: [DeskCommand], as actor: Actor) async -> [Result<Receipt, DeskFailure>]

  /// Everything that this replica has applied. What is read afterwards includes it.
  func version() async throws(DeskFailure) -> VersionVector

  func ticket(_ id: RowID) async throws(DeskFailure) -> TicketRecord?
  /// Those of the tickets that exist, in the order asked for.
  func tickets(_ ids: [RowID]) async throws(DeskFailure) -> [TicketRecord]
  func tickets(_ query: TicketQuery) async throws(DeskFailure) -> Page<TicketRecord>
  func ticketCount(_ filters: [TicketFilter]) async throws(DeskFailure) -> Int
  func comments(_ ticket: RowID, ascending: Bool, page: PageRequest) async throws(DeskFailure)
    -> Page<CommentRecord>
  /// All deltas about the row and the rows that belong to it (comments, grants, handoff notes),
  /// in this node's apply order.
  func history(_ row: RowRef) async throws(DeskFailure) -> [HistoryEntry]
  /// Those of them that this node applied up to a number.
  func history(_ row: RowRef, upTo last: Int64) async throws(DeskFailure) -> [HistoryEntry]
  /// Runs a query of the search language, as the actor (`assignee:me`).
  func search(_ query: SearchQuery, as actor: Actor) async throws(DeskFailure) -> Page<SearchHit>
  func searchCount(_ query: SearchQuery, as actor: Actor) async throws(DeskFailure) -> Int

  func users(_ ids: [RowID]) async throws(DeskFailure) -> [UserRecord]
  func users(_ query: UserQuery) async throws(DeskFailure) -> Page<UserRecord>
  func groups(_ ids: [RowID]) async throws(DeskFailure) -> [GroupRecord]
  /// The groups, or those of one user.
  func groups(of user: RowID?, page: PageRequest) async throws(DeskFailure) -> Page<GroupRecord>
  func memberships(_ query: MembershipQuery) async throws(DeskFailure) -> Page<MembershipRecord>
  func organizations(_ ids: [RowID]) async throws(DeskFailure) -> [OrganizationRecord]
  func organizations(_ query: OrganizationQuery) async throws(DeskFailure)
    -> Page<OrganizationRecord>
  func ticketFields() async throws(DeskFailure) -> [TicketFieldRecord]

  /// Those that the actor may see, see ``ConflictRecord/isShown(to:)``; a page may hold fewer.
  func conflicts(page: PageRequest, as actor: Actor) async throws(DeskFailure)
    -> Page<ConflictRecord>
  func conflict(_ row: RowRef, _ cell: CellKey) async throws(DeskFailure) -> ConflictRecord?
  /// Users, organizations and tickets that say they are the same; the first thousand such values.
  func mergeTasks() async throws(DeskFailure) -> [MergeTask]

  /// Brings in rows of an incident log; rows that change nothing make no delta.
  func importIncidents(_ batch: IncidentBatch, as actor: Actor) async throws(DeskFailure)
    -> ImportReport

  /// What this node applies from now on; the stream ends with the node. A reader that falls
  /// behind gets a ``DeskEvent/lost`` in the place of what it missed.
  ///
  /// - Parameter after: begins behind the event of this number, as far as the log is read back;
  ///   nil: with what comes now.
  func events(after: Int64?) async -> AsyncStream<NumberedEvent>
}

/// Where an incremental export goes on.
package enum AppliedPosition: Hashable, Sendable {
  /// Behind this place in the order in which this node applied changes.
  case place(AppliedPlace)
  /// At the first change that this node applied at this time or later.
  case time(Instant)
}
