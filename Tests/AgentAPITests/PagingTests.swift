// Both ways of paging, and links that lead back to the host the client used.

import Foundation
import Hummingbird
import Testing

@Suite struct PagingTests {
  @Test func cursorPagesFollowEachOtherToTheEnd() async throws {
    try await APIFixture().run { api in
      for number in 0..<5 { _ = try await api.ticket("t\(number)") }
      var path = "/api/v2/tickets.json?page[size]=2"
      var subjects: [String] = []
      for _ in 0..<3 {
        let answer = try await api.get(path)
        subjects += try answer.list("tickets").compactMap { $0["subject"] as? String }
        let meta = try answer.object("meta")
        let next = try answer.object("links")["next"] as? String
        guard meta["has_more"] as? Bool == true else {
          #expect(next == nil)
          break
        }
        path = try #require(next).replacingOccurrences(of: "http://localhost", with: "")
        #expect(path.hasPrefix("/api/v2/tickets.json?"))
      }
      #expect(subjects == ["t0", "t1", "t2", "t3", "t4"])
      let back = try await api.get("/api/v2/tickets.json?page[size]=2&page[before]=c4")
      #expect(try back.list("tickets").compactMap { $0["subject"] as? String } == ["t2", "t3"])
    }
  }

  @Test func anEmptyPageHasItsKeys() async throws {
    try await APIFixture().run { api in
      let answer = try await api.get("/api/v2/tickets.json?page[size]=2")
      #expect(try answer.list("tickets").isEmpty)
      #expect(try answer.object("meta")["has_more"] as? Bool == false)
      #expect(try answer.object("links")["next"] is NSNull)
    }
  }

  @Test func offsetPagesNameTheNextAndThePrevious() async throws {
    try await APIFixture().run { api in
      for number in 0..<3 { _ = try await api.ticket("t\(number)") }
      let answer = try await api.get("/api/v2/tickets.json?per_page=2&sort_order=asc")
      let json = try answer.json()
      #expect(json["count"] as? Int == 3)
      #expect(json["previous_page"] is NSNull)
      let next = try #require(json["next_page"] as? String)
      #expect(
        next == "http://localhost/api/v2/tickets.json?sort_order=asc&page=2&per_page=2")
      let second = try await api.get(
        next.replacingOccurrences(of: "http://localhost", with: "")
      ).json()
      #expect(second["next_page"] is NSNull)
      #expect(second["previous_page"] is String)
    }
  }

  @Test(arguments: [
    "page=101", "page=102&per_page=100", "page[size]=0", "page[size]=101", "per_page=0", "page=0",
    "page=x", "page[after]=a&page[before]=b", "page=9223372036854775807&per_page=2",
  ])
  func whatLiesBeyondTheLimitsIsRefused(query: String) async throws {
    try await APIFixture().run { api in
      let answer = try await api.get("/api/v2/tickets.json?\(query)")
      #expect(answer.status == 400)
      #expect(try answer.json()["description"] is String)
    }
  }

  @Test func linksNeverRepeatAHostThatIsNone() async throws {
    try await APIFixture().run { api in
      let id = try await api.ticket()
      let answer = try await api.get("/api/v2/tickets/\(id)")
      #expect(
        try answer.object("ticket")["url"] as? String
          == "http://localhost/api/v2/tickets/\(id).json")
    }
  }
}
