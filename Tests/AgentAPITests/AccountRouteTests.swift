// Shapes and refusals of passwords, tokens and presence.

import AgentAPI
import Foundation
import HelpdeskDomain
import Hummingbird
import ReplicaCore
import Testing

@Suite struct AccountRouteTests {
  private let agent = MemoryAuthenticator.agent

  @Test func tokensAreListedWithoutThemselves() async throws {
    try await APIFixture().run { api in
      let own = try await api.get("/api/helio/v1/tokens").list("tokens")
      #expect(own.first?["last_used_at"] as? String == "2026-09-21T14:13:20Z")
      #expect(own.first?["revoked"] as? Bool == false)
      #expect(own.first?["token"] == nil)
      let oauth = try await api.get("/api/v2/oauth/tokens.json").list("tokens")
      #expect(oauth.first?["token"] is NSNull)
      #expect(oauth.first?["scopes"] as? [String] == ["read", "write"])
      let current = try await api.get("/api/v2/oauth/tokens/current").object("token")
      #expect(current["id"] as? Int == 30_007)
      #expect(try await api.get("/api/helio/v1/tokens/40007").status == 404)
    }
  }

  @Test func whoNamesNobodyMakesATokenForThemselves() async throws {
    try await APIFixture().run { api in
      let path = "/api/helio/v1/tokens"
      let made = try await api.post(
        path, #"{"token":{"label":"laptop","expires_at":"2027-01-01"}}"#)
      #expect(made.status == 201, "\(made.text)")
      #expect(try made.object("token")["user_id"] as? Int == Int(agent.rawValue))
      #expect(try made.object("token")["label"] as? String == "laptop")
      let unknown = try await api.post(
        path, #"{"token":{"email":"nobody@example.com"}}"#, auth: "Bearer admin-token")
      #expect(unknown.status == 422, "\(unknown.text)")
    }
  }

  @Test func aNewTokenIsShownOnce() async throws {
    try await APIFixture().run { api in
      let made = try await api.post("/api/v2/oauth/tokens", #"{"token":{"label":"x"}}"#)
      #expect(made.status == 201)
      #expect(try made.object("token")["full_token"] as? String == "secret")
      let narrow = try await api.post("/api/v2/oauth/tokens", #"{"token":{"scopes":["read"]}}"#)
      #expect(narrow.status == 422)
      #expect(narrow.text.contains("all rights of its user"))
    }
  }

  @Test func otherPeoplesTokensAreNotForAgents() async throws {
    try await APIFixture().run { api in
      for path in ["?all=true", "?user_id=910007"] {
        #expect(try await api.get("/api/helio/v1/tokens\(path)").status == 403)
        let admin = try await api.get("/api/helio/v1/tokens\(path)", auth: "Bearer admin-token")
        #expect(admin.status == 200)
      }
      let customer = try await api.get("/api/helio/v1/tokens/30007", auth: "Bearer customer-token")
      #expect(customer.status == 403)
    }
  }

  @Test func passwordsNameWhatIsMissingOrWrong() async throws {
    try await APIFixture().run { api in
      let path = "/api/v2/users/\(agent)/password"
      let empty = try await api.send(.put, path, "{}")
      #expect(empty.status == 422)
      for field in ["previous_password", "password"] { #expect(empty.text.contains(field)) }
      let wrong = try await api.send(
        .put, path, #"{"previous_password":"no","password":"battery staple"}"#)
      #expect(wrong.status == 422)
      let right = try await api.send(
        .put, path, #"{"previous_password":"correct horse","password":"battery staple"}"#)
      #expect(right.status == 200)
      #expect(try right.json().isEmpty)
      let other = try await api.send(
        .put, "/api/v2/users/910007/password", #"{"previous_password":"a","password":"b"}"#)
      #expect(other.status == 403)
      let rules = try await api.get("\(path)/requirements").json()
      #expect(rules["requirements"] as? [String] == ["must be at least 10 characters"])
      #expect(try await api.post(path, #"{"password":"battery staple"}"#).status == 403)
    }
  }

  @Test func presenceIsCheckedAndListed() async throws {
    try await APIFixture().run { api in
      let path = "/api/helio/v1/presence"
      let list = try await api.get(path)
      #expect(try list.list("presences").first?["age_seconds"] as? Int == 4)
      #expect(try list.json()["expires_after_seconds"] as? Int == 60)
      #expect(try await api.get("\(path)?ticket_id=10007").list("presences").count == 1)
      #expect(try await api.get("\(path)?ticket_id=20007").list("presences").isEmpty)
      let id = try await api.ticket()
      let told = try await api.send(
        .put, path, #"{"presence":{"ticket_id":\#(id),"activity":"editing"}}"#)
      #expect(told.status == 200)
      for body in [
        #"{"presence":{"activity":"sleeping"}}"#, #"{"presence":{"ticket_id":99990007}}"#,
      ] { #expect(try await api.send(.put, path, body).status == 422, "\(body)") }
      #expect(try await api.send(.delete, path).status == 204)
      #expect(try await api.send(.put, path, "{}", auth: "Bearer customer-token").status == 403)
    }
  }

  /// A refusal, too, would tell who has an address, were the row looked up.
  @Test func aViewerFindsNobodyByAnAddress() async throws {
    let body = #"{"name":"Ann","email":"ann@x.example"}"#
    for (token, isFound) in [("viewer-token", false), ("agent-token", true)] {
      try await APIFixture().run { api in
        var ann = UserRecord(
          id: RowID(990_007), name: "Ann", role: .endUser, roleDot: .init(.init(7), 1),
          active: true)
        ann.email = "ann@x.example"
        await api.desk.put(ann)
        for (path, request) in [
          ("create_or_update_many", #"{"users":[\#(body)]}"#),
          ("create_or_update", #"{"user":\#(body)}"#),
        ] {
          let answer = try await api.post(
            "/api/v2/users/\(path)", request, auth: "Bearer \(token)")
          #expect(answer.text.contains("990007") == isFound, "\(path): \(answer.text)")
          let last = await api.desk.commands.last
          if case .updateUser = last { #expect(isFound) } else { #expect(!isFound) }
        }
      }
    }
  }

  @Test func strangersAreCountedToo() async throws {
    var fixture = APIFixture()
    fixture.requestsPerMinute = 2
    try await fixture.run { api in
      let first = try await api.get("/api/v2/users/me", auth: nil)
      #expect(first.status == 401)
      #expect(first.header("X-Rate-Limit") == "2")
      #expect(first.header("ratelimit-remaining") == "1")
      _ = try await api.get("/api/v2/users/me", auth: "Bearer wrong")
      let third = try await api.get("/api/v2/users/me", auth: nil)
      #expect(third.status == 429)
      #expect(Int(third.header("Retry-After") ?? "") != nil)
      // Who is let in has a count of their own.
      #expect(try await api.get("/api/v2/users/me").status == 200)
    }
  }
}
