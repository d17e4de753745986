// Lists of users: the same by any page, and read no further than the page needs.

import Foundation
import GRDB
import HelpdeskDomain
import ReplicaCore
import ReplicaStore
import Testing

@Suite struct UserListTests {
  private let bench = TestBench()
  private static let count = 400

  /// Every tenth is an agent, every third of a company, every fifth was deleted.
  private func directory() throws -> (ReplicaStore, group: RowID) {
    let store = try bench.open("a", slot: 1)
    let group = try store.writeNow { transaction in
      let group = try transaction.newRowID()
      var changes: [RowChange] = []
      for number in 0..<Self.count {
        let id = try transaction.newRowID()
        var actions = [
          personal(UserColumn.name, "Nóra \(number)"), set(UserColumn.active, .integer(1)),
          set(UserColumn.externalID, .text("x\(number % 100)")),
        ]
        if number % 10 == 0 { actions.append(set(UserColumn.role, .text("agent"))) }
        if number % 10 == 1 { actions.append(set(UserColumn.role, .text("of a newer release"))) }
        if number % 3 == 0 { actions.append(set(UserColumn.organization, .integer(77))) }
        if number % 5 == 4 { actions.append(set(UserColumn.deleted, .integer(1))) }
        changes.append(RowChange(RowRef(Desk.user, id), actions))
        guard number % 7 == 0 else { continue }
        changes.append(
          RowChange(
            RowRef(Desk.membership, try transaction.newRowID()),
            [
              set(MembershipColumn.user, .integer(id.rawValue)),
              set(MembershipColumn.group, .integer(group.rawValue)),
            ]))
      }
      try transaction.appendLocal(hlc: hlc(1), changes)
      try transaction.seal(sign: sign)
      return group
    }
    return (store, group)
  }

  private func filters(_ group: RowID) -> [(name: String, UserFilter)] {
    func with(_ change: (inout UserFilter) -> Void) -> UserFilter {
      var filter = UserFilter()
      change(&filter)
      return filter
    }
    return [
      ("all", with { _ in }), ("a text", with { $0.text = "NÓRA 3" }),
      ("agents", with { $0.roles = [.agent, .admin] }),
      ("customers", with { $0.roles = [.endUser] }),
      ("a company", with { $0.organization = RowID(77) }),
      ("an external id", with { $0.externalID = "x3" }),
      ("a group", with { $0.group = group }),
      (
        "several",
        with {
          ($0.text, $0.roles, $0.group, $0.organization) = ("3", [.endUser], group, RowID(77))
        }
      ),
    ]
  }

  @Test func aListIsTheSameByAnyPage() throws {
    let (store, group) = try directory()
    let members = Set(
      try store.readNow {
        try $0.memberships(group: group, .cursor(size: 1_000, after: nil, before: nil))
      }.rows.map(\.user))
    let all = try store.readNow { try $0.users(.cursor(size: 1_000, after: nil, before: nil)) }.rows
    #expect(all.count == Self.count * 4 / 5)
    for (name, filter) in filters(group) {
      let expected = all.filter { user in
        (filter.text.map { user.name.lowercased().contains($0.lowercased()) } ?? true)
          && (filter.roles.isEmpty || filter.roles.contains(user.role))
          && (filter.externalID.map { user.externalID == $0 } ?? true)
          && (filter.organization.map { user.organization == $0 } ?? true)
          && (filter.group.map { _ in members.contains(user.id) } ?? true)
      }
      #expect(!expected.isEmpty, "\(name)")
      try store.readNow { view in
        var read: [UserRecord] = []
        var page = try view.users(filter, .cursor(size: 7, after: nil, before: nil))
        var pages = [page.rows]
        read += page.rows
        while page.hasMore {
          page = try view.users(filter, .cursor(size: 7, after: page.afterCursor, before: nil))
          read += page.rows
          pages.append(page.rows)
        }
        #expect(read == expected, "\(name) by cursor")
        if pages.count > 1 {
          let back = try view.users(
            filter, .cursor(size: 7, after: nil, before: page.beforeCursor))
          #expect(back.rows == pages[pages.count - 2], "\(name) backwards")
        }
        let second = try view.users(filter, .offset(page: 2, size: 7))
        #expect(second.count == expected.count, "\(name) by number")
        #expect(second.rows == Array(expected.dropFirst(7).prefix(7)), "\(name) by number")
        #expect(second.hasMore == (expected.count > 14), "\(name) by number")
      }
    }
  }

  /// Rows that cannot be read stand for those that must not be.
  @Test func aPageReadsNoRowsBeyondIt() throws {
    let (store, group) = try directory()
    try store.close()
    let queue = try DatabaseQueue(path: "\(bench.root)/a/heliotrope.sqlite")
    try queue.write {
      try $0.execute(
        sql: """
          UPDATE user SET meta = x'ff'
          WHERE id > (SELECT id FROM user ORDER BY id LIMIT 1 OFFSET 200)
          """)
    }
    try queue.close()
    try bench.open("a").readNow { view in
      for (name, filter) in filters(group) where !["an external id", "several"].contains(name) {
        let page = try view.users(filter, .cursor(size: 3, after: nil, before: nil))
        #expect(page.rows.count == 3, "\(name)")
        _ = try view.users(filter, .offset(page: 1, size: 3))
        let whole = Result {
          try view.users(filter, .cursor(size: 1_000, after: nil, before: nil)).rows.count
        }
        #expect(throws: (any Error).self, "\(name): the test sees what is read") {
          try whole.get()
        }
      }
      let found = try view.users(holding: ["nóra"], alsoInNotes: true, after: .none, limit: 50)
      #expect(try view.users(found).count == 50)
      let more = try view.users(
        holding: ["nóra 9"], alsoInNotes: true, after: found[49], limit: 2)
      #expect(try view.users(more).count == 2)
      #expect(more.allSatisfy { $0 > found[49] })
    }
  }

  @Test func pagesOfCommentsMakeTheWholeListInBothStylesAndDirections() throws {
    let store = try bench.open("a", slot: 1)
    let ticket = try store.makeTicket(1)
    for number in 0..<30 {
      _ = try store.makeComment(UInt64(2 + number / 3), ticket, "comment \(number)")
    }
    try store.readNow { view in
      let all = try view.comments(ticket).map(\.id)
      for ascending in [true, false] {
        let wanted = ascending ? all : all.reversed()
        let numbered = try (1...5).map {
          try view.comments(ticket, ascending: ascending, .offset(page: $0, size: 7))
        }
        #expect(numbered.flatMap(\.rows).map(\.id) == wanted)
        #expect(numbered.allSatisfy { $0.count == 30 })
        var (found, cursor): ([RowID], String?) = ([], nil)
        repeat {
          let page = try view.comments(
            ticket, ascending: ascending, .cursor(size: 7, after: cursor, before: nil))
          found += page.rows.map(\.id)
          cursor = page.hasMore ? page.afterCursor : nil
        } while cursor != nil
        #expect(found == wanted)
      }
      let page = try view.comments(
        ticket, ascending: true, .cursor(size: 7, after: nil, before: nil))
      let cursor = try #require(page.afterCursor)
      #expect(throws: StoreError.self) {
        try view.comments(ticket, ascending: false, .cursor(size: 7, after: cursor, before: nil))
      }
    }
  }

  @Test func historyUpToAChangeIsItsBeginning() throws {
    let store = try bench.open("a", slot: 1)
    let ticket = try store.makeTicket(1)
    for number in 0..<9 {
      try store.setTicket(UInt64(2 + number), ticket, TicketColumn.priority, .text("\(number)"))
    }
    try store.readNow { view in
      let row = RowRef(Desk.ticket, ticket)
      let all = try view.history(row)
      #expect(all.count == 10)
      #expect(try view.history(row, upTo: all[3].applied) == Array(all.prefix(4)))
    }
  }
}
