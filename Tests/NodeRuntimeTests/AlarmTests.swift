// Alarms of a board that nobody accepts, read by a real node whose clock the test sets.

import Foundation
import HelpdeskDomain
import NodeRuntime
import ReplicaCore
import Testing

/// INVARIANTS 14: whatever else is on the board, each ticket that waits is alarmed.
@Suite(.serialized) struct AlarmTests {
  /// Paris is on duty from midnight to noon, Tokyo from noon to midnight.
  static func roster(at now: Instant) throws -> DeskCommand {
    let offices = [
      (OfficeID("paris"), "00:00"), (OfficeID("tokyo"), "12:00"),
    ]
    let shifts = try offices.map { office, start in
      Shift(
        office: office, zone: "UTC",
        hours: WorkHours(starts: [try #require(ClockTime(start))], minutes: 720))
    }
    let rules = RosterRules(
      offices: offices.map { RosterOffice($0.0, zone: "UTC") },
      groups: [GroupRules(shifts: shifts)])
    let content = try RosterContent.compose(
      rules, number: 1, now: now, effectiveAt: now, isEmergency: true
    ) { _ in .utc }
    return .publishRoster(canonical: try content.canonicalJSON())
  }

  /// Milliseconds from now to this hour of the day after tomorrow, UTC.
  static func ahead(to hour: Int64) -> Int64 {
    let (day, now) = (Int64(86_400_000), NodeClock.systemWall())
    return (now / day + 2) * day + hour * 3_600_000 - now
  }

  static func agent(_ office: OfficeID, at node: Node) async throws -> Actor {
    let email = "agent@\(office).example"
    let draft = UserDraft(name: email, email: email, role: .agent, office: office)
    _ = try await node.submit(.createUser(draft), as: node.operatorActor)
    return try #require(try await node.actor(email))
  }

  /// What stands at five in the morning, of what was done at three.
  private func alarms(
    after work: (_ node: Node, _ paris: Actor, _ tokyo: Actor) async throws -> Void
  ) async throws -> [String] {
    let cluster = try TestCluster()
    let founder = try await cluster.found()
    await (try cluster.join("tokyo", zone: "Asia/Tokyo", by: founder)).stop()
    await founder.stop()
    let early = try await cluster.start("paris", ahead: Self.ahead(to: 3))
    let now = Instant(milliseconds: NodeClock.systemWall() + Self.ahead(to: 3))
    _ = try await early.node.submit(try Self.roster(at: now), as: early.node.operatorActor)
    try await work(
      early.node, try await Self.agent(OfficeID("paris"), at: early.node),
      try await Self.agent(OfficeID("tokyo"), at: early.node))
    await early.stop()
    let late = try await cluster.start("paris", ahead: Self.ahead(to: 5))
    let alarms = try await late.node.alarms()
    await late.stop()
    return alarms
  }

  static func make(_ node: Node, by actor: Actor) async throws -> RowID {
    let draft = TicketDraft(subject: "Waiting", comment: CommentDraft(body: "Anybody?"))
    return try #require(try await node.submit(.createTicket(draft), as: actor).created)
  }

  @Test("one that waits behind a long page of tickets that are held")
  func behindMany() async throws {
    let held = 210
    let alarms = try await alarms { node, paris, tokyo in
      for _ in 0..<held {
        let id = try await Self.make(node, by: tokyo)
        _ = try await node.submit(.take(ticket: id, evenIfForeign: true), as: paris)
      }
    }
    #expect(!alarms.contains { $0.hasPrefix("board-") })
    let waiting = try await self.alarms { node, paris, tokyo in
      for _ in 0..<held {
        let id = try await Self.make(node, by: tokyo)
        _ = try await node.submit(.take(ticket: id, evenIfForeign: true), as: paris)
      }
      _ = try await Self.make(node, by: tokyo)
    }
    #expect(waiting.contains { $0.hasPrefix("board-") })
  }

  @Test("one of a group that was deleted meanwhile")
  func ofADeletedGroup() async throws {
    let alarms = try await alarms { node, _, tokyo in
      let admin = node.operatorActor
      let group = try #require(
        try await node.submit(.createGroup(GroupDraft(name: "Pumps")), as: admin).created)
      var edit = TicketEdit()
      edit.group = .set(group)
      let draft = TicketDraft(
        subject: "Waiting", comment: CommentDraft(body: "Anybody?"), edit: edit)
      _ = try await node.submit(.createTicket(draft), as: tokyo)
      _ = try await node.submit(.deleteGroup(group), as: admin)
    }
    #expect(alarms.contains { $0.hasPrefix("board-") && !$0.hasPrefix("board-0-") })
  }

  @Test("one that stays at home, once its instant has come; not before", arguments: [4, 6])
  func woken(hour: Int64) async throws {
    let alarms = try await alarms { node, _, tokyo in
      let id = try await Self.make(node, by: tokyo)
      let wake = Instant(milliseconds: NodeClock.systemWall() + Self.ahead(to: hour))
      _ = try await node.submit(.stay(ticket: id, wakeAt: wake), as: tokyo)
    }
    #expect(alarms.contains { $0.hasPrefix("board-") } == (hour == 4))
  }
}
