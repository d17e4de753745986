// Who gets in, how often, and from where.

import AgentAPI
import Foundation
import HelpdeskDomain
import Hummingbird
import Testing

@Suite struct DoorTests {
  static func basic(_ text: String) -> String {
    "Basic " + Data(text.utf8).base64EncodedString()
  }

  @Test func threeWaysToLogIn() async throws {
    try await APIFixture().run { api in
      for auth in [
        Self.basic("agent@paris.example/token:agent-token"),
        Self.basic("agent@paris.example:correct horse"), "Bearer agent-token",
        "bearer agent-token",
      ] {
        #expect(try await api.get("/api/v2/tickets.json", auth: auth).status == 200, "\(auth)")
      }
      for auth in [
        "", "Basic", "Basic !!!", Self.basic("agent@paris.example"), "Bearer ", "Bearer wrong",
        Self.basic("agent@paris.example/token:wrong"), "Digest x", "Bearer agent-token x",
      ] {
        let answer = try await api.get("/api/v2/tickets.json", auth: auth)
        #expect(answer.status == 401, "\(auth)")
        #expect(answer.header("WWW-Authenticate") != nil)
      }
    }
  }

  @Test func wrongPasswordsAreMadeToWait() async throws {
    try await APIFixture().run { api in
      let answer = try await api.get(
        "/api/v2/users/me", auth: Self.basic("slow@paris.example:x"))
      #expect(answer.status == 429)
      #expect(answer.header("Retry-After") == "8")
    }
  }

  @Test func customersMayNotReadTheDesk() async throws {
    try await APIFixture().run { api in
      let id = try await api.ticket()
      for path in [
        "/api/v2/tickets", "/api/v2/tickets/\(id)", "/api/v2/tickets/\(id)/comments",
        "/api/v2/tickets/\(id)/audits", "/api/v2/tickets/\(id)/tags", "/api/v2/users",
        "/api/v2/groups", "/api/v2/organizations", "/api/v2/search?query=a",
        "/api/v2/search/count?query=a", "/api/v2/incremental/tickets/cursor?start_time=0",
        "/api/v2/group_memberships", "/api/v2/ticket_fields", "/api/v2/tickets/count",
        "/api/v2/tickets/show_many?ids=\(id)", "/api/helio/v1/node", "/api/helio/v1/sites",
        "/api/helio/v1/members", "/api/helio/v1/handoffs", "/api/helio/v1/alarms",
        "/api/helio/v1/conflicts", "/api/helio/v1/ownership", "/api/helio/v1/roster",
        "/api/helio/v1/coverage", "/api/helio/v1/verify", "/api/helio/v1/events",
      ] {
        let answer = try await api.get(path, auth: "Bearer customer-token")
        #expect(answer.status == 403, "\(path): \(answer.text)")
      }
    }
  }

  @Test func onlyAdminsRunTheCluster() async throws {
    try await APIFixture().run { api in
      for (path, body) in [
        ("/api/helio/v1/invites", #"{"invite":{"office":"tokyo"}}"#),
        ("/api/helio/v1/members/paris-1/remove", ""), ("/api/helio/v1/links/all/pause", ""),
        ("/api/helio/v1/links/x/resume", ""), ("/api/helio/v1/roster", "office = 1"),
        ("/api/helio/v1/users", #"{"user":{"name":"a"}}"#),
        ("/api/helio/v1/imports/incidents", #"{"source":"f","office_map":{},"rows":[]}"#),
        ("/api/helio/v1/tokens", #"{"token":{"user_id":910007}}"#),
      ] {
        #expect(try await api.post(path, body).status == 403, "\(path)")
        let allowed = try await api.post(path, body, auth: "Bearer admin-token")
        #expect(allowed.status / 100 == 2, "\(path): \(allowed.text)")
      }
    }
  }

  @Test func anotherSitesPageMayNotChangeAnything() async throws {
    try await APIFixture().run { api in
      let body = #"{"ticket":{"comment":{"body":"x"}}}"#
      for origin in ["https://evil.example", "null", "http://localhost.evil.example"] {
        let answer = try await api.send(
          .post, "/api/v2/tickets", body, headers: [.origin: origin])
        #expect(answer.status == 403, "\(origin)")
      }
      #expect(await api.desk.commands.isEmpty)
      let own = try await api.send(
        .post, "/api/v2/tickets", body, headers: [.origin: "http://localhost"])
      #expect(own.status == 201)
      let read = try await api.send(
        .get, "/api/v2/tickets", headers: [.origin: "https://evil.example"])
      #expect(read.status == 200)
      #expect(read.header("Access-Control-Allow-Origin") == nil)
    }
  }

  @Test func requestsAreCountedPerUser() async throws {
    var fixture = APIFixture()
    fixture.requestsPerMinute = 2
    try await fixture.run { api in
      let first = try await api.get("/api/v2/users/me")
      #expect(first.header("X-Rate-Limit") == "2")
      #expect(first.header("X-Rate-Limit-Remaining") == "1")
      #expect(first.header("ratelimit-limit") == "2")
      #expect(first.header("ratelimit-remaining") == "1")
      #expect(Int(first.header("ratelimit-reset") ?? "").map { (1...60).contains($0) } == true)
      _ = try await api.get("/api/v2/users/me")
      let third = try await api.get("/api/v2/users/me")
      #expect(third.status == 429)
      #expect(Int(third.header("Retry-After") ?? "").map { (1...60).contains($0) } == true)
      #expect(try await api.get("/api/v2/users/me", auth: "Bearer admin-token").status == 200)
    }
  }

  @Test func answersTellBrowsersToStayOut() async throws {
    try await APIFixture().run { api in
      let answer = try await api.get("/api/v2/tickets.json")
      #expect(answer.header("X-Content-Type-Options") == "nosniff")
      #expect(answer.header("Cache-Control") == "no-store")
      #expect(answer.header("Content-Security-Policy")?.contains("default-src 'none'") == true)
    }
  }

  @Test func markupAndControlsAreStoredInert() async throws {
    try await APIFixture().run { api in
      let nasty = #"<script>alert(1)</script>'; DROP TABLE ticket;-- \r\nSet-Cookie: a=b =1+1"#
      let id = try await api.ticket(nasty)
      let answer = try await api.get("/api/v2/tickets/\(id).json")
      #expect(!answer.text.contains("<script>"))
      #expect(
        try answer.object("ticket")["subject"] as? String
          == "<script>alert(1)</script>'; DROP TABLE ticket;-- \r\nSet-Cookie: a=b =1+1")
      #expect(answer.header("Set-Cookie") == nil)
      _ = try await api.send(
        .put, "/api/v2/tickets/\(id)",
        #"{"ticket":{"comment":{"html_body":"<p>Hi <b>you</b></p><script>x()</script>&lt;i&gt;"}}}"#
      )
      let comment = try #require(
        try await api.get("/api/v2/tickets/\(id)/comments").list("comments").last)
      #expect(comment["body"] as? String == "Hi you\n<i>")
      #expect(
        comment["html_body"] as? String
          == #"<div class="comment" dir="auto"><p>Hi you<br>&lt;i&gt;</p></div>"#)
    }
  }

  @Test func healthNeedsNoLoginAndTellsTheTruth() async throws {
    try await APIFixture().run { api in
      let answer = try await api.get("/health", auth: nil)
      #expect(answer.status == 200)
      #expect(try answer.json()["ok"] as? Bool == true)
    }
    var sick = APIFixture()
    sick.node.isHealthy = false
    try await sick.run { api in
      let answer = try await api.get("/health", auth: nil)
      #expect(answer.status == 503)
    }
  }
}
