// Exports by number and by time: nothing is left out, whatever the clock did.

import Foundation
import GRDB
import HelpdeskDomain
import ReplicaCore
import ReplicaStore
import Synchronization
import Testing

@Suite struct ExportOrderTests {
  let bench = TestBench()

  @Test func aClockThatGoesBackHidesNothing() throws {
    let clock = Mutex<Int64>(100_000)
    var options = bench.options("a")
    options.now = { Instant(milliseconds: clock.withLock { $0 }) }
    let store = try ReplicaStore.open(options)
    try store.writeNow { try $0.adopt(slot: Slot(1)) }
    for (at, subject) in [(100_000, "a"), (200_000, "b"), (50_000, "c"), (210_000, "d")] {
      clock.withLock { $0 = Int64(at) }
      _ = try store.makeTicket(UInt64(at), subject: subject)
    }
    func subjects(from milliseconds: Int64) throws -> [String?] {
      try store.readNow { view in
        let after = try view.appliedNumber(before: Instant(milliseconds: milliseconds))
        return try view.incrementalTickets(after: AppliedPlace(after: after), limit: 9)
          .map(\.subject)
      }
    }
    #expect(try subjects(from: 0) == ["a", "b", "c", "d"])
    // Applied before, by a clock that showed less: it comes, since it came after what was read.
    #expect(try subjects(from: 200_000) == ["b", "c", "d"])
    #expect(try subjects(from: 205_000) == ["d"])
    #expect(try subjects(from: 300_000) == [])
    #expect(try store.readNow { try $0.firstCommit(at: Instant(milliseconds: 201_000)) } == 4)
  }

  /// A release before let a second hold any number of changes: such a store is opened, and what it
  /// shows as the time of each change stays.
  @Test func theSecondsOfAnOlderStoreAreCutUp() throws {
    let options = bench.options("old")
    let first = try bench.open("old", slot: 1)
    _ = try first.makeTickets(12_001, subject: "imported in one go", at: 1)
    try first.setTicket(9_000, RowID(10_001), TicketColumn.status, .text("open"))
    let moments = try first.readNow { (try $0.moment(of: 1), try $0.moment(of: 12_002)) }
    try first.close()
    let queue = try DatabaseQueue(path: options.directory + "/heliotrope.sqlite")
    try queue.write {
      try $0.execute(
        sql: """
          DELETE FROM moment WHERE apply_no < 12001;
          ALTER TABLE moment DROP COLUMN read_s;
          ALTER TABLE moment DROP COLUMN named;
          DELETE FROM migration WHERE name LIKE '5 %';
          """)
    }
    try queue.close()
    try ReplicaStore.open(options).readNow { view in
      #expect(try view.moment(of: 1) == moments.0)
      #expect(try view.moment(of: 12_002) == moments.1)
      let begin = try #require(try view.readerSecond(of: 1))
      #expect(begin == moments.0.seconds)
      #expect(try view.readerSecond(of: 5_000) == begin)
      #expect(try view.readerSecond(of: 5_001) == begin + 1)
      #expect(try view.readerSecond(of: 12_001) == begin + 2)
      #expect(try view.appliedNumber(before: Instant(seconds: begin)) == 0)
      #expect(try view.appliedNumber(before: Instant(seconds: begin + 1)) == 5_000)
      #expect(try view.appliedNumber(before: Instant(seconds: begin + 2)) == 10_000)
    }
  }

  /// A merge touches several tickets in one delta; a page may end between them.
  @Test func rowsOfOneDeltaAreNotLostBetweenPages() throws {
    let store = try bench.open("a", slot: 1)
    let ids = try (1...5).map { try store.makeTicket($0) }
    try store.writeNow { transaction in
      try transaction.appendLocal(
        hlc: hlc(10),
        ids.map { id in
          RowChange(RowRef(Desk.ticket, id), [set(TicketColumn.status, .text("closed"))])
        })
      try transaction.seal(sign: sign)
    }
    var place = AppliedPlace(after: 0)
    var read: [RowID] = []
    while let ticket = try store.readNow({
      try $0.incrementalTickets(after: place, limit: 1)
    }).first {
      read.append(ticket.id)
      place = AppliedPlace(applied: ticket.applied, id: ticket.id)
    }
    #expect(read == ids)
  }

  @Test func importedRowsShowTheirOwnBirth() throws {
    let store = try bench.open("a", slot: 1)
    let born: Int64 = 1_400_000_000_000
    let id = try store.makeTicket(
      5, subject: "old", [set(TicketColumn.originalCreated, .integer(born))])
    try store.setTicket(9, id, TicketColumn.status, .text("open"))
    let ticket = try #require(try store.readNow { try $0.ticket(id) })
    #expect(ticket.createdAt == Instant(milliseconds: born))
    #expect(ticket.updatedAt == hlc(9).instant)
    let older = try store.readNow {
      try $0.tickets(
        TicketQuery(filters: [TicketFilter(.created(.less, Instant(milliseconds: born + 1)))]))
    }
    #expect(older.rows.map(\.id) == [id], "lists go by it too")
  }

  @Test func deletedOrganizationsAndUsersAreInTheStream() throws {
    let store = try bench.open("a", slot: 1)
    let (company, person) = try store.writeNow { transaction in
      let ids = (try transaction.newRowID(), try transaction.newRowID())
      try transaction.appendLocal(
        hlc: hlc(1),
        [
          RowChange(
            RowRef(Desk.organization, ids.0),
            [
              set(OrganizationColumn.name, .text("Gone")),
              set(OrganizationColumn.deleted, .integer(1)),
            ]),
          RowChange(
            RowRef(Desk.user, ids.1),
            [
              personal(UserColumn.name, "Gone"), set(UserColumn.active, .integer(1)),
              set(UserColumn.deleted, .integer(1)),
            ]),
        ])
      try transaction.seal(sign: sign)
      return ids
    }
    let organizations = try store.readNow {
      try $0.incrementalOrganizations(after: AppliedPlace(after: 0), limit: 9)
    }
    #expect(organizations.map(\.organization.id) == [company])
    #expect(organizations.first?.organization.deleted == true)
    let users = try store.readNow {
      try $0.incrementalUsers(after: AppliedPlace(after: 0), limit: 9)
    }
    #expect(users.map(\.user.id) == [person])
    #expect(users.first?.user.active == false)
  }

  @Test func incidentsOfAProblemAreFound() throws {
    let store = try bench.open("a", slot: 1)
    let problem = try store.makeTicket(1, [set(TicketColumn.type, .text("problem"))])
    #expect(try store.readNow { try $0.ticket(problem) }?.hasIncidents == false)
    let incident = try store.makeTicket(
      2, [set(TicketColumn.problem, .integer(problem.rawValue))])
    #expect(try store.readNow { try $0.ticket(problem) }?.hasIncidents == true)
    let found = try store.readNow {
      try $0.tickets(TicketQuery(filters: [TicketFilter(.problem(problem))]))
    }
    #expect(found.rows.map(\.id) == [incident])
  }
}
