// A conflict is named by its cell, so the same one has the same name on every node.

internal import HelpdeskDomain
internal import ReplicaCore

struct ConflictID {
  var row: RowRef
  var cell: CellKey

  init(row: RowRef, cell: CellKey) {
    self.row = row
    self.cell = cell
  }

  /// `entity-row-column-key`, such as `6-10001-2-0`.
  init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 4, let entity = UInt16(parts[0]), let id = Int64(parts[1]),
      let column = UInt16(parts[2]), let key = Int64(parts[3])
    else { return nil }
    row = RowRef(EntityCode(entity), RowID(id))
    cell = CellKey(column, key: key)
  }

  var text: String { "\(row.entity.rawValue)-\(row.id)-\(cell.column)-\(cell.key)" }

  /// `reader`: for whom; none is the node's operator, who sees everything.
  static func write(_ conflict: ConflictRecord, for reader: RowID, to json: inout JSONWriter) {
    json.object { json in
      json.field("id", ConflictID(row: conflict.row, cell: conflict.cell).text)
      json.field("entity", Desk.schema.entity(conflict.row.entity)?.name)
      json.field("row_id", conflict.row.id)
      json.field("ticket_id", conflict.row.entity == Desk.ticket ? conflict.row.id : nil)
      json.field("column", conflict.column)
      json.field("field_id", conflict.cell.key == 0 ? nil : RowID(conflict.cell.key))
      let owner = conflict.personalTo ?? reader
      let isSecret =
        Desk.isSecret(conflict.row.entity, conflict.cell.column)
        || (owner != reader && reader != .none)
      json.key("shown")
      write(conflict.shown, by: conflict.shownBy, isSecret: isSecret, to: &json)
      json.key("others")
      json.array(zip(conflict.others, conflict.othersBy)) { json, other in
        write(other.0, by: other.1, isSecret: isSecret, to: &json)
      }
      json.field("rule", rule(conflict))
    }
  }

  /// Which of two secrets holds can be chosen by author and time; the value is nobody's to read.
  private static func write(
    _ write: Write, by author: RowID, isSecret: Bool, to json: inout JSONWriter
  ) {
    json.object { json in
      json.field("value", isSecret ? nil : write.value)
      json.field("dot", write.stamp.dot.description)
      json.field("slot", Int64(write.stamp.dot.slot.rawValue))
      json.field("author_id", author)
      json.field("written_at", write.stamp.hlc.instant)
      json.field("by_owner", write.stamp.byOwner)
    }
  }

  /// Which rule chose the shown write over the best of the others.
  private static func rule(_ conflict: ConflictRecord) -> String {
    let shown = conflict.shown.stamp
    guard let best = conflict.others.map(\.stamp).max() else { return "only" }
    if best > shown { return "written over it unread" }
    if shown.fence != best.fence { return "later owner" }
    if shown.byOwner != best.byOwner { return "owner" }
    if shown.hlc != best.hlc { return "later" }
    return "slot"
  }
}
