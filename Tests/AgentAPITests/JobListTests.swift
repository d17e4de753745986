// Statuses of bulk jobs: one user's many do not push out another's few.

import AgentAPI
import Hummingbird
import Testing

@Suite struct JobListTests {
  private static func job(_ api: APIClient, _ auth: String) async throws -> String {
    let answer = try await api.send(
      .delete, "/api/v2/tickets/destroy_many?ids=1", auth: "Bearer \(auth)")
    #expect(answer.status == 200, "\(answer.text)")
    return try #require(try answer.object("job_status")["id"] as? String)
  }

  @Test func theListIsPagedFromTheNewestOn() async throws {
    try await APIFixture().run { api in
      var made: [String] = []
      for _ in 0..<5 { made.append(try await Self.job(api, "agent-token")) }
      func ids(_ answer: APIClient.Answer) throws -> [String] {
        try answer.list("job_statuses").compactMap { $0["id"] as? String }
      }
      let first = try await api.get("/api/v2/job_statuses?page[size]=2")
      #expect(try ids(first) == [made[4], made[3]])
      let meta = try first.object("meta")
      #expect(meta["has_more"] as? Bool == true)
      let after = try #require(meta["after_cursor"] as? String)
      // What comes meanwhile moves nothing.
      made.append(try await Self.job(api, "agent-token"))
      let second = try await api.get("/api/v2/job_statuses?page[size]=2&page[after]=\(after)")
      #expect(try ids(second) == [made[2], made[1]])
      let numbered = try await api.get("/api/v2/job_statuses?page=2&per_page=4")
      #expect(try ids(numbered) == [made[1], made[0]])
      #expect(try numbered.json()["count"] as? Int == 6)
      #expect(try await api.get("/api/v2/job_statuses?page[size]=2&page[after]=x").status == 422)
      #expect(try await api.get("/api/v2/job_statuses?per_page=0").status == 400)
    }
  }

  @Test func whoRunsManyKeepsTheLastAndPushesOutNobody() async throws {
    try await APIFixture().run { api in
      func isKept(_ id: String, _ auth: String) async throws -> Bool {
        try await api.get("/api/v2/job_statuses/\(id)", auth: "Bearer \(auth)").status == 200
      }
      var few: [String] = []
      for _ in 0..<3 { few.append(try await Self.job(api, "agent-token")) }
      var many: [String] = []
      for _ in 0..<APILimits.jobs + 20 { many.append(try await Self.job(api, "admin-token")) }
      for id in few { #expect(try await isKept(id, "agent-token")) }
      // A thousand are kept of both together.
      #expect(!(try await isKept(many[22], "admin-token")))
      #expect(try await isKept(many[23], "admin-token"))
      #expect(try await isKept(many[APILimits.jobs + 19], "admin-token"))
      // Who comes with more takes the place of who keeps the most, not of who has few.
      let fresh = try await Self.job(api, "agent-token")
      #expect(!(try await isKept(many[23], "admin-token")))
      for id in few + [fresh] { #expect(try await isKept(id, "agent-token")) }
    }
  }
}
