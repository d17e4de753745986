// The domain's view of the shipped store, inside one transaction.

internal import HelpdeskDomain
internal import ReplicaCore
internal import ReplicaStore

/// Reading cannot fail in the domain: the first error is kept and thrown by ``check()``.
final class StoreTables: DeskReading {
  private let transaction: WriteTransaction
  let offices: OfficeFacts
  let dutyBooks: DutyBooks
  private var failure: (any Error)?

  init(_ transaction: WriteTransaction, _ setting: ReplicaSetting) {
    self.transaction = transaction
    offices = setting.offices
    dutyBooks = setting.dutyBooks
  }

  var vector: VersionVector { transaction.vector }

  func newID() -> RowID { keep(.none) { try transaction.newRowID() } }

  func row(_ ref: RowRef) -> RowState { keep(RowState()) { try transaction.row(ref) } }

  func rows(of entity: EntityCode, column: UInt16, equals value: Value) -> [RowID] {
    keep([]) { try transaction.rows(of: entity, column: column, equals: value) }
  }

  func rows(of entity: EntityCode) -> [RowID] { keep([]) { try transaction.rows(of: entity) } }

  func updatedAt(_ ref: RowRef) -> Instant? { keep(nil) { try transaction.updatedAt(ref) } }

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

  func check() throws { if let failure { throw failure } }

  private func keep<T>(_ empty: T, _ read: () throws -> T) -> T {
    if failure != nil { return empty }
    do { return try read() } catch {
      failure = error
      return empty
    }
  }
}
