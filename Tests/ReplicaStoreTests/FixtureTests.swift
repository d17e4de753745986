// A database of every schema that was ever used opens, and works on.

import Foundation
import HelpdeskDomain
import ReplicaCore
import ReplicaStore
import Testing

@Suite struct FixtureTests {
  private let bench = TestBench()

  private static let directory = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures/store")

  /// Each was made alike: two replicas, a conflict on the status of ticket 10001, a void delta, a
  /// column and an entity of a newer schema.
  @Test(arguments: ["level-1.sqlite"])
  func aDatabaseOfAnEarlierReleaseOpens(name: String) throws {
    let options = bench.options("old")
    try FileManager.default.createDirectory(
      atPath: options.directory, withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      atPath: Self.directory.appending(path: name).path,
      toPath: options.directory + "/heliotrope.sqlite")
    let store = try ReplicaStore.open(options)
    #expect(store.slot == Slot(1))
    #expect(store.vector == VersionVector([Slot(1): 2, Slot(2): 4]))
    #expect(try store.readNow { try $0.verifyChain() } == 6)
    #expect(try store.readNow { try $0.recomputeFingerprint() } == store.fingerprint)
    let ticket = try #require(try store.readNow { try $0.ticket(RowID(10_001)) })
    #expect(ticket.subject == "Le téléphone chauffe 电话")
    #expect(ticket.status == "pending")
    #expect(ticket.type == nil)
    #expect(ticket.tags == ["vip"])
    #expect(ticket.fields == [RowID(7): .text("red")])
    #expect(try store.readNow { try $0.conflicts().rows.map(\.column) } == ["status"])
    try store.writeNow { transaction in
      let gadget = try transaction.row(RowRef(EntityCode(900), RowID(20_001)))
      #expect(gadget.value(1) == .text("lamp"))
      let row = try transaction.row(RowRef(Desk.ticket, ticket.id))
      #expect(row.value(99) == .text("of a newer schema"))
    }
    #expect(try store.makeTicket(100) > ticket.id)
    try store.indexPendingNow()
    let words = [TicketFilter(.words("telephone 电话"))]
    #expect(try store.readNow { try $0.countTickets(words) } == 1)
  }

  @Test func everyKeptDatabaseIsTested() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.directory.path)
    #expect(names.filter { $0.hasSuffix(".sqlite") } == ["level-1.sqlite"])
  }
}
