// One step of an import: one delta that brings a ticket from one snapshot to a later one.

package import ReplicaCore

/// A change of one imported ticket, with its true date.
package struct ImportStep: Hashable, Sendable {
  /// What the first step of a ticket says besides the changed fields.
  package struct Opening: Hashable, Sendable {
    package var subject: String
    package var description: String
    package var type: String
    package var home: OfficeID

    package init(subject: String, description: String, type: String, home: OfficeID) {
      self.subject = subject
      self.description = description
      self.type = type
      self.home = home
    }
  }

  /// The incident number; the ticket is found by it.
  package var externalID: String
  /// The snapshot before it, counted from 1; 0 where it makes the ticket.
  package var from: Int
  /// The snapshot that the ticket equals afterwards.
  package var to: Int
  package var occurredAt: Instant
  package var opening: Opening?
  package var status: String?
  package var priority: Change<String> = .keep
  package var group: Change<RowID> = .keep
  /// Ticket field id → value; null clears.
  package var fields: [RowID: Value] = [:]
  /// The field that holds ``to``.
  package var snapshotField: RowID

  package init(
    externalID: String, from: Int, to: Int, occurredAt: Instant, opening: Opening? = nil,
    snapshotField: RowID
  ) {
    self.externalID = externalID
    self.from = from
    self.to = to
    self.occurredAt = occurredAt
    self.opening = opening
    self.snapshotField = snapshotField
  }
}

/// The rows that an import refers to; the importer makes those that are missing first.
package struct ImportCatalog: Hashable, Sendable {
  /// Group name of the log → group.
  package var groups: [String: RowID]
  /// Column → ticket field whose key is the column's name.
  package var fields: [IncidentColumn: RowID]
  /// The field with the key ``IncidentColumn/snapshotKey``.
  package var snapshotField: RowID

  package init(
    groups: [String: RowID], fields: [IncidentColumn: RowID], snapshotField: RowID
  ) {
    self.groups = groups
    self.fields = fields
    self.snapshotField = snapshotField
  }

  /// The ticket fields an import needs, in the log's column order.
  package static var fieldDrafts: [TicketFieldDraft] {
    IncidentColumn.allCases.map {
      TicketFieldDraft(title: "Incident: \($0.rawValue)", type: "text", key: $0.rawValue)
    } + [
      TicketFieldDraft(
        title: "Incident: snapshots imported", type: "integer", key: IncidentColumn.snapshotKey)
    ]
  }
}
