// What exports and migrations ask of the desk, beside what agents ask.

package import HelpdeskDomain
internal import ReplicaCore

/// Reads in this node's apply order, and rows of other systems in.
package protocol DeskExports: Sendable {
  /// Tickets, deleted ones included, in the order in which this node applied their last change.
  func exportTickets(_ request: ExportRequest) async throws(DeskFailure)
    -> ExportPage<TicketRecord>
  /// Users, deleted ones (as inactive) included, in that order.
  func exportUsers(_ request: ExportRequest) async throws(DeskFailure) -> ExportPage<UserRecord>
  /// Organizations, deleted ones included, in that order.
  func exportOrganizations(_ request: ExportRequest) async throws(DeskFailure)
    -> ExportPage<OrganizationRecord>
  /// Effective deltas that name tickets, in the order in which this node applied them.
  func exportTicketDeltas(_ request: ExportRequest) async throws(DeskFailure)
    -> ExportPage<HistoryEntry>
  /// A search of one kind of row, by id, without a limit on how far it reaches.
  func exportSearch(_ query: SearchQuery, kind: ExportKind, as actor: Actor)
    async throws(DeskFailure) -> Page<SearchHit>
  /// Deleted tickets, by id.
  func deletedTickets(_ page: PageRequest) async throws(DeskFailure) -> Page<TicketRecord>
  /// Brings in rows of another desk's export; what is in already changes nothing.
  func importDesk(_ batch: DeskBatch, as actor: Actor) async throws(DeskFailure) -> ImportReport
}

/// A page of an incremental export.
package struct ExportRequest: Hashable, Sendable {
  package var position: AppliedPosition
  /// Rows of a page at most. It holds fewer where they are large, and more where a reader came with
  /// a second and must get past it.
  package var limit: Int
  /// The reader may go on at a second, and not at a row. A page that was asked for by time ends
  /// with a second then.
  package var wholeSeconds: Bool

  package init(position: AppliedPosition, limit: Int, wholeSeconds: Bool = false) {
    self.position = position
    self.limit = limit
    self.wholeSeconds = wholeSeconds
  }
}

/// Rows in this node's apply order.
package struct ExportPage<Row: Sendable>: Sendable {
  package var rows: [Row]
  /// The place to go on behind.
  package var position: AppliedPlace
  /// Nothing was left.
  package var ended: Bool
  /// Unix seconds at which a reader by time goes on: nothing is left out from there.
  package var endTime: Int64

  package init(rows: [Row], position: AppliedPlace, ended: Bool, endTime: Int64) {
    self.rows = rows
    self.position = position
    self.ended = ended
    self.endTime = endTime
  }
}

/// The kinds of rows that a search exports.
package enum ExportKind: String, Hashable, Sendable, CaseIterable {
  case ticket, user, organization, group
}
