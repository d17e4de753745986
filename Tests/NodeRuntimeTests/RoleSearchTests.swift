// A role means the same people in lists and in searches of a real node.

import Foundation
import HelpdeskDomain
import ReplicaCore
import Testing

@testable import NodeRuntime

@Suite(.serialized)
struct RoleSearchTests {
  private func found(_ query: String, _ bench: DeskBench) async throws -> [Int64] {
    DeskBench.ids(try await bench.get("/api/v2/search?query=\(query.inQuery)"), "results").sorted()
  }

  @Test func aRoleFindsTheSamePeopleEverywhere() async throws {
    try await DeskBench.run { bench in
      var agents: [Int64] = []
      for role in ["viewer", "auditor", "light_agent", "agent", "lead", "end-user"] {
        let id = try await bench.running.node.freshUser(
          role, try #require(Role(rawValue: role))
        ).rawValue
        if role != "end-user" { agents.append(id) }
      }
      let list = DeskBench.ids(try await bench.get("/api/v2/users?role=agent"), "users")
      #expect(list.sorted() == agents.sorted())
      #expect(try await found("type:user role:agent", bench) == agents.sorted())
      let search = try await bench.get("/api/v2/users/search?query=role:agent")
      #expect(DeskBench.ids(search, "users").sorted() == agents.sorted())
      for (query, wanted) in [
        ("type:user role:lead", agents[4]), ("type:user helio_role:agent", agents[3]),
      ] {
        #expect(try await found(query, bench) == [wanted], "\(query)")
      }
      let own = try await bench.get("/api/v2/users?helio_role=agent")
      #expect(DeskBench.ids(own, "users") == [agents[3]])
      let wrong = try await bench.ask("GET", "/api/v2/users?role=foo")
      #expect(wrong.status == 400)
      #expect(wrong.text.contains("light_agent"))
    }
  }
}
