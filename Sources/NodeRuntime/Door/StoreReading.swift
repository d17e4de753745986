// The domain's view of the replica, on the writing connection inside a transaction.

internal import HelpdeskDomain
internal import ReplicaCore
internal import ReplicaStore

/// Reads merged rows through a transaction, its own changes included. The first error is kept and
/// fails the transaction after the decision.
final class StoreReading: DeskReading {
  private let transaction: WriteTransaction
  let offices: OfficeFacts
  let dutyBooks: DutyBooks
  private(set) var failure: (any Error)?

  init(_ transaction: WriteTransaction, offices: OfficeFacts, dutyBooks: DutyBooks) {
    self.transaction = transaction
    self.offices = offices
    self.dutyBooks = dutyBooks
  }

  var vector: VersionVector { transaction.vector }

  func row(_ ref: RowRef) -> RowState {
    keep(RowState()) { try transaction.row(ref) }
  }

  func rows(of entity: EntityCode, column: UInt16, equals value: Value) -> [RowID] {
    keep([]) { try transaction.rows(of: entity, column: column, equals: value) }
  }

  func rows(of entity: EntityCode) -> [RowID] {
    keep([]) { try transaction.rows(of: entity) }
  }

  func updatedAt(_ ref: RowRef) -> Instant? {
    keep(nil) { try transaction.updatedAt(ref) }
  }

  func row(_ ref: RowRef, within past: VersionVector) -> RowState {
    keep(RowState()) { try transaction.row(ref, within: past) }
  }

  func rows(
    of entity: EntityCode, column: UInt16, equals value: Value, within past: VersionVector
  ) -> [RowID] {
    keep([]) { try transaction.rows(of: entity, column: column, equals: value, within: past) }
  }

  func rows(of entity: EntityCode, within past: VersionVector) -> [RowID] {
    keep([]) { try transaction.rows(of: entity, within: past) }
  }

  /// Fails where any read failed.
  func check() throws { if let failure { throw failure } }

  private func keep<T>(_ empty: T, _ read: () throws -> T) -> T {
    if failure != nil { return empty }
    do { return try read() } catch {
      failure = error
      return empty
    }
  }
}
