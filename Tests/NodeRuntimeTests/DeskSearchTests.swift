// Searches as clients get them from a real node: the keys, and numbers alone.

import Foundation
import Testing

@testable import NodeRuntime

@Suite(.serialized)
struct DeskSearchTests {
  private func found(_ query: String, _ bench: DeskBench) async throws -> [Int64] {
    DeskBench.ids(try await bench.get("/api/v2/search?query=\(query.inQuery)"), "results").sorted()
  }

  @Test func eachKeyFindsItsTickets() async throws {
    try await DeskBench.run { bench in
      let claire = try await bench.made(
        "/api/v2/users", #"{"user":{"name":"Claire","email":"claire@example.com"}}"#, "user")
      let old = try await bench.made(
        "/api/v2/imports/tickets",
        #"""
        {"ticket":{"subject":"old","status":"solved","created_at":"2020-01-01T00:00:00Z",
        "updated_at":"2020-03-05T00:00:00Z","solved_at":"2020-01-02T00:00:00Z",
        "comments":[{"body":"It leaks"}]}}
        """#, "ticket")
      let copied = try await bench.ticket("copied", #","collaborator_ids":[\#(claire)]"#)
      let solved = try await bench.ticket("now", #","status":"solved""#)
      let upload = try await bench.ask("POST", "/api/v2/uploads?filename=a.txt", "some bytes")
      let token = try #require((try upload.json()["upload"] as? [String: Any])?["token"] as? String)
      let filed = try await bench.made(
        "/api/v2/tickets",
        #"{"ticket":{"subject":"file","comment":{"body":"See.","uploads":["\#(token)"]}}}"#,
        "ticket")
      for (query, wanted) in [
        ("type:ticket solved<2020-02-01", [old]), ("type:ticket solved>2020-02-01", [solved]),
        ("solved:2020-01-02", [old]), ("cc:claire@example.com", [copied]),
        ("cc:\(claire)", [copied]), ("has_attachment:true", [filed]), ("via:import", [old]),
        ("type:ticket via:api", [copied, solved, filed].sorted()),
        ("via:api has_attachment:false", [copied, solved].sorted()),
        ("\(old)", [old]), ("#\(copied)", [copied]),
      ] {
        #expect(try await found(query, bench) == wanted, "\(query)")
      }
    }
  }

  @Test func noneFindsWhatHasNone() async throws {
    try await DeskBench.run { bench in
      let bare = try await bench.ticket("bare")
      let tagged = try await bench.ticket(
        "tagged", #","tags":["vip"],"priority":"high","type":"task","due_at":"2027-01-01""#)
      let other = try await bench.ticket("other", #","tags":["a"],"priority":"low""#)
      for (query, wanted) in [
        ("tags:none", [bare]), ("-tags:none", [tagged, other]), ("priority:none", [bare]),
        ("type:none", [bare, other]), ("type:ticket ticket_type:none", [bare, other]),
        ("due_date:none", [bare, other]), ("-due_date:none", [tagged]),
        ("priority:none priority:low", [bare, other]), ("tags:none tags:vip", [bare, tagged]),
        ("tags:none priority:low", []),
      ] {
        #expect(try await found(query, bench) == wanted.sorted(), "\(query)")
      }
    }
  }

  @Test func anUnknownKeyIsRefusedByName() async throws {
    try await DeskBench.run { bench in
      for path in ["search", "search/count", "search/export"] {
        let answer = try await bench.ask(
          "GET", "/api/v2/\(path)?query=\("type:ticket solvd>2020-01-01".inQuery)")
        #expect(answer.status == 422, "\(path)")
        #expect(answer.text.contains("'solvd'"))
        #expect(answer.text.contains("solved, "))
      }
      for text in ["https://e.example/x", "10:30", "re: x", "\"colour:red\""] {
        let answer = try await bench.ask("GET", "/api/v2/search?query=\(text.inQuery)")
        #expect(answer.status == 200, "\(text)")
      }
    }
  }
}
