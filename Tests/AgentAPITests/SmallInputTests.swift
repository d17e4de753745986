// What clients get slightly wrong is said, and a guard that they give counts wherever it goes.

import AgentAPI
import Foundation
import HelpdeskDomain
import Hummingbird
import ReplicaCore
import Testing

@Suite struct SmallInputTests {
  @Test(arguments: ["POST", "PUT", "DELETE"])
  func tagsAreGuardedLikeTheTicket(_ method: String) async throws {
    try await APIFixture().run { api in
      let id = try await api.ticket()
      func change(_ guarding: String) async throws -> APIClient.Answer {
        try await api.send(
          .init(rawValue: method) ?? .get, "/api/v2/tickets/\(id)/tags",
          #"{"tags":["a"],\#(guarding)}"#)
      }
      let old = try await change(
        #""safe_update":"true","updated_stamp":"2020-01-01T00:00:00Z""#)
      #expect(old.status == 409, "\(old.text)")
      #expect(try old.json()["error"] as? String == "UpdateConflict")
      #expect(try await change(#""safe_update":true"#).status == 422)
      let new = try await change(#""safe_update":true,"updated_stamp":"2999-01-01T00:00:00Z""#)
      #expect(new.status < 300, "\(new.text)")
    }
  }

  @Test func aTicketThatIsNamedTwiceIsChangedOnce() async throws {
    try await APIFixture().run { api in
      let id = try await api.ticket()
      let answer = try await api.send(
        .put, "/api/v2/tickets/update_many?ids=\(id),\(id)", #"{"ticket":{"priority":"high"}}"#)
      let job = try answer.object("job_status")
      #expect((job["results"] as? [Any])?.count == 1)
      for path in ["tickets/destroy_many", "tickets/destroy_many?ids=,"] {
        #expect(try await api.send(.delete, "/api/v2/\(path)").status == 400)
      }
    }
  }

  @Test(arguments: [
    "tickets", "tickets/{id}/comments", "requests", "views", "macros", "views/{view}/execute",
  ])
  func anOrderIsAscOrDesc(_ path: String) async throws {
    try await APIFixture().run { api in
      let id = try await api.ticket()
      let made = try await api.post(
        "/api/v2/views",
        #"{"view":{"title":"V","all":[{"field":"status","operator":"is","value":"new"}]}}"#,
        auth: "Bearer admin-token")
      let view = try #require(try made.object("view")["id"] as? NSNumber)
      let path = path.replacing("{id}", with: "\(id)").replacing("{view}", with: "\(view)")
      for (order, status) in [("asc", 200), ("DESC", 200), ("up", 400)] {
        let answer = try await api.get("/api/v2/\(path)?sort_order=\(order)")
        #expect(answer.status == status, "\(order): \(answer.text)")
      }
    }
  }
}
