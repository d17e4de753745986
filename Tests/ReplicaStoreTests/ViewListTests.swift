// The tickets of views: each condition against a plain reading of the same tickets, every order in
// both paging styles, and the tables that an older database gets.

import HelpdeskDomain
import ReplicaCore
import ReplicaStore
import Testing

@Suite struct ViewListTests {
  private let bench = TestBench()
  private let store: ReplicaStore
  private let ids: [RowID]

  private static let statuses = ["new", "open", "pending", "hold", "solved", "closed"]
  private static let priorities = ["low", "normal", "high", "urgent"]
  private static let count = 72
  private static let deleted = 7
  private static let field = RowID(50_001)
  /// What the clock of the reader says: an hour and a half after the last ticket.
  private static let now = hlc(UInt64(count) * 3_600_000).instant + 1_800_000

  init() throws {
    var options = bench.options("a")
    options.placement = { state in
      Placement(state.value(TicketColumn.placement)).map {
        DerivedPlacement(
          group: $0.group == .none ? nil : $0.group, home: $0.home, movesOn: $0.mode == .movesOn,
          wakeAt: $0.wake)
      }
    }
    let store = try ReplicaStore.open(options)
    try store.writeNow { try $0.adopt(slot: Slot(1)) }
    var ids: [RowID] = []
    for index in 0..<Self.count {
      ids.append(try Self.make(store, index))
    }
    let row = RowRef(Desk.ticket, ids[Self.deleted])
    let end = UInt64(Self.count) * 3_600_000
    try store.commit(end, [RowChange(row, [set(TicketColumn.deleted, .integer(1))])])
    self.store = store
    self.ids = ids
  }

  /// One ticket an hour.
  private static func make(_ store: ReplicaStore, _ index: Int) throws -> RowID {
    var more: [CellAction] = []
    if index % 4 != 0 {
      more.append(set(TicketColumn.assignee, .integer(Int64(index % 4))))
    }
    if index % 5 != 0 {
      more.append(set(TicketColumn.priority, .text(priorities[index % 4])))
    }
    if index % 3 != 0 { more.append(set(TicketColumn.group, .integer(Int64(index % 3)))) }
    if index % 2 == 0 { more.append(set(TicketColumn.type, .text("task"))) }
    if index % 7 != 0 {
      let value: Value = index % 7 == 1 ? .text("red") : .integer(Int64(index))
      let cell = CellKey(TicketColumn.fields, key: field.rawValue)
      more.append(CellAction(cell, .write(.plain(value), replaces: [], unread: [])))
    }
    let home = index % 2 == 0 ? "paris" : "tokyo"
    let mode = index % 6 < 4 ? "m" : "s"
    more.append(
      set(TicketColumn.placement, .text("\(mode) \(index % 3) \(home) - 1")))
    return try store.makeTicket(
      UInt64(index) * 3_600_000, status: statuses[index % 6],
      tags: index % 10 == 0 ? ["vip", "gold"] : ["plain"], more)
  }

  private func filters(_ conditions: ViewConditions, _ rules: [OfficeID: OwnerRule] = [:]) throws
    -> [TicketFilter]
  {
    let actor = Actor(
      user: RowID(2), role: .agent, office: OfficeID("paris"), authority: nil)
    return try ConditionReader(actor: actor, groups: [RowID(1)], now: Self.now, owners: rules)
      .filters(conditions)
  }

  /// What a view finds, in no order; the count is held against it.
  private func found(_ filters: [TicketFilter]) throws -> Set<Int> {
    let page = try store.readNow {
      try $0.tickets(filters, order: ViewOrder(), page: .cursor(size: 100, after: nil, before: nil))
    }
    #expect(try store.readNow { try $0.countTickets(filters) } == page.rows.count)
    return Set(page.rows.compactMap { ids.firstIndex(of: $0.id) })
  }

  private func expected(_ passes: (Int) -> Bool) -> Set<Int> {
    Set((0..<Self.count).filter { $0 != Self.deleted && passes($0) })
  }

  /// A condition, and the same said of a ticket's number.
  struct Case: Sendable, CustomStringConvertible {
    let condition: ViewCondition
    let passes: @Sendable (Int) -> Bool
    var description: String {
      "\(condition.field) \(condition.comparison) \(condition.value.texts)"
    }

    init(
      _ field: String, _ comparison: String, _ value: PlainJSON,
      _ passes: @escaping @Sendable (Int) -> Bool
    ) {
      condition = ViewCondition(field, comparison, value)
      self.passes = passes
    }
  }

  private static func number(_ index: Int) -> Int? {
    index % 7 == 0 || index % 7 == 1 ? nil : index
  }

  static let cases: [Case] = [
    Case("status", "is", .text("open")) { $0 % 6 == 1 },
    Case("status", "is_not", .text("open")) { $0 % 6 != 1 },
    Case("status", "less_than", .text("solved")) { $0 % 6 < 4 },
    Case("status", "greater_than_equal", .text("solved")) { $0 % 6 >= 4 },
    Case("status", "includes", .list([.text("new"), .text("hold")])) { $0 % 3 == 0 },
    Case("priority", "is", .text("high")) { $0 % 5 != 0 && $0 % 4 == 2 },
    Case("priority", "is", .text("")) { $0 % 5 == 0 },
    Case("priority", "is_not", .text("")) { $0 % 5 != 0 },
    Case("priority", "greater_than", .text("normal")) { $0 % 5 != 0 && $0 % 4 > 1 },
    Case("type", "is", .text("task")) { $0 % 2 == 0 },
    Case("type", "is_not", .text("task")) { $0 % 2 == 1 },
    Case("assignee_id", "is", .text("current_user")) { $0 % 4 == 2 },
    Case("assignee_id", "is", .text("")) { $0 % 4 == 0 },
    Case("assignee_id", "not_includes", .list([.number(1), .text("")])) { $0 % 4 > 1 },
    Case("group_id", "is", .text("current_groups")) { $0 % 3 == 1 },
    Case("group_id", "is_not", .number(1)) { $0 % 3 != 1 },
    Case("requester_id", "is", .number(5)) { _ in false },
    Case("current_tags", "includes", .text("gold silver")) { $0 % 10 == 0 },
    Case("current_tags", "not_includes", .text("gold silver")) { $0 % 10 != 0 },
    Case("custom_fields_50001", "is", .text("red")) { $0 % 7 == 1 },
    Case("custom_fields_50001", "is", .number(9)) { $0 == 9 },
    Case("custom_fields_50001", "present", .null) { $0 % 7 != 0 },
    Case("custom_fields_50001", "not_present", .null) { $0 % 7 == 0 },
    Case("custom_fields_50001", "less_than", .number(20)) { (number($0) ?? 99) < 20 },
    Case("custom_fields_50001", "greater_than", .number(20)) { (number($0) ?? 0) > 20 },
    Case("custom_fields_50001", "less_than", .text("9.5")) { (number($0) ?? 99) < 10 },
    Case("custom_fields_50001", "greater_than_equal", .text("red")) { $0 % 7 == 1 },
    Case("helio_home", "is", .text("tokyo")) { $0 % 2 == 1 },
    Case("created_at", "less_than", .number(10)) { $0 >= 63 },
    Case("created_at", "greater_than", .number(10)) { $0 <= 62 },
    Case("updated_at", "is", .number(10)) { $0 == 62 },
    Case("SOLVED", "less_than", .number(10)) { $0 >= 63 && $0 % 6 >= 4 },
    Case("PENDING", "greater_than", .number(10)) { $0 <= 62 && $0 % 6 == 2 },
    Case("assigned_at", "less_than", .number(10)) { $0 >= 63 && $0 % 4 != 0 },
  ]

  @Test(arguments: cases)
  func aConditionFindsWhatItSays(_ each: Case) throws {
    let conditions = ViewConditions(all: [each.condition])
    #expect(try found(filters(conditions)) == expected(each.passes))
    let other = ViewConditions(any: [each.condition])
    #expect(try found(filters(other)) == expected(each.passes))
  }

  @Test func allAreAndedAndAnyAreOred() throws {
    let conditions = ViewConditions(
      all: [
        ViewCondition("status", "less_than", .text("solved")),
        ViewCondition("status", "is_not", .text("new")),
      ],
      any: [
        ViewCondition("assignee_id", "is", .text("current_user")),
        ViewCondition("current_tags", "includes", .text("vip")),
        ViewCondition("custom_fields_50001", "is", .text("red")),
      ])
    let both = expected {
      (1...3).contains($0 % 6) && ($0 % 4 == 2 || $0 % 10 == 0 || $0 % 7 == 1)
    }
    #expect(try found(filters(conditions)) == both)
    let never = ViewConditions(
      all: [
        ViewCondition("status", "is", .text("new")), ViewCondition("status", "is", .text("open")),
      ])
    #expect(try found(filters(never)) == [])
  }

  /// More alternatives, and more exclusions, than SQLite takes in one chain or one union.
  @Test func longListsOfValuesAreAsked() throws {
    let ids = (1...1_500).map { RowID(Int64($0)) }
    #expect(try found(ids.map { TicketFilter(.assignee($0)) }) == expected { $0 % 4 != 0 })
    #expect(
      try found(ids.map { TicketFilter(.assignee($0), negated: true) })
        == expected { $0 % 4 == 0 })
    #expect(
      try found([TicketFilter(.anyOf(ids.map { TicketFilter(.assignee($0)) }))])
        == expected { $0 % 4 != 0 })
  }

  /// Group 1's duty is Tokyo's, group 2's nobody's, tickets without a group are Paris's.
  @Test func ownersFollowFromTheirRule() throws {
    var rule = OwnerRule(at: Self.now)
    rule.groups = [RowID(1)]
    rule.resting = [RowID(2)]
    rule.homes = [OfficeID("tokyo")]
    rule.exceptions = [ids[0], ids[1]]
    rule.owned = [ids[0]]
    let conditions = ViewConditions(all: [ViewCondition("helio_owner", "is", .text("tokyo"))])
    func owns(_ index: Int) -> Bool {
      if index < 2 { return index == 0 }
      let isHome = index % 2 == 1
      guard index % 6 < 4 else { return isHome }
      return index % 3 == 1 || (index % 3 == 2 && isHome)
    }
    let rules = [OfficeID("tokyo"): rule]
    #expect(try found(filters(conditions, rules)) == expected(owns))
    // Paris is closed for long: what stays there in group 1 is awake, and Tokyo is on duty.
    rule.closed = [OwnerRule.Closed(group: RowID(1), home: OfficeID("paris"))]
    let closed = [OfficeID("tokyo"): rule]
    #expect(
      try found(filters(conditions, closed))
        == expected { owns($0) || ($0 > 1 && $0 % 6 >= 4 && $0 % 3 == 1 && $0 % 2 == 0) })
    let others = ViewConditions(all: [ViewCondition("helio_owner", "is_not", .text("tokyo"))])
    #expect(try found(filters(others, rules)) == expected { !owns($0) })
  }

  static let orders: [ViewOrder] =
    ViewOrder.Key.allCases.map { ViewOrder(sort: $0, sortAscending: false) }
    + [
      ViewOrder(group: .status, groupAscending: false, sort: .updated, sortAscending: true),
      ViewOrder(group: .assignee, groupAscending: true, sort: .priority, sortAscending: false),
      ViewOrder(group: .type, groupAscending: true, sort: .id, sortAscending: false),
    ]

  @Test(arguments: orders)
  func everyOrderWalksForthAndBack(_ order: ViewOrder) throws {
    let filters = try filters(
      ViewConditions(all: [ViewCondition("status", "is_not", .text("new"))]))
    func page(_ request: PageRequest) throws -> Page<TicketRecord> {
      try store.readNow { try $0.tickets(filters, order: order, page: request) }
    }
    var walked: [TicketRecord] = []
    var pages: [[RowID]] = []
    var after: String?
    repeat {
      let next = try page(.cursor(size: 7, after: after, before: nil))
      walked += next.rows
      pages.append(next.rows.map(\.id))
      if pages.count > 1 {
        let back = try page(.cursor(size: 7, after: nil, before: next.beforeCursor))
        #expect(back.rows.map(\.id) == pages[pages.count - 2])
      }
      after = next.hasMore ? next.afterCursor : nil
    } while after != nil
    #expect(Set(walked.map(\.id)).count == expected { $0 % 6 != 0 }.count)
    #expect(walked.count == Set(walked.map(\.id)).count)
    for (left, right) in zip(walked, walked.dropFirst()) {
      #expect(precedes(left, right, order), "\(left.id) before \(right.id)")
    }
    var numbered: [RowID] = []
    for number in 1...10 {
      let next = try page(.offset(page: number, size: 7))
      #expect(next.count == walked.count)
      numbered += next.rows.map(\.id)
    }
    #expect(numbered == walked.map(\.id))
  }

  /// The order said in plain Swift.
  private func precedes(_ left: TicketRecord, _ right: TicketRecord, _ order: ViewOrder) -> Bool {
    func key(_ ticket: TicketRecord, _ key: ViewOrder.Key) -> Int64 {
      switch key {
      case .id: ticket.id.rawValue
      case .status: Int64(Self.statuses.firstIndex(of: ticket.status) ?? 9)
      case .priority:
        Int64((ticket.priority.flatMap { Self.priorities.firstIndex(of: $0) } ?? -1) + 1)
      case .type: ticket.type == nil ? 0 : 4
      case .assignee: ticket.assignee?.rawValue ?? 0
      case .group: ticket.group?.rawValue ?? 0
      case .requester, .submitter, .organization, .due: 0
      case .created: ticket.createdAt.milliseconds
      case .updated: ticket.updatedAt.milliseconds
      case .assigned: ticket.assignedAt?.milliseconds ?? 0
      case .solved:
        ["solved", "closed"].contains(ticket.status) ? ticket.statusSince?.milliseconds ?? 0 : 0
      }
    }
    if let group = order.group {
      let (l, r) = (key(left, group), key(right, group))
      if l != r { return order.groupAscending ? l < r : l > r }
    }
    let (l, r) = (key(left, order.sort), key(right, order.sort))
    if l != r { return order.sortAscending ? l < r : l > r }
    return order.sortAscending ? left.id < right.id : left.id > right.id
  }

  @Test func aCursorOfAnotherOrderIsRefused() throws {
    let order = ViewOrder(group: .status, sort: .updated)
    let page = try store.readNow {
      try $0.tickets([], order: order, page: .cursor(size: 3, after: nil, before: nil))
    }
    for cursor in [page.afterCursor ?? "", "", "!!", "AAAA"] {
      #expect(throws: StoreError.badCursor(cursor)) {
        _ = try store.readNow {
          try $0.tickets(
            [], order: ViewOrder(group: .status, sort: .created),
            page: .cursor(size: 3, after: cursor, before: nil))
        }
      }
    }
  }
}

@Suite struct SetupUpgradeTests {
  private let bench = TestBench()

  /// The schema as it was before there were views.
  private static var older: Schema {
    let known = Desk.schema.entities.filter {
      ![Desk.view, Desk.macro, Desk.schedule, Desk.holiday].contains($0.code)
    }
    return Schema(level: 1, entities: known)
  }

  @Test func whatANewerOfficeHadSetUpShowsAfterTheUpgrade() throws {
    let newer = try bench.open("new", slot: 2)
    let view = try newer.writeNow { try $0.newRowID() }
    let conditions = ViewConditions(all: [ViewCondition("status", "is", .text("open"))])
    try newer.commit(
      10,
      [
        RowChange(
          RowRef(Desk.view, view),
          [
            set(ViewColumn.title, .text("Open")),
            set(ViewColumn.conditions, .text(conditions.stored)),
          ])
      ])
    let holiday = try newer.writeNow { try $0.newRowID() }
    try newer.commit(
      11,
      [
        RowChange(
          RowRef(Desk.holiday, holiday),
          [set(HolidayColumn.schedule, .integer(70_002)), set(HolidayColumn.name, .text("Noël"))])
      ])
    do {
      let old = try bench.open("old", slot: 1, schema: Self.older)
      let ticket = try old.makeTicket(1, status: "open")
      try old.pull(from: newer)
      #expect(ticket.isValid)
    }
    let upgraded = try bench.open("old")
    let shown = try #require(try upgraded.readNow { try $0.view(view) })
    #expect(shown.title == "Open")
    #expect(shown.conditions == conditions)
    #expect(try upgraded.readNow { try $0.views().map(\.id) } == [view])
    #expect(
      try upgraded.readNow { try $0.holidays(of: RowID(70_002)).map(\.name) } == ["Noël"])
    #expect(try upgraded.readNow { try $0.recomputeFingerprint() } == upgraded.fingerprint)
    // A ticket of before has what views ask of it.
    let since = [TicketFilter(.statusSince(.greater, hlc(0).instant))]
    #expect(try upgraded.readNow { try $0.countTickets(since) } == 1)
    #expect(try upgraded.readNow { try $0.macros() } == [])
  }
}
