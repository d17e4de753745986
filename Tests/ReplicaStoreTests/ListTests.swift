// Lists: both paging styles, every order, filters alone and together.

import HelpdeskDomain
import ReplicaCore
import ReplicaStore
import Testing

@Suite struct ListTests {
  private let bench = TestBench()
  private let store: ReplicaStore
  private let ids: [RowID]

  private static let statuses = ["new", "open", "pending", "hold", "solved", "closed"]
  private static let priorities = ["low", "normal", "high", "urgent"]

  init() throws {
    let store = try bench.open("a", slot: 1)
    var ids: [RowID] = []
    for index in 0..<60 {
      var more = [set(TicketColumn.assignee, .integer(Int64(index % 3)))]
      if index % 5 != 0 {
        more.append(set(TicketColumn.priority, .text(Self.priorities[index % 4])))
      }
      ids.append(
        try store.makeTicket(
          UInt64(1_000 - index), subject: "t\(index)", status: Self.statuses[index % 6],
          tags: index % 10 == 0 ? ["vip", "北京"] : ["plain"], more))
    }
    let row = RowRef(Desk.ticket, ids[7])
    try store.commit(5_000, [RowChange(row, [set(TicketColumn.deleted, .integer(1))])])
    self.store = store
    self.ids = ids
  }

  private func walk(
    _ filters: [TicketFilter], _ order: TicketOrder, ascending: Bool, size: Int
  ) throws -> [RowID] {
    var result: [RowID] = []
    var after: String?
    var pages: [[RowID]] = []
    repeat {
      let page = try store.readNow {
        try $0.tickets(
          TicketQuery(
            filters: filters, order: order, ascending: ascending,
            page: .cursor(size: size, after: after, before: nil)))
      }
      pages.append(page.rows.map(\.id))
      result += page.rows.map(\.id)
      if pages.count > 1, let before = page.beforeCursor {
        let back = try store.readNow {
          try $0.tickets(
            TicketQuery(
              filters: filters, order: order, ascending: ascending,
              page: .cursor(size: size, after: nil, before: before)))
        }
        #expect(back.rows.map(\.id) == pages[pages.count - 2])
      }
      after = page.hasMore ? page.afterCursor : nil
    } while after != nil
    return result
  }

  @Test(arguments: [TicketOrder.id, .createdAt, .updatedAt, .priority, .status], [true, false])
  func everyOrderWalksForthAndBack(order: TicketOrder, ascending: Bool) throws {
    let walked = try walk([], order, ascending: ascending, size: 7)
    #expect(walked.count == 59)
    #expect(Set(walked).count == 59)
    let records = try store.readNow { try $0.tickets(walked) }
    let keys = records.map { record -> (Int64, Int64) in
      let key: Int64 =
        switch order {
        case .id, .relevance: record.id.rawValue
        case .createdAt: record.createdAt.milliseconds
        case .updatedAt: record.updatedAt.milliseconds
        case .status: Int64(Self.statuses.firstIndex(of: record.status) ?? 9)
        case .priority:
          Int64((record.priority.flatMap { Self.priorities.firstIndex(of: $0) } ?? -1) + 1)
        }
      return (key, record.id.rawValue)
    }
    for (left, right) in zip(keys, keys.dropFirst()) {
      #expect(ascending ? left < right : left > right)
    }
  }

  @Test func offsetPagesCount() throws {
    let page = try store.readNow {
      try $0.tickets(TicketQuery(order: .createdAt, page: .offset(page: 2, size: 25)))
    }
    #expect(page.rows.count == 25)
    #expect(page.count == 59)
    #expect(page.hasMore)
    let last = try store.readNow {
      try $0.tickets(TicketQuery(order: .createdAt, page: .offset(page: 3, size: 25)))
    }
    #expect(last.rows.count == 9)
    #expect(!last.hasMore)
    #expect(throws: StoreError.beyondOffsetLimit(asked: 10_100, maximum: 10_000)) {
      _ = try store.readNow {
        try $0.tickets(TicketQuery(page: .offset(page: 101, size: 100)))
      }
    }
  }

  @Test func aCursorOfAnotherListIsRefused() throws {
    let page = try store.readNow {
      try $0.tickets(
        TicketQuery(order: .createdAt, page: .cursor(size: 3, after: nil, before: nil)))
    }
    for cursor in [page.afterCursor ?? "", "", "!!", "AAAA"] {
      #expect(throws: StoreError.badCursor(cursor)) {
        _ = try store.readNow {
          try $0.tickets(
            TicketQuery(order: .id, page: .cursor(size: 3, after: cursor, before: nil)))
        }
      }
    }
  }

  private func found(_ filters: TicketFilter...) throws -> Set<Int> {
    let walked = try walk(filters, .updatedAt, ascending: false, size: 9)
    #expect(try store.readNow { try $0.countTickets(filters) } == walked.count)
    return Set(walked.compactMap { ids.firstIndex(of: $0) })
  }

  private func expected(_ passes: (Int) -> Bool) -> Set<Int> {
    Set((0..<60).filter { $0 != 7 && passes($0) })
  }

  private func has(_ index: Int, priorityOver limit: Int) -> Bool {
    index % 5 != 0 && index % 4 > limit
  }

  @Test func filtersSelect() throws {
    #expect(try found(TicketFilter(.status(.equal, "open"))) == expected { $0 % 6 == 1 })
    #expect(try found(TicketFilter(.status(.less, "solved"))) == expected { $0 % 6 < 4 })
    #expect(
      try found(TicketFilter(.status(.equal, "new")), TicketFilter(.status(.equal, "hold")))
        == expected { $0 % 6 == 0 || $0 % 6 == 3 })
    #expect(
      try found(TicketFilter(.priority(.greater, "normal")))
        == expected { has($0, priorityOver: 1) })
    #expect(
      try found(TicketFilter(.priority(.less, "normal")))
        == expected { $0 % 5 != 0 && $0 % 4 == 0 })
    #expect(try found(TicketFilter(.tag("北京"))) == expected { $0 % 10 == 0 })
    #expect(
      try found(TicketFilter(.tag("vip"), negated: true)) == expected { $0 % 10 != 0 })
    #expect(
      try found(TicketFilter(.tag("vip")), TicketFilter(.assignee(RowID(0))))
        == expected { $0 % 30 == 0 })
    #expect(
      try found(TicketFilter(.assignee(RowID(1)), negated: true)) == expected { $0 % 3 != 1 })
    #expect(try found(TicketFilter(.group(nil))) == expected { _ in true })
    #expect(try found(TicketFilter(.ids([ids[3], ids[7], ids[9]]))) == [3, 9])
    let at = Instant(milliseconds: 1_790_000_000_000 + 970)
    #expect(try found(TicketFilter(.created(.greater, at))) == expected { $0 < 30 })
    #expect(try found(TicketFilter(.created(.lessOrEqual, at))) == expected { $0 >= 30 })
    #expect(
      try found(TicketFilter(.created(.less, at)), TicketFilter(.status(.equal, "open")))
        == expected { $0 > 30 && $0 % 6 == 1 })
  }

  @Test func aTicketShowsWhatIsKnown() throws {
    let author = RowID(20_001)
    let id = try store.makeTicket(
      9_000, subject: "Téléphone", status: "open", tags: ["b", "a"],
      [
        set(TicketColumn.requester, .integer(author.rawValue)),
        CellAction(
          CellKey(TicketColumn.fields, key: 30_001),
          .write(.plain(.text("red")), replaces: [], unread: [])),
        CellAction(CellKey(TicketColumn.collaborators), .add(.integer(5), replaces: [])),
      ])
    let first = try store.makeComment(9_001, id, "le téléphone chauffe")
    let second = try store.makeComment(9_002, id, "encore")
    let ticket = try #require(try store.readNow { try $0.ticket(id) })
    #expect(ticket.subject == "Téléphone")
    #expect(ticket.description == "le téléphone chauffe")
    #expect(ticket.requester == author)
    #expect(ticket.tags == ["a", "b"])
    #expect(ticket.fields == [RowID(30_001): .text("red")])
    #expect(ticket.collaborators == [RowID(5)])
    #expect(ticket.createdAt == hlc(9_000).instant)
    #expect(ticket.updatedAt == hlc(9_002).instant, "a comment touches its ticket")
    #expect(ticket.applied == store.appliedNumber)
    #expect(ticket.appliedAt > .zero)
    let comments = try store.readNow { try $0.comments(id) }
    #expect(comments.map(\.id) == [first, second])
    #expect(comments[0].body == "le téléphone chauffe")
    #expect(comments[0].dot == Dot(Slot(1), store.vector[Slot(1)] - 1))
    let history = try store.readNow { try $0.history(RowRef(Desk.ticket, id)) }
    #expect(history.map { $0.delta.changes.count } == [1, 2, 2])
    let field = TicketFilter(.field(RowID(30_001), .text("red")))
    #expect(try store.readNow { try $0.countTickets([field]) } == 1)
  }
}
