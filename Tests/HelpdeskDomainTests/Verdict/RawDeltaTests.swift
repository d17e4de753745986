// Deltas that no decision made: what is void, and what of a newer schema is not.

import HelpdeskDomain
import ReplicaCore
import Testing

@Suite struct RawDeltaTests {
  let scene: DeskScene
  let node: DeskNode
  let ticket: RowID

  init() throws {
    scene = try DeskScene()
    node = scene.paris
    ticket = try scene.ticket()
    scene.sync()
  }

  func write(
    _ column: UInt16, _ value: Value, replaces: [Dot] = [], fence: UInt64 = 0
  ) -> CellAction {
    CellAction(
      CellKey(column), .write(.plain(value), replaces: replaces, unread: []), fence: fence)
  }

  func verdict(_ changes: [RowChange], _ actor: Actor? = nil) -> VoidReason? {
    DeskMemoryJudge.verdict(changes, by: actor ?? node.actor(scene.agent), on: node)
  }

  @Test func newRowsCarryIdsOfTheirReplica() {
    let foreign = RowRef(Tables.ticket, RowID(number: 900, slot: Slot(2)))
    let own = RowRef(Tables.ticket, RowID(number: 900, slot: Slot(1)))
    let tooGreat = RowRef(Tables.ticket, RowID(RowID.limit + 49_009))
    let status = write(TicketColumn.status, .text("new"))
    #expect(verdict([RowChange(foreign, [status])]) == .foreignRowID)
    #expect(verdict([RowChange(tooGreat, [status])]) == .foreignRowID)
    #expect(verdict([RowChange(own, [status])]) == nil)
    // A row of another replica that exists is changed as any other.
    #expect(verdict([RowChange(RowRef(Tables.ticket, ticket), [status])]) == nil)
  }

  @Test func entriesAreNeverRewritten() throws {
    let comment = try #require(node.memory.rows(of: Tables.comment).first)
    let ref = RowRef(Tables.comment, comment)
    let change = RowChange(
      ref,
      [
        write(CommentColumn.ticket, .integer(ticket.rawValue)),
        write(CommentColumn.body, .text("Never said")),
      ])
    #expect(verdict([change]) == .rewrite)
    #expect(node.forge([change], by: node.actor(scene.admin)) == .rewrite)
    #expect(node.row(Tables.comment, comment).value(CommentColumn.body) == .text("It stands still"))
  }

  @Test func onlyWhatOneHasIsReplaced() {
    let unseen = Dot(Slot(2), 1_000)
    let ref = RowRef(Tables.ticket, ticket)
    #expect(
      verdict([RowChange(ref, [write(TicketColumn.subject, .text("x"), replaces: [unseen])])])
        == .unseenSibling)
    let removal = CellAction(CellKey(TicketColumn.tags), .remove(.text("a"), seen: [unseen]))
    #expect(verdict([RowChange(ref, [removal])]) == .unseenSibling)
  }

  @Test func fencesAreNotInvented() {
    let ref = RowRef(Tables.ticket, ticket)
    let high = write(TicketColumn.subject, .text("x"), fence: 4_000_000_000)
    #expect(verdict([RowChange(ref, [high])]) == .fence)
    // Without a roster there is one slot, from the beginning of time.
    #expect(verdict([RowChange(ref, byOwner: true, [high])]) == .fence)
    let plain = write(TicketColumn.subject, .text("x"))
    #expect(verdict([RowChange(ref, byOwner: true, [plain])]) == nil)
    #expect(
      verdict([RowChange(ref, byOwner: true, [plain])], node.actor(scene.tokyoAgent))
        == .notOwner)
    let user = RowRef(Tables.user, scene.agent)
    let phone = write(UserColumn.phone, .text("1"))
    #expect(verdict([RowChange(user, byOwner: true, [phone])]) == .fence)
  }

  @Test func placementsWeighWhatTheyReplace() throws {
    let ref = RowRef(Tables.ticket, ticket)
    func place(_ text: String) throws -> VoidReason? {
      let shown = node.ticket(ticket).cells[CellKey(TicketColumn.placement)]?.register?.winner
      let dot = try #require(shown?.stamp.dot)
      return verdict([
        RowChange(ref, [write(TicketColumn.placement, .text(text), replaces: [dot])])
      ])
    }
    #expect(try place("s 0 paris - 2") == nil)
    #expect(try place("s 0 paris - 9") == .badPlacement)
    #expect(try place("nonsense") == .badPlacement)
  }

  @Test func acceptancesNeedTheirColumns() {
    let ref = RowRef(Tables.acceptance, node.freshID())
    let change = RowChange(ref, [write(AcceptanceColumn.office, .text("paris"))])
    #expect(verdict([change], node.actor(scene.lead)) == .incomplete)
    let grant = RowChange(
      RowRef(Tables.grant, node.freshID()),
      [write(GrantColumn.ticket, .integer(ticket.rawValue))])
    #expect(verdict([grant]) == .incomplete)
    let comment = RowChange(
      RowRef(Tables.comment, node.freshID()), [write(CommentColumn.body, .text("x"))])
    #expect(verdict([comment]) == .incomplete)
  }

  @Test func whatIsNotKnownHereIsNoReason() {
    let column = RowChange(RowRef(Tables.ticket, ticket), [write(900, .text("newer"))])
    let entity = RowChange(
      RowRef(EntityCode(900), RowID(number: 1, slot: Slot(1))), [write(1, .integer(1))])
    #expect(verdict([column, entity]) == nil)
    #expect(node.forge([column, entity], by: node.actor(scene.agent)) == nil)
    #expect(node.ticket(ticket).value(900) == .text("newer"))
  }

  @Test func aVoidDeltaHasNoEffectButIsCountedAndRelayed() {
    let before = node.memory.states
    let vector = node.memory.vector
    let change = RowChange(
      RowRef(Tables.user, scene.agent), [write(UserColumn.role, .text("admin"))])
    #expect(node.forge([change], by: node.actor(scene.agent)) == .role)
    #expect(node.memory.states == before)
    #expect(node.memory.vector.total == vector.total + 1)
    scene.sync()
    #expect(scene.tokyo.memory.voids == node.memory.voids)
    #expect(scene.tokyo.memory.vector == node.memory.vector)
  }

  @Test func everyReasonHasAStableCode() {
    let codes = VoidReason.allCases.map(\.rawValue)
    #expect(Set(codes).count == codes.count)
    #expect(codes.allSatisfy { $0.allSatisfy { $0.isLowercase || $0 == "_" } })
    #expect(VoidReason(rawValue: "public_reply") == .publicReply)
  }
}
