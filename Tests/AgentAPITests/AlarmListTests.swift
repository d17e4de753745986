// The list of alarms in both styles of paging, while alarms come and go.

import AgentAPI
import Foundation
import HelpdeskDomain
import ReplicaCore
import Synchronization
import Testing

@Suite struct AlarmListTests {
  /// `a1` and so many more, of which each two are raised in the same second.
  private static func fixture(_ more: Int) -> APIFixture {
    var fixture = APIFixture()
    fixture.node.moreAlarms = (0..<more).map { number in
      AlarmReport(
        id: "b\(100 + number)", kind: "in_transit", ticketID: nil, groupID: nil, office: "paris",
        raisedAt: WireTime(MemoryNode.time.instant + Int64(1 + number / 2) * 1_000),
        acknowledged: [
          .init(agentID: 10_007, agent: "Lea", office: nil, note: "mine", at: MemoryNode.time)
        ], message: "Ticket \(number)")
    }
    return fixture
  }

  private static func ids(_ answer: APIClient.Answer) throws -> [String] {
    try answer.list("alarms").compactMap { $0["id"] as? String }
  }

  @Test func noPageIsLongerThanAHundred() async throws {
    try await Self.fixture(149).run { api in
      let first = try await api.get("/api/helio/v1/alarms")
      #expect(try Self.ids(first).count == 100)
      #expect(try first.json()["count"] as? Int == 150)
      let next = try #require(try first.json()["next_page"] as? String)
      let second = try await api.get(next.replacingOccurrences(of: "http://localhost", with: ""))
      #expect(try Self.ids(second).count == 50)
      #expect(try second.json()["next_page"] is NSNull)
      #expect(try await api.get("/api/helio/v1/alarms?page[size]=101").status == 400)
      #expect(try await api.get("/api/helio/v1/alarms?page[size]=2&page[after]=p2").status == 400)
    }
  }

  @Test func cursorsFollowEachOtherThereAndBack() async throws {
    try await Self.fixture(6).run { api in
      var path = "/api/helio/v1/alarms?page[size]=3"
      var pages: [[String]] = []
      for _ in 0..<9 {
        let answer = try await api.get(path)
        pages.append(try Self.ids(answer))
        guard try answer.object("meta")["has_more"] as? Bool == true else { break }
        let next = try #require(try answer.object("links")["next"] as? String)
        path = next.replacingOccurrences(of: "http://localhost", with: "")
      }
      #expect(pages == [["a1", "b100", "b101"], ["b102", "b103", "b104"], ["b105"]])
      let last = try await api.get(path)
      let back = try #require(try last.object("links")["prev"] as? String)
      let before = try await api.get(back.replacingOccurrences(of: "http://localhost", with: ""))
      #expect(try Self.ids(before) == pages[1])
    }
  }

  @Test func whatEndsMeanwhileMovesNothing() async throws {
    var fixture = Self.fixture(6)
    let cursor = Mutex("")
    try await fixture.run { api in
      let meta = try await api.get("/api/helio/v1/alarms?page[size]=3").object("meta")
      let after = try #require(meta["after_cursor"] as? String)
      cursor.withLock { $0 = after }
    }
    fixture.node.moreAlarms.removeFirst(2)
    try await fixture.run { api in
      let after = cursor.withLock { $0 }
      let next = try await api.get("/api/helio/v1/alarms?page[size]=3&page[after]=\(after)")
      #expect(try Self.ids(next) == ["b102", "b103", "b104"])
    }
  }

  @Test func aViewerSeesWhoTookNoticeAndNotWhatTheyWrote() async throws {
    try await Self.fixture(1).run { api in
      let expected: [(token: String, note: String?)] = [
        ("agent-token", "mine"), ("viewer-token", nil),
      ]
      for (token, note) in expected {
        let alarms = try await api.get("/api/helio/v1/alarms", auth: "Bearer \(token)")
          .list("alarms")
        let acknowledged = try #require(alarms.last?["acknowledged"] as? [[String: Any]])
        #expect(acknowledged.first?["agent"] as? String == "Lea")
        #expect(acknowledged.first?["note"] as? String == note)
      }
    }
  }
}
