// Ownership as this node knows it, computed from the replica, at any roster time.

internal import HelpdeskDomain
internal import ReplicaCore
internal import ReplicaStore

/// Answers questions about who owns what without writing anything.
struct DutyDesk: Sendable {
  var store: ReplicaStore
  var clock: NodeClock
  var offices: @Sendable () -> OfficeFacts
  var dutyBooks: DutyBooks

  /// One reading: everything in it comes from one snapshot of the database.
  func read<T: Sendable>(
    _ body: @escaping @Sendable (DutyReading) throws -> T
  ) async throws -> T {
    let offices = offices()
    let (books, drill) = (dutyBooks, clock.drillOffset)
    return try await store.read { view in
      let reading = try ReadReading(view, offices: offices, dutyBooks: books)
      let result = try body(DutyReading(view: view, reading: reading, drill: drill))
      try reading.check()
      return result
    }
  }
}

/// Facts and views of ownership over one snapshot.
struct DutyReading {
  let view: ReadView
  let facts: OwnershipFacts<ReadReading>
  private let reading: ReadReading
  /// Roster time minus clock, in milliseconds.
  let drill: Int64

  init(view: ReadView, reading: ReadReading, drill: Int64) {
    self.view = view
    self.reading = reading
    self.drill = drill
    facts = OwnershipFacts(DeskView(reading), drill: drill)
  }

  var book: DutyBook { facts.book }

  /// The ownership view of a group at a roster time.
  func ownership(_ group: RowID, at time: Instant) -> OwnershipView {
    facts.ownership(ofGroup: group, at: time, offices: facts.presentOffices)
  }

  /// The facts of a ticket; nil where there is none.
  func ticket(_ id: RowID) -> TicketFacts? {
    let state = reading.row(RowRef(Desk.ticket, id))
    return state.exists ? facts.ticket(id, state) : nil
  }

  /// All groups that tickets can be in: the default one and every group of the desk.
  func groups() throws -> [(id: RowID, name: String)] {
    let rows = try view.groups(.offset(page: 1, size: 10_000)).rows
    return [(.none, GroupRules.defaultName)] + rows.map { ($0.id, $0.name) }
  }

  /// Open tickets of a group's accepted slot that the office has not provably seen.
  func unseen(_ group: RowID, _ view: OwnershipView) throws -> [(TicketRecord, Transit)] {
    var found: [(TicketRecord, Transit)] = []
    for id in try self.view.rows(of: Desk.ticket, touchedBeyond: view.board.seen) {
      guard let facts = ticket(id), facts.placement.group == group,
        let record = try self.view.ticket(id), record.isOpen
      else { continue }
      let transit = view.transit(of: facts)
      switch transit.status {
      case .running, .waiting, .overdue: found.append((record, transit))
      case .notAsked, .accepted, .covered: break
      }
    }
    return found
  }
}

extension TicketRecord {
  /// Neither solved nor closed nor deleted.
  var isOpen: Bool { !deleted && status != "solved" && status != "closed" }
}

extension OwnershipFacts {
  /// The office on duty after a slot; nil where nobody follows.
  func nextOffice(after slot: DutySlot, group: RowID) -> OfficeID? {
    book.table(forGroup: name(ofGroup: group)).slot(at: slot.end).office
  }

  /// The office on duty before a slot; nil where nobody was.
  func previousOffice(before slot: DutySlot, group: RowID) -> OfficeID? {
    guard slot.start > .zero else { return nil }
    return book.table(forGroup: name(ofGroup: group)).slot(at: slot.start + -1).office
  }
}
