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
