// Gathers from rows what ownership is a function of: now, or in a causal past.

package import ReplicaCore

/// Reads placements, grants, acceptances, covers and rosters through a view of the desk.
package struct OwnershipFacts<Reading: DeskReading> {
  package let view: DeskView<Reading>
  package let book: DutyBook
  /// Roster time minus clock, in milliseconds; nil: placement times are left at zero, so that
  /// the answer does not depend on a drill.
  private let drill: Int64?

  package init(_ view: DeskView<Reading>, drill: Int64?) {
    self.view = view
    self.drill = drill
    book = view.reading.dutyBooks.book(of: view.rows(of: Desk.roster)) {
      view.row(Desk.roster, $0)
    }
  }

  /// The name by which the roster knows a group.
  package func name(ofGroup group: RowID) -> String {
    guard group != .none else { return GroupRules.defaultName }
    return view.row(Desk.group, group).value(GroupColumn.name).text ?? GroupRules.defaultName
  }

  /// The facts of a ticket, given its row.
  package func ticket(_ id: RowID, _ state: RowState) -> TicketFacts {
    let register = state.cells[CellKey(TicketColumn.placement)]?.register
    let shown = register?.winner
    let group = RowID(state.value(TicketColumn.group).integer ?? 0)
    let placement =
      Placement(shown?.value)
      ?? Placement(group: group, home: view.offices.order.first ?? OfficeID(""))
    let placedAt = drill.flatMap { offset in shown.map { $0.stamp.hlc.instant + offset } }
    let status = state.value(TicketColumn.status).text
    return TicketFacts(
      id: id, placement: placement, epoch: register.map(Placement.epoch(of:)) ?? 0,
      placementDot: shown?.stamp.dot ?? Dot(Slot(0), 0), placedAt: placedAt ?? .zero,
      grants: grants(of: id), touches: touches(of: id),
      isUrgent: state.value(TicketColumn.priority) == .text(TicketPriority.urgent.rawValue)
        && status != TicketStatus.solved.rawValue && status != TicketStatus.closed.rawValue)
  }

  /// The grants of a ticket, ordered by row.
  package func grants(of ticket: RowID) -> [OwnershipGrant] {
    view.rows(of: Desk.grant, GrantColumn.ticket, .integer(ticket.rawValue)).compactMap {
      grant(view.row(Desk.grant, $0))
    }
  }

  /// The grant that a row holds; nil where it lacks something, or its roster is not known here.
  package func grant(_ state: RowState) -> OwnershipGrant? {
    guard let write = state.cells[CellKey(GrantColumn.kind)]?.register?.winner else { return nil }
    return grant(dot: write.stamp.dot) { state.value($0) }
  }

  /// A grant from its columns, whether they are a row's or a change's.
  func grant(dot: Dot, _ value: (UInt16) -> Value) -> OwnershipGrant? {
    guard let kind = value(GrantColumn.kind).text.flatMap(OwnershipGrant.Kind.init(rawValue:)),
      let office = value(GrantColumn.office).text.map({ OfficeID($0) }),
      let version = book.version(ofRoster: RowID(value(GrantColumn.roster).integer ?? 0)),
      let slotStart = value(GrantColumn.slotStart).integer,
      let at = value(GrantColumn.at).integer, let chain = value(GrantColumn.chain).integer
    else { return nil }
    let group = RowID(value(GrantColumn.group).integer ?? 0)
    return OwnershipGrant(
      kind: kind, dot: dot, at: Instant(milliseconds: at), office: office,
      agent: value(GrantColumn.agent).integer.map { RowID($0) }, version: version,
      slotStart: Instant(milliseconds: slotStart), chain: chain,
      until: book.grantEnd(
        office: office, group: name(ofGroup: group), at: Instant(milliseconds: at),
        under: version),
      group: group)
  }

  private func touches(of ticket: RowID) -> [OwnershipTouch] {
    view.rows(of: Desk.acceptance, AcceptanceColumn.ticket, .integer(ticket.rawValue))
      .compactMap { id in
        let state = view.row(Desk.acceptance, id)
        guard let slot = slotKey(state), let dot = Self.dot(state) else { return nil }
        return OwnershipTouch(
          dot: dot, office: slot.office, version: slot.version, slotStart: slot.start,
          seen: SeenVector.vector(state.value(AcceptanceColumn.vector)) ?? VersionVector(),
          at: Instant(milliseconds: state.value(AcceptanceColumn.at).integer ?? 0))
      }
  }

  /// Office, roster and start are the first three columns of acceptances; *seen* entries keep
  /// the roster elsewhere.
  private func slotKey(
    _ state: RowState, roster column: UInt16 = AcceptanceColumn.roster
  ) -> SlotKey? {
    guard let office = state.value(AcceptanceColumn.office).text,
      let start = state.value(AcceptanceColumn.slotStart).integer,
      let version = book.version(ofRoster: RowID(state.value(column).integer ?? 0))
    else { return nil }
    return SlotKey(
      version: version, start: Instant(milliseconds: start), office: OfficeID(office))
  }

  /// The delta that brought an insert-only row.
  private static func dot(_ state: RowState) -> Dot? {
    state.cells[CellKey(AcceptanceColumn.slotStart)]?.register?.winner?.stamp.dot
  }
}

extension OwnershipFacts {
  /// What is known of the slots that start at these instants, over all groups; `until`: of what was
  /// done up to that instant of roster time alone.
  package func board(ofSlotsAt starts: Set<Instant>, until: Instant? = nil) -> BoardFacts {
    let last = until?.milliseconds ?? .max
    var board = BoardFacts()
    for start in starts.sorted() {
      let value = Value.integer(start.milliseconds)
      for id in view.boardAcceptances(slotStart: start) {
        if let acceptance = boardAcceptance(view.row(Desk.acceptance, id)),
          acceptance.at.milliseconds <= last
        {
          board.add(acceptance)
        }
      }
      for id in view.rows(of: Desk.cover, CoverColumn.slotStart, value) {
        if let cover = cover(view.row(Desk.cover, id)), cover.at.milliseconds <= last {
          board.add(cover)
        }
      }
      var seen = view.rows(of: Desk.seen, SeenColumn.slotStart, value)
      if until != nil {
        seen.removeAll { view.row(Desk.seen, $0).value(SeenColumn.at).integer ?? 0 > last }
      }
      for id in Self.lastOfEachReplica(seen) {
        let state = view.row(Desk.seen, id)
        if let slot = slotKey(state, roster: SeenColumn.roster),
          let vector = SeenVector.vector(state.value(SeenColumn.vector))
        {
          board.addSeen(vector, in: slot)
        }
      }
    }
    return board
  }

  /// A replica's later *seen* entries hold all that its earlier ones did.
  private static func lastOfEachReplica(_ ids: [RowID]) -> [RowID] {
    var last: [Slot: RowID] = [:]
    for id in ids { last[id.slot] = max(last[id.slot] ?? id, id) }
    return last.values.sorted()
  }

  private func boardAcceptance(_ state: RowState) -> Acceptance? {
    guard state.value(AcceptanceColumn.ticket) == .integer(0), let slot = slotKey(state),
      let dot = Self.dot(state), let at = state.value(AcceptanceColumn.at).integer,
      let vector = SeenVector.vector(state.value(AcceptanceColumn.vector))
    else { return nil }
    return Acceptance(
      dot: dot, slot: slot, at: Instant(milliseconds: at),
      agent: RowID(state.value(AcceptanceColumn.agent).integer ?? 0), vector: vector)
  }

  private func cover(_ state: RowState) -> Cover? {
    guard let dot = state.cells[CellKey(CoverColumn.office)]?.register?.winner?.stamp.dot else {
      return nil
    }
    return cover(dot: dot) { state.value($0) }
  }

  /// A cover from its columns, whether they are a row's or a change's.
  func cover(dot: Dot, _ value: (UInt16) -> Value) -> Cover? {
    guard let office = value(CoverColumn.office).text, let onDuty = value(CoverColumn.onDuty).text,
      let start = value(CoverColumn.slotStart).integer, let at = value(CoverColumn.at).integer,
      let version = book.version(ofRoster: RowID(value(CoverColumn.roster).integer ?? 0))
    else { return nil }
    let ticket = RowID(value(CoverColumn.ticket).integer ?? 0)
    return Cover(
      dot: dot,
      slot: SlotKey(
        version: version, start: Instant(milliseconds: start), office: OfficeID(onDuty)),
      office: OfficeID(office), ticket: ticket == .none ? nil : ticket,
      at: Instant(milliseconds: at), agent: RowID(value(CoverColumn.agent).integer ?? 0))
  }

  /// Ownership of a group's tickets at an instant of roster time. `earlier`: with the board of
  /// the slot before, which *send back* looks at. `until`: as it was by what was done up to then.
  package func ownership(
    ofGroup group: RowID, at instant: Instant, offices: OfficeDirectory, earlier: Bool = false,
    until: Instant? = nil
  ) -> OwnershipView {
    let table = book.table(forGroup: name(ofGroup: group))
    let slot = table.slot(at: instant)
    var starts: Set<Instant> = [slot.start]
    if earlier { starts.insert(table.slot(at: max(.zero, slot.start + -1)).start) }
    return OwnershipView(
      at: instant, table: table, board: board(ofSlotsAt: starts, until: until), offices: offices)
  }

  /// The members as this node's log has them now.
  package var presentOffices: OfficeDirectory {
    OfficeDirectory(
      founding: view.offices.order.first ?? OfficeID(""), active: view.offices.active,
      records: view.offices.records)
  }

  /// All offices that the facts name, as if none had ever been removed: the same on every node
  /// whatever it knows of the membership, which the judging of deltas needs.
  func namedOffices(_ ticket: TicketFacts?, besides others: [OfficeID?]) -> OfficeDirectory {
    var named: Set<OfficeID> = []
    for publication in book.publications {
      let rules = publication.content.rules
      named.formUnion(rules.officeOrder)
      named.formUnion(([rules.fallback] + rules.groups.map(\.fallback)).compactMap(\.self))
    }
    if let ticket {
      named.insert(ticket.placement.home)
      named.formUnion(ticket.grants.map(\.office))
    }
    named.formUnion(others.compactMap(\.self))
    return OfficeDirectory(
      founding: view.offices.order.first ?? OfficeID(""), active: named)
  }
}
