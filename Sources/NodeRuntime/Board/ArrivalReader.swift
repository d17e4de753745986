// What comes to an office at its next boundary, as things stand now.

internal import AgentAPI
internal import HelpdeskDomain
internal import ReplicaCore
internal import ReplicaStore

/// Looks ahead to the slot in which an office comes on duty, for each group.
struct ArrivalReader {
  /// How far ahead a slot is looked for, in milliseconds.
  private static let horizon: Int64 = 7 * 86_400_000

  let duty: DutyReading
  let office: OfficeID
  let now: Instant

  func report(warnings: [String]) throws -> ArrivalReport {
    var report = ArrivalReport(
      office: office.rawValue, at: WireTime(now), boundaryAt: nil, boundaries: [], tickets: [],
      count: 0, limit: BoardReader.limit, warnings: warnings)
    var first: Instant?
    for group in try duty.groups() {
      guard let slot = nextSlot(of: group.id) else { continue }
      let view = duty.ownership(group.id, at: slot.start)
      let count = try duty.countAwake(group.id, view)
      let before = duty.facts.previousOffice(before: slot, group: group.id)
      first = min(first ?? slot.start, slot.start)
      report.boundaries.append(
        .init(
          groupID: group.id == .none ? nil : group.id.rawValue, group: group.name,
          at: WireTime(slot.start), from: before?.rawValue, count: count))
      report.count += count
      let lines = HandoffLines(duty: duty, now: now, slot: slot, before: before)
      let room = BoardReader.limit - report.tickets.count
      guard room > 0, count > 0 else { continue }
      for id in try duty.awake(group.id, view, limit: room) {
        guard let facts = duty.ticket(id), view.owner(of: facts).office == office,
          let record = try duty.view.ticket(id)
        else { continue }
        report.tickets.append(lines.incoming(try lines.read(record), view.transit(of: facts)))
      }
    }
    report.boundaryAt = first.map { WireTime($0) }
    return report
  }

  /// The next slot that begins with this office coming on duty after another, or after nobody.
  private func nextSlot(of group: RowID) -> DutySlot? {
    let table = duty.book.table(forGroup: duty.facts.name(ofGroup: group))
    var slot = table.slot(at: now)
    while slot.end < RosterLimits.latest, slot.end - now <= Self.horizon {
      let next = table.slot(at: slot.end)
      if next.office == office, slot.office != office { return next }
      slot = next
    }
    return nil
  }
}
