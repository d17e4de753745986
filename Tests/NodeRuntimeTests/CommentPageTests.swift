// Pages of comments and audits that go on growing.

import Foundation
import Testing

@testable import NodeRuntime

@Suite(.serialized)
struct CommentPageTests {
  @Test func aNewCommentMovesNoPage() async throws {
    try await DeskBench.run { bench in
      let id = try await bench.ticket()
      let path = "/api/v2/tickets/\(id)/comments"
      func say(_ text: String) async throws {
        _ = try await bench.ask(
          "PUT", "/api/v2/tickets/\(id)", #"{"ticket":{"comment":{"body":"\#(text)"}}}"#)
      }
      for text in ["b", "c", "d"] { try await say(text) }
      let first = try await bench.get("\(path)?sort=-created_at&page[size]=2")
      try await say("e")
      let next = try #require(DeskBench.next(first))
      let second = try await bench.get(next)
      let seen = DeskBench.ids(first, "comments") + DeskBench.ids(second, "comments")
      #expect(seen.count == 4)
      #expect(Set(seen).count == 4)
      let third = try await bench.get(try #require(DeskBench.next(second, "prev")))
      #expect(DeskBench.ids(third, "comments") == DeskBench.ids(first, "comments"))

      let meta = try #require(first["meta"] as? [String: Any])
      let cursor = try #require(meta["after_cursor"] as? String)
      let other = try await bench.ticket("Another")
      for wrong in [
        "/api/v2/tickets/\(other)/comments?sort=-created_at&page[after]=\(cursor)",
        "\(path)?page[after]=\(cursor)", "\(path)?page[after]=p1",
        "/api/v2/tickets/\(id)/audits?page[after]=\(cursor)",
      ] {
        #expect(try await bench.ask("GET", wrong).status == 422, "\(wrong)")
      }
    }
  }

  @Test func auditsAreGivenNewestFirstWhereAsked() async throws {
    try await DeskBench.run { bench in
      let id = try await bench.ticket()
      for status in ["pending", "open", "solved"] {
        _ = try await bench.ask(
          "PUT", "/api/v2/tickets/\(id)", #"{"ticket":{"status":"\#(status)"}}"#)
      }
      let path = "/api/v2/tickets/\(id)/audits"
      let old = DeskBench.ids(try await bench.get(path), "audits")
      #expect(old.count == 4)
      for query in ["sort=-created_at", "sort_order=desc"] {
        #expect(DeskBench.ids(try await bench.get("\(path)?\(query)"), "audits") == old.reversed())
        let pages = try await bench.walked("\(path)?\(query)&page[size]=3", "audits")
        #expect(pages.flatMap(\.self) == old.reversed())
      }
    }
  }
}
