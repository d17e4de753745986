// One transaction of the writer: rows are changed in memory and written together at its end.

internal import GRDB
package import ReplicaCore

/// A transaction in progress. Use it only inside the body it was given to.
///
/// Everything it changes lies in memory until the end, so undoing one command costs nothing on
/// disk and a row that many commands change is packed and written once.
package final class WriteTransaction {
  let db: Database
  let plan: StorePlan
  /// The committed state with this transaction's changes.
  var image: StoreImage
  let before: StoreImage
  var cache: [RowRef: CachedRow] = [:]
  /// Changed rows that are not in their tables yet, by entity.
  var dirty: [EntityCode: [CachedRow]] = [:]
  /// What the tables answered since rows were last written to them.
  var lookups: [Lookup: [RowID]] = [:]
  var watches: [Watch: [Value: Set<RowID>]] = [:]
  var pending = PendingWrites()
  /// What is to be undone if the innermost savepoint fails; nil outside of any.
  var undo: [(row: CachedRow, content: CachedRow.Content)]?
  var savepoints = 0
  var isPartlyWritten = false

  /// A column by which rows of this transaction are looked up.
  struct Watch: Hashable {
    var entity: EntityCode
    var column: UInt16
  }

  /// A question to a table: its statement and the value that it is asked with.
  struct Lookup: Hashable {
    var sql: String
    var value: Value?
  }

  init(_ db: Database, _ plan: StorePlan, _ image: StoreImage) {
    self.db = db
    self.plan = plan
    self.image = image
    before = image
  }

  /// What is applied, this transaction's deltas included.
  package var vector: VersionVector { image.vector }
  package var slot: Slot? { image.slot }
  package var frozenSlots: Set<Slot> { image.frozen }
  package var schema: Schema { plan.schema }
  /// The apply number of the last delta, this transaction's included.
  package var appliedNumber: Int64 { image.applied }
  /// The hybrid clock; what it is set to is durable with the transaction.
  package var clock: HybridClock {
    get { image.clock }
    set { image.clock = newValue }
  }

  /// Gives this replica its slot, once and for all.
  package func adopt(slot: Slot) throws {
    if let taken = image.slot, taken != slot { throw StoreError.slotTaken(taken) }
    image.slot = slot
  }

  /// The next id of this replica, persisted with the transaction.
  package func newRowID() throws -> RowID {
    guard let slot = image.slot else { throw StoreError.noSlot }
    image.idCounter += 1
    return RowID(number: image.idCounter, slot: slot)
  }

  /// A value that is this node's alone (cursors, settings); it leaves in no snapshot.
  package func local(_ key: String) throws -> Value? {
    if let changed = pending.local[key] { return changed.isNull ? nil : changed }
    let row = try db.row(
      "SELECT value FROM local WHERE key = ?", ["node.\(key)".databaseValue]
    )
    return row.map { Value(sql: $0[0]) }
  }

  /// Sets a local value; null removes it.
  package func setLocal(_ key: String, _ value: Value) { pending.local[key] = value }

  /// Runs one command: if the body throws, nothing of it remains, and what came before stays.
  package func savepoint<T>(_ body: () throws -> T) throws -> T {
    let outer = undo
    let outerSavepoint = savepoints
    let mark = (image: image, pending: pending.mark)
    savepoints = outerSavepoint + 1
    generation += 1
    undo = []
    do {
      let result = try body()
      undo = outer.map { $0 + (undo ?? []) }
      savepoints = outerSavepoint
      generation += 1
      return result
    } catch {
      for (row, content) in (undo ?? []).reversed() { row.content = content }
      watches = [:]
      image = mark.image
      pending.goBack(to: mark.pending)
      undo = outer
      savepoints = outerSavepoint
      generation += 1
      throw error
    }
  }

  /// Counts savepoints entered and left, so that a row notes its content once in each.
  var generation = 0
}

extension WriteTransaction {
  /// The queries of ``ReadView`` on this transaction, its own changes included. It writes them
  /// out first, so use it seldom, and not inside a savepoint.
  package func view() throws -> ReadView {
    try writeAll()
    return ReadView(db, plan)
  }
}
