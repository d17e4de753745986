// What the domain needs to know of the replica; the store implements it on its writing connection.

package import ReplicaCore

/// Reads merged rows, now and as of a causal past.
///
/// Reading cannot fail here: an implementation over a database keeps its first error, answers
/// with empty rows from then on, and fails the transaction after the decision.
/// "As of a past" means: the effective deltas whose dots lie in the vector, and no others.
package protocol DeskReading {
  /// Everything applied here.
  var vector: VersionVector { get }
  /// What the membership log says about offices.
  var offices: OfficeFacts { get }
  /// Rosters read so far; one object for the life of a node.
  var dutyBooks: DutyBooks { get }

  /// The merged state; empty where the row does not exist.
  func row(_ ref: RowRef) -> RowState
  /// Rows whose displayed value of the column equals `value`, ordered by id.
  func rows(of entity: EntityCode, column: UInt16, equals value: Value) -> [RowID]
  /// Rows whose text in the column is `text` whatever the case of its ASCII letters, ordered by id.
  /// It reads all rows: for what people write seldom.
  func rows(of entity: EntityCode, column: UInt16, resembling text: String) -> [RowID]
  /// All rows of a small entity (rosters, ticket fields), ordered by id.
  func rows(of entity: EntityCode) -> [RowID]
  /// When the row was last touched, as `updated_at` shows it; nil where it does not exist.
  func updatedAt(_ ref: RowRef) -> Instant?

  func row(_ ref: RowRef, within past: VersionVector) -> RowState
  func rows(
    of entity: EntityCode, column: UInt16, equals value: Value, within past: VersionVector
  ) -> [RowID]
  func rows(of entity: EntityCode, within past: VersionVector) -> [RowID]

  /// Acceptances of whole boards in the slots that begin at an instant, ordered by id. On a busy
  /// day thousands of single tickets are accepted in a slot; they must cost nothing here.
  func boardAcceptances(slotStart: Instant) -> [RowID]
}

extension DeskReading {
  /// For readings that are small.
  package func rows(of entity: EntityCode, column: UInt16, resembling text: String) -> [RowID] {
    let wanted = ASCIIFold.lowercased(text)
    return rows(of: entity).filter {
      row(RowRef(entity, $0)).value(column).text.map(ASCIIFold.lowercased) == wanted
    }
  }

  /// For readings that are small.
  package func boardAcceptances(slotStart: Instant) -> [RowID] {
    let start = Value.integer(slotStart.milliseconds)
    return rows(of: Desk.acceptance, column: AcceptanceColumn.slotStart, equals: start).filter {
      row(RowRef(Desk.acceptance, $0)).value(AcceptanceColumn.ticket) == .integer(0)
    }
  }
}

/// Offices and slots as the membership log has them.
package struct OfficeFacts: Hashable, Sendable {
  /// Every office ever admitted, in founding order; the first founded the cluster.
  package var order: [OfficeID]
  /// Offices with at least one node that was not removed.
  package var active: Set<OfficeID>
  /// The office a slot was admitted for. A slot's office never changes.
  package var slots: [Slot: OfficeID]
  /// How many membership records all this follows from.
  package var records: Int

  package init(
    order: [OfficeID], active: Set<OfficeID>? = nil, slots: [Slot: OfficeID] = [:],
    records: Int = 0
  ) {
    self.order = order
    self.active = active ?? Set(order)
    self.slots = slots
    self.records = records
  }

  package func isKnown(_ office: OfficeID) -> Bool { order.contains(office) }
}

/// A state of the desk to read from: as it is now, or as it was in a causal past.
///
/// Ownership facts and permissions are read through it, so that a decision and a verdict use
/// one and the same code.
package struct DeskView<Reading: DeskReading> {
  package let reading: Reading
  /// Nil reads the present.
  package let past: VersionVector?

  package init(_ reading: Reading, within past: VersionVector? = nil) {
    self.reading = reading
    self.past = past
  }

  package var offices: OfficeFacts { reading.offices }

  package func row(_ entity: EntityCode, _ id: RowID) -> RowState { row(RowRef(entity, id)) }

  package func row(_ ref: RowRef) -> RowState {
    if let past { reading.row(ref, within: past) } else { reading.row(ref) }
  }

  package func rows(of entity: EntityCode, _ column: UInt16, _ value: Value) -> [RowID] {
    if let past {
      reading.rows(of: entity, column: column, equals: value, within: past)
    } else {
      reading.rows(of: entity, column: column, equals: value)
    }
  }

  /// Acceptances of whole boards in the slots that begin at an instant.
  package func boardAcceptances(slotStart: Instant) -> [RowID] {
    let present = reading.boardAcceptances(slotStart: slotStart)
    guard let past else { return present }
    // They are written once, when they are made: in the past they were the same or not there.
    return present.filter { reading.row(RowRef(Desk.acceptance, $0), within: past).exists }
  }

  package func rows(of entity: EntityCode) -> [RowID] {
    if let past { reading.rows(of: entity, within: past) } else { reading.rows(of: entity) }
  }
}

/// The letter case that the store's tables know: that of ASCII.
package enum ASCIIFold {
  package static func lowercased(_ text: String) -> String {
    let bytes = text.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    return String(decoding: bytes, as: UTF8.self)
  }
}
