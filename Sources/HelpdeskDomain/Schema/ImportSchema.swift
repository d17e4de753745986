// What an import leaves behind: where rows came from, and the dates they had there.

package import ReplicaCore

extension Desk {
  /// Which row stands for a row of another system, for entities without a column of their own for
  /// it (groups, ticket fields, macros).
  package static let importLink = EntityCode(21)

  /// When the row that a change names was made in the system it was imported from; nil where the
  /// change does not say. Shown as its `created_at`; the write's own stamp stays what it is.
  package static func originalCreation(_ change: RowChange) -> Instant? {
    let column: UInt16
    switch change.row.entity {
    case Desk.ticket: column = TicketColumn.originalCreated
    case Desk.comment: column = CommentColumn.originalCreated
    case Desk.user: column = UserColumn.originalCreated
    case Desk.organization: column = OrganizationColumn.originalCreated
    default: return nil
    }
    return change.integer(column).map { Instant(milliseconds: $0) }
  }

  /// The columns of an entity that only an import may write.
  static func importColumns(of entity: EntityCode) -> [UInt16] {
    switch entity {
    case Desk.ticket:
      [TicketColumn.originalCreated, TicketColumn.originalSolved, TicketColumn.origin]
    case Desk.comment: [CommentColumn.originalCreated, CommentColumn.origin]
    case Desk.user: [UserColumn.originalCreated, UserColumn.origin]
    case Desk.organization: [OrganizationColumn.originalCreated, OrganizationColumn.origin]
    default: []
    }
  }
}

package enum ImportLinkColumn {
  /// The text of an ``ImportOrigin``.
  package static let origin: UInt16 = 1
  /// Code of the entity of the row.
  package static let entity: UInt16 = 2
  package static let row: UInt16 = 3

  static let specs: [ColumnSpec] = [
    ColumnSpec(origin, "origin", indexed: true),
    ColumnSpec(entity, "entity", .register, .integer),
    ColumnSpec(row, "row_id", .register, .integer),
  ]
}

/// Names a row of another system, such as `zendesk:ticket:35436`.
package struct ImportOrigin: Hashable, Sendable, CustomStringConvertible {
  package let text: String
  package var description: String { text }

  /// - Parameters:
  ///   - system: such as `zendesk`.
  ///   - kind: such as `ticket`.
  ///   - id: the row's id there.
  package init(system: String, kind: String, id: Int64) { text = "\(system):\(kind):\(id)" }

  /// As it lies in a column.
  package init(text: String) { self.text = text }

  var value: Value { .text(text) }
}
