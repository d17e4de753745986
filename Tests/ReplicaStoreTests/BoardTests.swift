// Open tickets by placement, conflicts, merge tasks and exports.

import HelpdeskDomain
import ReplicaCore
import ReplicaStore
import Testing

@Suite struct BoardTests {
  private let bench = TestBench()

  /// A stand-in for the placement's text form: group|home|moves|wake.
  private func placed() throws -> ReplicaStore {
    var options = bench.options("a")
    options.placement = { state in
      guard let text = state.value(TicketColumn.placement).text else { return nil }
      let parts = text.split(separator: "|", omittingEmptySubsequences: false)
      guard parts.count == 4 else { return nil }
      return DerivedPlacement(
        group: Int64(parts[0]).map { RowID($0) }, home: OfficeID(String(parts[1])),
        movesOn: parts[2] == "1",
        wakeAt: Int64(parts[3]).map { Instant(milliseconds: $0) })
    }
    let store = try ReplicaStore.open(options)
    try store.writeNow { try $0.adopt(slot: Slot(1)) }
    return store
  }

  private func all(_ store: ReplicaStore, _ filter: PlacementFilter) throws -> [RowID] {
    var result: [RowID] = []
    var after: String?
    repeat {
      let page = try store.readNow { try $0.openTickets(filter, size: 3, after: after) }
      result += page.rows
      after = page.hasMore ? page.afterCursor : nil
    } while after != nil
    #expect(try store.readNow { try $0.countOpenTickets(filter) } == result.count)
    return result
  }

  @Test func openTicketsAreFoundWhereTheyBelong() throws {
    let store = try placed()
    var moving: [Int64: [RowID]] = [:]
    var staying: [RowID] = []
    var woken: [RowID] = []
    var every: [RowID] = []
    var groups: [RowID: RowID] = [:]
    for index in 0..<24 {
      let status = index % 8 == 7 ? "solved" : "open"
      let group = Int64(index % 3)
      let text =
        index % 4 == 0
        ? "\(group == 0 ? "" : "\(group)")|paris|0|\(index % 8 == 0 ? "\(100 - index)" : "")"
        : "\(group == 0 ? "" : "\(group)")|tokyo|1|"
      let id = try store.makeTicket(
        UInt64(index), status: status, [set(TicketColumn.placement, .text(text))])
      guard status == "open" else { continue }
      every.append(id)
      groups[id] = RowID(group)
      if index % 4 == 0 { staying.append(id) } else { moving[group, default: []].append(id) }
      if index % 8 == 0 { woken.insert(id, at: 0) }
    }
    #expect(
      try all(store, .movingOn(groups: [RowID(2), .none])) == (moving[0] ?? []) + (moving[2] ?? []))
    #expect(try all(store, .movingOn(groups: [RowID(9)])).isEmpty)
    for group in [RowID.none, RowID(1), RowID(2)] {
      let mine = { (ids: [RowID]) in ids.filter { groups[$0] == group } }
      let early = Instant(milliseconds: 90)
      let asleep = { (at: Int64) in
        PlacementFilter.staying(
          home: OfficeID("paris"), group: group, asleepAt: Instant(milliseconds: at))
      }
      #expect(try all(store, asleep(0)) == mine(staying))
      #expect(try all(store, asleep(90)) == mine(staying.filter { $0 != woken.first }))
      #expect(
        try all(
          store, .staying(home: OfficeID("tokyo"), group: group, asleepAt: .zero)
        ).isEmpty)
      #expect(
        try all(store, .woken(by: Instant(milliseconds: 100), group: group)) == mine(woken))
      #expect(try all(store, .woken(by: early, group: group)) == mine(Array(woken.prefix(1))))
    }
    #expect(try all(store, .ids([every[1], every[4], RowID(99)])) == [every[1], every[4]])
    #expect(try all(store, .all) == every)
    try store.setTicket(99, every[0], TicketColumn.status, .text("closed"))
    #expect(try all(store, .all) == Array(every.dropFirst()))
    let place = try #require(try store.readNow { try $0.placement(every[1]) })
    #expect(place.placement.home == OfficeID("tokyo"))
    #expect(place.placement.movesOn && place.isOpen)
  }

  @Test func unseenWritesMeetInTheInbox() throws {
    let (a, b) = (try bench.open("x", slot: 1), try bench.open("y", slot: 2))
    let id = try a.makeTicket(1, status: "new")
    try b.pull(from: a)
    try a.setTicket(10, id, TicketColumn.status, .text("open"))
    try b.setTicket(11, id, TicketColumn.status, .text("pending"))
    try a.pull(from: b)
    try b.pull(from: a)
    for store in [a, b] {
      let page = try store.readNow { try $0.conflicts() }
      let conflict = try #require(page.rows.first)
      #expect(page.rows.count == 1)
      #expect(conflict.column == "status")
      #expect(conflict.shown.value == .text("pending"))
      #expect(conflict.others.map(\.value) == [.text("open")])
      #expect(try store.readNow { try $0.ticket(id)?.status } == "pending")
    }
    let dots = [Dot(Slot(1), 2), Dot(Slot(2), 1)]
    try a.commit(
      20,
      [
        RowChange(
          RowRef(Desk.ticket, id), [set(TicketColumn.status, .text("open"), replaces: dots)])
      ])
    #expect(try a.readNow { try $0.countConflicts() } == 0)
    try b.pull(from: a)
    #expect(try b.readNow { try $0.conflicts().rows.isEmpty })
  }

  @Test func twinsBecomeMergeTasks() throws {
    let store = try bench.open("u", slot: 1)
    var ids: [RowID] = []
    for (index, email) in ["ana@x.test", "bo@x.test", "Ana@X.test", "ana@x.test"].enumerated() {
      ids.append(
        try store.writeNow { transaction in
          let id = try transaction.newRowID()
          try transaction.appendLocal(
            hlc: hlc(UInt64(index)),
            [
              RowChange(
                RowRef(Desk.user, id),
                [
                  personal(UserColumn.name, "n\(index)"), personal(UserColumn.email, email),
                  set(UserColumn.role, .text("agent")),
                  set(UserColumn.active, .integer(index == 0 ? 0 : 1)),
                  set(UserColumn.deleted, .integer(index == 3 ? 1 : 0)),
                ])
            ])
          try transaction.seal(sign: sign)
          return id
        })
    }
    let tasks = try store.readNow { try $0.mergeTasks() }
    #expect(tasks.map(\.rows) == [[ids[0], ids[2]]])
    let found = try #require(try store.readNow { try $0.user(email: "ANA@x.test") })
    #expect(found.id == ids[2], "the active one")
    #expect(found.role == .agent)
    #expect(found.roleDot == Dot(Slot(1), 3))
    let page = try store.readNow {
      try $0.users(.cursor(size: 2, after: nil, before: nil))
    }
    #expect(page.rows.map(\.id) == Array(ids.prefix(2)))
    #expect(page.hasMore)
    #expect(
      try store.readNow { try $0.users(holding: ["BO@"], alsoInNotes: false) }.count == 1)
  }

  @Test func twinsOfWhichOneIsDeletedLeaveRoomForOthers() throws {
    let store = try bench.open("t", slot: 1)
    let ids = try (0..<4).map { try store.makeTicket($0) }
    for (index, id) in ids.enumerated() {
      let name = index < 2 ? "a" : "b"
      try store.setTicket(UInt64(100 + index), id, TicketColumn.externalID, .text(name))
    }
    try store.setTicket(200, ids[0], TicketColumn.deleted, .integer(1))
    #expect(try store.readNow { try $0.mergeTasks(limit: 1) }.map(\.rows) == [[ids[2], ids[3]]])
  }

  @Test func exportsFollowTheApplyOrder() throws {
    let (a, b) = (try bench.open("a1", slot: 1), try bench.open("b1", slot: 2))
    let early = try b.makeTicket(1)
    let first = try a.makeTicket(500)
    let before = a.appliedNumber
    try a.pull(from: b)
    let late = try a.readNow {
      try $0.incrementalTickets(after: AppliedPlace(after: before), limit: 10)
    }
    #expect(late.map(\.id) == [early], "older by time, but new here")
    let both = try a.readNow { try $0.incrementalTickets(after: AppliedPlace(after: 0), limit: 10) }
    #expect(both.map(\.id) == [first, early], "a reader that stops between the two misses none")
    try a.setTicket(600, first, TicketColumn.deleted, .integer(1))
    let all = try a.readNow { try $0.incrementalTickets(after: AppliedPlace(after: 0), limit: 10) }
    #expect(all.map(\.id) == [early, first])
    #expect(all.last?.deleted == true)
    #expect(
      try a.readNow { try $0.log(after: 1, limit: 9) }.map(\.delta.dot.slot.rawValue) == [2, 1])
    #expect(try a.readNow { try $0.appliedNumber(before: .zero) } == 0)
    #expect(
      try a.readNow { try $0.appliedNumber(before: Instant(milliseconds: .max)) } == 3)
  }
}
