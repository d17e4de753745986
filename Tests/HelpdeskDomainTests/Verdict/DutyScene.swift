// A desk with a real roster, as the ownership tests play on it.

import HelpdeskDomain
import ReplicaCore
import Testing

/// Paris is open 08:00 to 20:30Z and on duty 08:30 to 20:30Z; Tokyo is open 20:00 to 08:30Z and
/// on duty 20:30 to 08:30Z. Paris is the fallback.
struct DutyScene {
  let desk: DeskScene
  var paris: DeskNode { desk.paris }
  var tokyo: DeskNode { desk.tokyo }

  init() throws {
    desk = try DeskScene(now: utc("2026-09-17T09:00Z"))
    try desk.paris.act(
      .publishRoster(canonical: try Self.canonical(now: desk.paris.now)), by: desk.admin)
    desk.sync()
    at("2026-09-18T12:00Z")
  }

  static func canonical(
    number: Int64 = 1, now: Instant, fallback: OfficeID? = DeskScene.paris
  ) throws -> String {
    let rules = RosterRules(
      offices: [RosterOffice(DeskScene.paris, zone: "UTC"), RosterOffice(DeskScene.tokyo)],
      groups: [
        GroupRules(shifts: [
          Shift(
            office: DeskScene.paris, zone: "UTC",
            hours: WorkHours(starts: [clock("08:00")], minutes: 750)),
          Shift(
            office: DeskScene.tokyo, zone: "UTC",
            hours: WorkHours(starts: [clock("20:00")], minutes: 750)),
        ])
      ], fallback: fallback)
    let content = try RosterContent.compose(
      rules, number: number, now: now, effectiveAt: now, isEmergency: true
    ) { _ in .utc }
    return try content.canonicalJSON()
  }

  /// Both nodes stand at this time.
  func at(_ instant: String) {
    paris.now = utc(instant)
    tokyo.now = utc(instant)
  }

  func owner(_ ticket: RowID, on node: DeskNode) -> Ownership {
    let facts = OwnershipFacts(DeskView(node.memory), drill: 0)
    let known = facts.ticket(ticket, node.ticket(ticket))
    return facts.ownership(
      ofGroup: known.placement.group, at: node.now, offices: facts.presentOffices
    ).owner(of: known)
  }

  func rows(_ entity: EntityCode, on node: DeskNode) -> Int { node.memory.rows(of: entity).count }
}
