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
  private let memo = DutyMemo()

  init(view: ReadView, reading: ReadReading, drill: Int64) {
    self.view = view
    self.reading = reading
    self.drill = drill
    facts = OwnershipFacts(DeskView(reading), drill: drill)
  }

  var book: DutyBook { facts.book }

  /// The ownership view of a group at a roster time. Groups that share a table of duties share it.
  func ownership(_ group: RowID, at time: Instant) -> OwnershipView {
    let table = book.table(forGroup: facts.name(ofGroup: group))
    let key = DutyMemo.Key(table: ObjectIdentifier(table), time: time)
    if let known = memo.views[key] { return known }
    let view = facts.ownership(ofGroup: group, at: time, offices: facts.presentOffices)
    memo.views[key] = view
    return view
  }

  /// The same, as it was by what had been done until then.
  func ownership(_ group: RowID, asOf time: Instant) -> OwnershipView {
    let table = book.table(forGroup: facts.name(ofGroup: group))
    let key = DutyMemo.Key(table: ObjectIdentifier(table), time: time)
    if let known = memo.past[key] { return known }
    let view = facts.ownership(
      ofGroup: group, at: time, offices: facts.presentOffices, until: time)
    memo.past[key] = view
    return view
  }

  /// Until when a ticket had to be accepted in the slot of a view, if nobody had by then, whatever
  /// came later; nil where somebody had, or nobody had to.
  func missedTime(_ ticket: TicketFacts, _ view: OwnershipView) -> Instant? {
    guard let due = view.missedTime(of: ticket) else { return nil }
    // Nobody has to this day.
    if view.transit(of: ticket).status == .overdue { return due }
    let then = ownership(ticket.placement.group, asOf: due)
    return then.transit(of: ticket.known(until: due)).status == .overdue ? due : nil
  }

  /// The facts of a ticket; nil where there is none.
  func ticket(_ id: RowID) -> TicketFacts? {
    let state = reading.row(RowRef(Desk.ticket, id))
    return state.exists ? facts.ticket(id, state) : nil
  }

  /// The user to whom a ticket is assigned; nil where it is nobody's, or there is none.
  func assignee(of ticket: RowID) -> RowID? {
    reading.row(RowRef(Desk.ticket, ticket)).value(TicketColumn.assignee).integer.map { RowID($0) }
  }

  /// Whether nobody of a user's office is at work at a roster time; false for who has no office.
  func isOffShift(_ user: RowID?, at time: Instant) throws -> Bool {
    guard let user else { return false }
    let key = DutyMemo.Watch(user: user, time: time)
    if let known = memo.offShift[key] { return known }
    let office = try view.user(user)?.office
    let isOff = office.map { book.duties(of: $0, at: time).isEmpty } ?? false
    memo.offShift[key] = isOff
    return isOff
  }

  /// All groups that tickets can be in: the default one, every group of the desk, and deleted ones
  /// in which tickets are still open, so that none of these is on nobody's board.
  func groups() throws -> [(id: RowID, name: String)] {
    let rows = try view.every { try view.groups($0) }
    let live = Set(rows.map(\.id)).union([.none])
    let left = try view.groupsOfOpenTickets().subtracting(live).sorted()
    return [(.none, GroupRules.defaultName)] + rows.map { ($0.id, $0.name) }
      + left.map { ($0, facts.name(ofGroup: $0)) }
  }

  /// Open tickets of a group's accepted slot that the office has not provably seen.
  func unseen(_ group: RowID, _ view: OwnershipView) throws -> [(TicketRecord, Transit)] {
    var found: [(TicketRecord, Transit)] = []
    for id in try touched(beyond: view.board.seen)[group] ?? [] {
      guard let facts = ticket(id), facts.placement.group == group else { continue }
      let transit = view.transit(of: facts)
      switch transit.status {
      case .running, .waiting, .overdue: break
      case .notAsked, .accepted, .covered: continue
      }
      guard let record = try self.view.ticket(id), record.isOpen else { continue }
      found.append((record, transit))
    }
    return found
  }

  /// Open tickets that deltas beyond a vector touched, by group: all groups of a board ask for the
  /// same.
  private func touched(beyond seen: VersionVector) throws -> [RowID: [RowID]] {
    if let known = memo.touched[seen] { return known }
    var groups: [RowID: [RowID]] = [:]
    for id in try view.rows(of: Desk.ticket, touchedBeyond: seen) {
      guard let placed = try view.placement(id), placed.isOpen else { continue }
      groups[placed.placement.group ?? .none, default: []].append(id)
    }
    memo.touched[seen] = groups
    return groups
  }
}

/// What one reading has worked out already: a desk has some dozens of groups, most of which share
/// one table of duties, and some dozens of people, who have its tickets.
private final class DutyMemo {
  struct Key: Hashable {
    var table: ObjectIdentifier
    var time: Instant
  }

  struct Watch: Hashable {
    var user: RowID
    var time: Instant
  }

  var views: [Key: OwnershipView] = [:]
  /// As they were by what had been done until their time.
  var past: [Key: OwnershipView] = [:]
  var offShift: [Watch: Bool] = [:]
  var touched: [VersionVector: [RowID: [RowID]]] = [:]
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
