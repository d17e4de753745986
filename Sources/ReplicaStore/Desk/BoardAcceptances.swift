// Whole boards that were accepted, found without the acceptances of single tickets beside them.

internal import GRDB
internal import HelpdeskDomain
package import ReplicaCore

/// The statement and the index that go together.
enum BoardAcceptances {
  /// SQLite takes a partial index only where the statement has its condition word for word.
  static let condition = "ticket_id = 0"
  static let select = "SELECT id FROM acceptance WHERE slot_start = ? AND \(condition) ORDER BY id"
}

extension ReadView {
  /// Acceptances of whole boards in the slots that begin at an instant, ordered by id.
  package func boardAcceptances(slotStart: Instant) throws -> [RowID] {
    let rows = try db.rows(BoardAcceptances.select, [slotStart.milliseconds.databaseValue])
    var ids: [RowID] = []
    while let row = try rows.next() { ids.append(RowID(row.int(0))) }
    return ids
  }
}

extension WriteTransaction {
  /// Acceptances of whole boards in the slots that begin at an instant, ordered by id; this
  /// transaction's own included.
  package func boardAcceptances(slotStart: Instant) throws -> [RowID] {
    let stored = try looked(up: BoardAcceptances.select, .integer(slotStart.milliseconds))
    let boards = watched(Watch(entity: Desk.acceptance, column: AcceptanceColumn.ticket))
    let made = (boards[.integer(0)] ?? []).filter { id in
      let state = cache[RowRef(Desk.acceptance, id)]?.content.state
      return state?.value(AcceptanceColumn.slotStart) == .integer(slotStart.milliseconds)
    }
    return made.isEmpty ? stored : made.union(stored).sorted()
  }
}
