// What stays the same while a store is open: the schema, its tables and the options.

internal import GRDB
internal import HelpdeskDomain
internal import ReplicaCore
internal import Synchronization

/// The tables of a schema, with what derives their local columns.
struct StorePlan: Sendable {
  let schema: Schema
  let options: StoreOptions
  let tables: [EntityCode: ReadTable]
  /// Tables ordered by entity code.
  let ordered: [ReadTable]
  let updates = StatementShapes()

  init(_ options: StoreOptions) {
    self.options = options
    schema = options.schema
    ordered = options.schema.entities.map(ReadTable.init).sorted {
      $0.entity.code < $1.entity.code
    }
    tables = Dictionary(uniqueKeysWithValues: ordered.map { ($0.entity.code, $0) })
  }

  /// Everything that goes in the columns of values: shown, then derived.
  func values(of packed: PackedRow, state: RowState, in table: ReadTable) -> [Value] {
    guard table.entity.code == Desk.ticket else { return packed.values }
    return packed.values + TicketDerivation.values(state, placement: options.placement)
  }
}

/// Which UPDATE statements are kept prepared: the first shapes that occur, not every one that a
/// peer could think of.
final class StatementShapes: Sendable {
  private static let limit = 256
  private let known = Mutex<Set<String>>([])

  func admits(_ sql: String) -> Bool {
    known.withLock { known in
      if known.contains(sql) { return true }
      guard known.count < Self.limit else { return false }
      known.insert(sql)
      return true
    }
  }
}
