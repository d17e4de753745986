// The domain's view of the replica on a read-only connection, for questions about ownership.

internal import HelpdeskDomain
internal import ReplicaCore
internal import ReplicaStore

/// Reads one consistent snapshot of the present; causal pasts are the writer's business.
final class ReadReading: DeskReading {
  private let view: ReadView
  let offices: OfficeFacts
  let dutyBooks: DutyBooks
  let vector: VersionVector
  private(set) var failure: (any Error)?
  private var cache: [RowRef: RowState] = [:]

  init(_ view: ReadView, offices: OfficeFacts, dutyBooks: DutyBooks) throws {
    self.view = view
    self.offices = offices
    self.dutyBooks = dutyBooks
    vector = try view.vector()
  }

  func row(_ ref: RowRef) -> RowState {
    if let known = cache[ref] { return known }
    let state = keep(RowState()) {
      try view.rows(ref.entity, [ref.id]).first?.1 ?? RowState()
    }
    cache[ref] = state
    return state
  }

  func rows(of entity: EntityCode, column: UInt16, equals value: Value) -> [RowID] {
    keep([]) { try view.ids(entity, column: column, equals: value) }
  }

  func rows(of entity: EntityCode) -> [RowID] {
    keep([]) { try view.rows(entity).map(\.0) }
  }

  func boardAcceptances(slotStart: Instant) -> [RowID] {
    keep([]) { try view.boardAcceptances(slotStart: slotStart) }
  }

  func updatedAt(_ ref: RowRef) -> Instant? { nil }

  func row(_ ref: RowRef, within past: VersionVector) -> RowState { row(ref) }
  func rows(
    of entity: EntityCode, column: UInt16, equals value: Value, within past: VersionVector
  ) -> [RowID] { rows(of: entity, column: column, equals: value) }
  func rows(of entity: EntityCode, within past: VersionVector) -> [RowID] { rows(of: entity) }

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
