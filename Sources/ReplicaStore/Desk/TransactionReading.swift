// The domain's view of the replica: node and simulator decide and judge through the same one.

package import HelpdeskDomain
package import ReplicaCore

/// Reads merged rows through a transaction, its own changes included. Reading cannot fail in the
/// domain: the first error is kept, and ``check()`` throws it after the decision.
package final class TransactionReading: DeskReading {
  private let transaction: WriteTransaction
  package let offices: OfficeFacts
  package let dutyBooks: DutyBooks
  private var failure: (any Error)?

  /// Valid as long as the transaction is.
  package init(_ transaction: WriteTransaction, offices: OfficeFacts, dutyBooks: DutyBooks) {
    self.transaction = transaction
    self.offices = offices
    self.dutyBooks = dutyBooks
  }

  package var vector: VersionVector { transaction.vector }

  /// The next id of this replica; ``RowID/none`` after a failure.
  package func newID() -> RowID { keep(.none) { try transaction.newRowID() } }

  package func row(_ ref: RowRef) -> RowState {
    keep(RowState()) { try transaction.row(ref) }
  }

  package func rows(of entity: EntityCode, column: UInt16, equals value: Value) -> [RowID] {
    keep([]) { try transaction.rows(of: entity, column: column, equals: value) }
  }

  package func rows(of entity: EntityCode, column: UInt16, resembling text: String) -> [RowID] {
    keep([]) { try transaction.rows(of: entity, column: column, resembling: text) }
  }

  package func rows(of entity: EntityCode) -> [RowID] {
    keep([]) { try transaction.rows(of: entity) }
  }

  package func boardAcceptances(slotStart: Instant) -> [RowID] {
    keep([]) { try transaction.boardAcceptances(slotStart: slotStart) }
  }

  package func updatedAt(_ ref: RowRef) -> Instant? {
    keep(nil) { try transaction.updatedAt(ref) }
  }

  package func row(_ ref: RowRef, within past: VersionVector) -> RowState {
    keep(RowState()) { try transaction.row(ref, within: past) }
  }

  package func rows(
    of entity: EntityCode, column: UInt16, equals value: Value, within past: VersionVector
  ) -> [RowID] {
    keep([]) { try transaction.rows(of: entity, column: column, equals: value, within: past) }
  }

  package func rows(of entity: EntityCode, within past: VersionVector) -> [RowID] {
    keep([]) { try transaction.rows(of: entity, within: past) }
  }

  /// Fails where any read failed.
  package func check() throws { if let failure { throw failure } }

  private func keep<T>(_ empty: T, _ read: () throws -> T) -> T {
    if failure != nil { return empty }
    do { return try read() } catch {
      failure = error
      return empty
    }
  }
}
