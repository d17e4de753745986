// Merging tickets: what is written, what is refused, and how two merges meet.

import HelpdeskDomain
import ReplicaCore
import Testing

@Suite struct MergeTests {
  let scene: DeskScene
  let target: RowID
  let source: RowID

  init() throws {
    scene = try DeskScene()
    target = try scene.ticket()
    let customer = scene.user(.endUser)
    source = try scene.ticket { $0.edit.requester = customer }
    scene.sync()
  }

  func merge(
    _ sources: [RowID], into target: RowID, on node: DeskNode? = nil, by user: RowID? = nil,
    isPublic: Bool = false
  ) throws -> Decision {
    let merge = TicketMerge(
      target: target, sources: sources, targetComment: "Same pump", targetIsPublic: isPublic)
    return try (node ?? scene.paris).act(.mergeTickets(merge), by: user ?? scene.agent)
  }

  func bodies(of ticket: RowID, on node: DeskNode? = nil) -> [String] {
    let node = node ?? scene.paris
    return node.memory.rows(
      of: Tables.comment, column: CommentColumn.ticket, equals: .integer(ticket.rawValue)
    ).compactMap { node.row(Tables.comment, $0).value(CommentColumn.body).text }
  }

  @Test func theSourceIsClosedAndTheTargetGoesOn() throws {
    _ = try merge([source], into: target, isPublic: true)
    let closed = scene.paris.ticket(source)
    #expect(closed.value(TicketColumn.status) == .text("closed"))
    #expect(closed.value(TicketColumn.mergedInto) == .integer(target.rawValue))
    #expect(closed.elements(TicketColumn.tags) == [.text("closed_by_merge")])
    #expect(bodies(of: source).last?.contains("#\(target)") == true)
    #expect(bodies(of: target).last == "Same pump")
    #expect(scene.paris.ticket(target).value(TicketColumn.status) == .text("new"))
    #expect(
      scene.paris.ticket(target).elements(TicketColumn.collaborators)
        == [.integer(scene.user(.endUser).rawValue)], "who asked there hears of it here")
  }

  @Test func aPrivateCommentTellsNoCustomer() throws {
    _ = try merge([source], into: target)
    #expect(scene.paris.ticket(target).elements(TicketColumn.collaborators) == [])
  }

  @Test func itselfClosedOnesAndNoneAreRefused() throws {
    #expect(problems { _ = try merge([target], into: target) } == ["ids:InvalidValue"])
    #expect(problems { _ = try merge([], into: target) } == ["ids:BlankValue"])
    #expect(
      problems { _ = try merge([RowID(number: 999, slot: Slot(1))], into: target) }
        == ["ids:RecordNotFound"])
    _ = try merge([source], into: target)
    #expect(problems { _ = try merge([source], into: target) } == ["ids:InvalidValue"])
    let other = try scene.ticket()
    #expect(problems { _ = try merge([other], into: source) } == ["id:InvalidValue"])
    #expect(
      problems { _ = try merge([other], into: target, by: scene.user(.lightAgent)) }.count == 1)
  }

  @Test func twoOfficesMergeOneTicketIntoTwo() throws {
    let other = try scene.ticket()
    scene.sync()
    _ = try merge([source], into: target)
    _ = try merge([source], into: other, on: scene.tokyo, by: scene.tokyoAgent)
    scene.sync()
    let (paris, tokyo) = (scene.paris.ticket(source), scene.tokyo.ticket(source))
    #expect(paris == tokyo)
    #expect(paris.value(TicketColumn.status) == .text("closed"))
    let register = try #require(paris.cells[CellKey(TicketColumn.mergedInto)]?.register)
    #expect(!register.conflicts.isEmpty, "a person settles where the matter goes on")
    for node in [scene.paris, scene.tokyo] {
      #expect(bodies(of: target, on: node).count == 2)
      #expect(bodies(of: other, on: node).count == 2)
    }
  }

  @Test func aDeletedTicketComesBack() throws {
    _ = try scene.paris.act(.deleteTicket(source), by: scene.agent)
    _ = try scene.paris.act(.restoreTicket(source), by: scene.agent)
    #expect(scene.paris.ticket(source).value(TicketColumn.deleted) == .integer(0))
    #expect(throws: Refusal.self) {
      try scene.paris.act(.restoreTicket(source), by: scene.agent)
    }
  }
}
