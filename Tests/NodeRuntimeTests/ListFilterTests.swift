// What a list is narrowed by narrows it, or is refused by name: nothing of it is passed over.

import Foundation
import HelpdeskDomain
import ReplicaCore
import Testing

@testable import NodeRuntime

@Suite(.serialized)
struct ListFilterTests {
  @Test func externalIDsNarrowUsersAndOrganizations() async throws {
    try await DeskBench.run { bench in
      var users: [Int64] = []
      for (name, id) in [("Ada", "D3"), ("Bob", "D4")] {
        users.append(
          try await bench.made(
            "/api/v2/users", #"{"user":{"name":"\#(name)","external_id":"\#(id)"}}"#, "user"))
      }
      let firm = try await bench.made(
        "/api/v2/organizations", #"{"organization":{"name":"Acme","external_id":"DO1"}}"#,
        "organization")
      _ = try await bench.made(
        "/api/v2/organizations", #"{"organization":{"name":"Other"}}"#, "organization")
      let cases: [(String, String, [Int64])] = [
        ("users?external_id=D3", "users", [users[0]]), ("users?external_id=D", "users", []),
        ("users?external_id=D3&role=agent", "users", []),
        ("users?external_id=D4&role=end-user&page[size]=5", "users", [users[1]]),
        ("organizations?external_id=DO1", "organizations", [firm]),
        ("organizations?external_id=DO2", "organizations", []),
        ("organizations/show_many?external_ids=DO1,DO9,DO1", "organizations", [firm]),
        ("users/show_many?external_ids=D4,D3", "users", [users[1], users[0]]),
      ]
      for (path, key, wanted) in cases {
        let answer = try await bench.get("/api/v2/\(path)")
        #expect(DeskBench.ids(answer, key) == wanted, "\(path)")
      }
      let count = try await bench.get("/api/v2/users/count?role=end-user")
      #expect((count["count"] as? [String: Any])?["value"] as? Int == 2)
      let viewer = try await bench.running.node.freshUser("vi", .viewer)
      let token = try await bench.running.node.freshToken(viewer).text
      let hidden = try await bench.client.ask(
        "GET", "/api/v2/users?external_id=D3", auth: "Bearer \(token)")
      #expect(hidden.status == 403)
    }
  }

  @Test func otherFiltersNarrowOrAreRefused() async throws {
    try await DeskBench.run { bench in
      let group = try await bench.made("/api/v2/groups", #"{"group":{"name":"A"}}"#, "group")
      let other = try await bench.made("/api/v2/groups", #"{"group":{"name":"B"}}"#, "group")
      let agent = try await bench.running.node.freshUser("bo", .agent)
      var members: [Int64] = []
      for each in [group, other] {
        members.append(
          try await bench.made(
            "/api/v2/group_memberships",
            #"{"group_membership":{"user_id":\#(agent),"group_id":\#(each)}}"#, "group_membership"))
      }
      let firm = try await bench.made(
        "/api/v2/organizations", #"{"organization":{"name":"Acme"}}"#, "organization")
      let user = try await bench.made(
        "/api/v2/users", #"{"user":{"name":"C","organization_id":\#(firm)}}"#, "user")
      let request = try await bench.ticket("R", #","requester_id":\#(user)"#)
      let cases: [(String, String, [Int64])] = [
        ("group_memberships?group_id=\(other)", "group_memberships", [members[1]]),
        ("users/\(agent)/group_memberships?group_id=\(group)", "group_memberships", [members[0]]),
        ("organization_memberships?organization_id=\(firm)", "organization_memberships", [user]),
        ("organization_memberships?organization_id=1", "organization_memberships", []),
        ("users/\(user)/requests?status=solved", "requests", []),
        ("users/\(user)/requests?status=new", "requests", [request]),
        ("ticket_forms?active=false", "ticket_forms", []),
        ("ticket_forms?end_user_visible=false", "ticket_forms", []),
        ("ticket_forms?active=true", "ticket_forms", [201]),
      ]
      for (path, key, wanted) in cases {
        let answer = try await bench.get("/api/v2/\(path)")
        #expect(DeskBench.ids(answer, key) == wanted, "\(path)")
      }
      let wrong: [(String, String)] = [
        ("users?external_id=", "external_id"), ("organizations?external_id=", "external_id"),
        ("users/search?external_id=", "external_id"), ("tickets?external_id=", "external_id"),
        ("users?permission_set=1", "permission_set"),
        ("users/count?permission_set=1", "permission_set"),
        ("macros?active=maybe", "active"), ("macros?access=agents", "access"),
        ("views?active=1", "active"), ("webhooks?filter[status]=on", "filter[status]"),
        ("oauth/tokens?client_id=1", "client_id"), ("search?query=a&sort_by=foo", "foo"),
        ("search?query=a&sort_order=up", "sort_order"), ("ticket_forms?active=2", "active"),
        ("group_memberships?group_id=x", "group_id"),
      ]
      for (path, name) in wrong {
        let answer = try await bench.ask("GET", "/api/v2/\(path)")
        #expect(answer.status == 400, "\(path): \(answer.text)")
        #expect(answer.text.contains(name), "\(path): \(answer.text)")
      }
    }
  }

  @Test func manyViewsAndMacrosGoTogetherOrNotAtAll() async throws {
    try await DeskBench.run { bench in
      for (kind, body) in [
        (
          "view",
          #"{"view":{"title":"V","all":[{"field":"status","operator":"is","value":"new"}]}}"#
        ), ("macro", #"{"macro":{"title":"M","actions":[{"field":"status","value":"open"}]}}"#),
      ] {
        var ids: [Int64] = []
        for _ in 0..<2 { ids.append(try await bench.made("/api/v2/\(kind)s", body, kind)) }
        let path = "/api/v2/\(kind)s/destroy_many?ids="
        #expect(try await bench.ask("DELETE", path + "\(ids[0]),1,\(ids[1])").status == 404)
        #expect(DeskBench.ids(try await bench.get("/api/v2/\(kind)s"), "\(kind)s") == ids)
        #expect(try await bench.ask("DELETE", path + "\(ids[0]),\(ids[1])").status == 204)
        #expect(DeskBench.ids(try await bench.get("/api/v2/\(kind)s"), "\(kind)s").isEmpty)
      }
      let agent = try await bench.running.node.freshUser("bo", .agent)
      let refused = try await bench.ask(
        "POST", "/api/v2/macros",
        #"""
        {"macro":{"title":"M","actions":[{"field":"status","value":"open"}],
        "restriction":{"type":"User","id":\#(agent)}}}
        """#)
      #expect(refused.status == 403)
      #expect(refused.text.contains("your own id"))
      #expect(!refused.text.contains("needs lead"))
    }
  }
}
