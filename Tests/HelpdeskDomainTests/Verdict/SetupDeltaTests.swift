// Views, macros and schedules that come as raw deltas, past every decision.

import HelpdeskDomain
import ReplicaCore
import Testing

@Suite struct SetupDeltaTests {
  let scene: DeskScene
  let node: DeskNode

  init() throws {
    scene = try DeskScene()
    node = scene.paris
  }

  private func write(_ column: UInt16, _ value: Value) -> CellAction {
    CellAction(CellKey(column), .write(.plain(value), replaces: [], unread: []))
  }

  private func verdict(_ changes: [RowChange], _ actor: Actor) -> VoidReason? {
    DeskMemoryJudge.verdict(changes, by: actor, on: node)
  }

  private func change(_ id: RowID? = nil, _ actions: CellAction...) -> RowChange {
    RowChange(RowRef(Tables.view, id ?? node.freshID()), actions)
  }

  /// A view of the agent's own, made by the agent.
  private func personal() throws -> RowID {
    var draft = ViewDraft()
    draft.title = "Mine"
    draft.conditions = ViewConditions(all: [ViewCondition("status", "is", .text("open"))])
    draft.restriction = .user(scene.agent)
    return try #require(
      try node.act(.view(.create(draft)), by: scene.agent).created)
  }

  @Test(arguments: Role.allCases)
  func aNewViewIsWhoseItSays(_ role: Role) {
    let actor = node.actor(scene.user(role))
    let isLead = role == .lead || role == .admin
    let title = write(ViewColumn.title, .text("V"))
    #expect(verdict([change(nil, title)], actor) == (isLead ? nil : .role))
    let own = write(ViewColumn.restriction, Restriction.user(actor.user).value)
    #expect(verdict([change(nil, title, own)], actor) == (isLead || role == .agent ? nil : .role))
    let others = write(ViewColumn.restriction, Restriction.user(scene.tokyoLead).value)
    #expect(verdict([change(nil, title, others)], actor) == .role)
    let group = write(ViewColumn.restriction, Restriction.groups([scene.group]).value)
    #expect(verdict([change(nil, title, group)], actor) == (isLead ? nil : .role))
    let newer = write(ViewColumn.restriction, .text("planet:1"))
    #expect(verdict([change(nil, title, newer)], actor) == (isLead ? nil : .role))
  }

  @Test func aPersonalViewIsItsOwnersAlone() throws {
    let id = try personal()
    let title = write(ViewColumn.title, .text("Yours"))
    #expect(verdict([change(id, title)], node.actor(scene.agent)) == nil)
    for user in [scene.admin, scene.lead, scene.tokyoAgent] {
      #expect(verdict([change(id, title)], node.actor(user)) == .role)
      #expect(verdict([change(id)], node.actor(user)) == .role)
    }
    // Neither does its owner give it to others, nor by way of a second write of the same cell.
    let all = write(ViewColumn.restriction, .null)
    let own = write(ViewColumn.restriction, Restriction.user(scene.agent).value)
    #expect(verdict([change(id, all)], node.actor(scene.agent)) == .role)
    #expect(verdict([change(id, own, all)], node.actor(scene.agent)) == .doubleWrite)
    #expect(verdict([change(nil, own, all)], node.actor(scene.agent)) == .doubleWrite)
    #expect(verdict([change(id, write(ViewColumn.deleted, .integer(1)))], node.console) == nil)
    #expect(node.forge([change(id, title)], by: node.actor(scene.admin)) == .role)
    #expect(node.row(Tables.view, id).value(ViewColumn.title) == .text("Mine"))
  }

  @Test func sharedOnesAreNotAgents() throws {
    let shared = node.freshID()
    let title = write(ViewColumn.title, .text("V"))
    #expect(node.forge([change(shared, title)], by: node.actor(scene.lead)) == nil)
    let own = write(ViewColumn.restriction, Restriction.user(scene.agent).value)
    #expect(verdict([change(shared, own)], node.actor(scene.agent)) == .role)
    let macro = RowRef(Tables.macro, node.freshID())
    let actions = write(MacroColumn.actions, .text("[]"))
    #expect(verdict([RowChange(macro, [actions])], node.actor(scene.agent)) == .role)
    #expect(verdict([RowChange(macro, [actions])], node.actor(scene.lead)) == nil)
    let mine = write(MacroColumn.restriction, Restriction.user(scene.agent).value)
    #expect(verdict([RowChange(macro, [actions, mine])], node.actor(scene.agent)) == nil)
  }

  @Test func schedulesAndHolidaysAreTheAdmins() {
    let name = write(ScheduleColumn.name, .text("S"))
    for entity in [Tables.schedule, Tables.holiday] {
      let change = RowChange(RowRef(entity, node.freshID()), [name])
      #expect(verdict([change], node.actor(scene.lead)) == .role)
      #expect(verdict([change], node.actor(scene.admin)) == nil)
      #expect(verdict([change], node.console) == nil)
    }
  }
}
