// What two offices made twice is shown together.

import AgentAPI
import HelpdeskDomain
import ReplicaCore
import Testing

@Suite struct MergeTaskTests {
  @Test func twinsAreShownWithBothRows() async throws {
    try await APIFixture().run { api in
      let path = "/api/helio/v1/merge-tasks"
      #expect(try await api.get(path).list("merge_tasks").isEmpty)
      for number in 0..<6 {
        // Three pairs, in different letters.
        let email = "\(number % 2 == 0 ? "Ana" : "ana")\(number / 2)@x.test"
        var user = UserRecord(
          id: RowID(number: 900 + Int64(number), slot: Slot(UInt32(1 + number % 2))),
          name: "n\(number)", role: .endUser, roleDot: Dot(Slot(1), 1), active: true)
        user.email = email
        await api.desk.put(user)
      }
      let page = try await api.get(path + "?page[size]=2").json()
      let tasks = try #require(page["merge_tasks"] as? [[String: Any]])
      #expect(tasks.count == 2)
      #expect((page["meta"] as? [String: Any])?["has_more"] as? Bool == true)
      #expect(tasks[0]["entity"] as? String == "user")
      #expect(tasks[0]["column"] as? String == "email")
      #expect(tasks[0]["value"] as? String == "ana0@x.test")
      let rows = try #require(tasks[0]["rows"] as? [[String: Any]])
      #expect(rows.map { $0["name"] as? String } == ["n0", "n1"])
      #expect(rows.allSatisfy { $0["role"] as? String == "end-user" }, "whole rows")
      #expect(try await api.get(path + "?page=2&per_page=2").list("merge_tasks").count == 1)
      #expect(try await api.get(path, auth: "Bearer customer-token").status == 403)
    }
  }

  @Test func aTaskThatIsDoneBetweenPagesHidesNoOther() async throws {
    try await APIFixture().run { api in
      func put(_ number: Int, _ email: String) async {
        var user = UserRecord(
          id: RowID(number: 900 + Int64(number), slot: Slot(1)), name: "n\(number)",
          role: .endUser, roleDot: Dot(Slot(1), 1), active: true)
        user.email = email
        await api.desk.put(user)
      }
      for number in 0..<6 { await put(number, "ana\(number / 2)@x.test") }
      let path = "/api/helio/v1/merge-tasks?page[size]=1"
      let first = try await api.get(path).json()
      await put(1, "nobody.else@x.test")
      let after = try #require((first["meta"] as? [String: Any])?["after_cursor"] as? String)
      let next = try await api.get(path + "&page[after]=\(after)").list("merge_tasks")
      #expect(next.map { $0["value"] as? String } == ["ana1@x.test"])
      #expect(try await api.get(path + "&page[after]=p1").status == 422, "a place in another list")
    }
  }
}
