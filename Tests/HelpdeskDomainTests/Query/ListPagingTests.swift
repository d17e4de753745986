// Pages of lists at hand: by position, by place, and by number.

import HelpdeskDomain
import ReplicaCore
import Testing

@Suite struct ListPagingTests {
  private let letters = ["a", "b", "c", "d", "e"]

  private func after(_ cursor: String?, _ size: Int = 2) -> PageRequest {
    .cursor(size: size, after: cursor, before: nil)
  }

  @Test func positionsLeadThroughTheListAndBack() throws {
    let first = try #require(Page(of: letters, after(nil)))
    #expect(first.rows == ["a", "b"] && first.hasMore && first.beforeCursor == nil)
    let second = try #require(Page(of: letters, after(first.afterCursor)))
    #expect(second.rows == ["c", "d"] && second.hasMore)
    let third = try #require(Page(of: letters, after(second.afterCursor)))
    #expect(third.rows == ["e"] && !third.hasMore)
    let back = try #require(
      Page(of: letters, .cursor(size: 2, after: nil, before: third.beforeCursor)))
    #expect(back.rows == ["c", "d"] && back.hasMore)
    let front = try #require(
      Page(of: letters, .cursor(size: 2, after: nil, before: back.beforeCursor)))
    #expect(front.rows == ["a", "b"] && !front.hasMore && front.beforeCursor == nil)
  }

  @Test func aListThatBecameShorterEnds() throws {
    let page = try #require(Page(of: letters, after("p9")))
    #expect(page.rows.isEmpty && !page.hasMore && page.afterCursor == nil)
  }

  @Test(arguments: ["", "2", "p", "p-1", "px", "i3", "p99999999999999999999"])
  func whatIsNoPositionIsRefused(_ cursor: String) {
    #expect(Page(of: letters, after(cursor))?.rows == nil)
    #expect(Page(of: letters, .cursor(size: 2, after: nil, before: cursor))?.rows == nil)
  }

  @Test func numbersReachTheEndAndNoFurther() throws {
    let last = try #require(Page(of: letters, .offset(page: 3, size: 2)))
    #expect(last.rows == ["e"] && !last.hasMore && last.count == 5 && last.afterCursor == nil)
    let beyond = try #require(Page(of: letters, .offset(page: 9, size: 2)))
    #expect(beyond.rows.isEmpty && beyond.count == 5)
  }

  @Test func placesHoldWhereRowsComeAndGo() throws {
    var rows = (1...6).map { RowID($0) }
    func page(_ request: PageRequest) throws -> Page<RowID> {
      try #require(Page(of: rows, request, by: { $0 }))
    }
    let first = try page(after(nil))
    #expect(first.rows.map(\.rawValue) == [1, 2] && first.hasMore)
    rows.removeFirst(2)
    rows.insert(RowID(0), at: 0)
    #expect(try page(after(first.afterCursor)).rows.map(\.rawValue) == [3, 4])
    let back = try page(.cursor(size: 9, after: nil, before: "i4"))
    #expect(back.rows.map(\.rawValue) == [0, 3] && !back.hasMore)
    #expect(Page(of: rows, after("p2"), by: { $0 })?.rows == nil)
  }
}
