// What an admin gets wrong when a desk is set up is said, or refused, by a real node.

import AgentAPI
import Foundation
import HelpdeskDomain
import ReplicaCore
import Testing

@testable import NodeRuntime

@Suite(.serialized)
struct OperatorInputTests {
  /// A node, a client of it, and an admin's credential.
  private func one(
    _ test: (RunningNode, DeskClient, String) async throws -> Void
  ) async throws {
    let cluster = try TestCluster()
    let running = try await cluster.found()
    try #require(try await running.node.listening())
    let client = try DeskClient(running)
    do {
      let admin = try await running.node.freshUser("boss", .admin)
      try await test(running, client, "Bearer \(try await running.node.freshToken(admin).text)")
    } catch {
      await client.close()
      await cluster.stopAll()
      throw error
    }
    await client.close()
    await cluster.stopAll()
  }

  static let roster = """
    {"offices":[{"code":"paris","zone":"Europe/Paris"},{"code":"singapur","zone":"Asia/Singapore"}],
     "shifts":[{"office":"paris","start":"09:00","hours":9},
               {"office":"singapur","start":"09:00","hours":9}]}
    """

  @Test func anInventedZoneIsRefusedBeforeItIsInTheLog() async throws {
    try await one { _, client, auth in
      func invite(_ zone: String) async throws -> DeskClient.Answer {
        try await client.ask(
          "POST", "/api/helio/v1/invites", #"{"invite":{"office":"tokyo","zone":"\#(zone)"}}"#,
          auth: auth)
      }
      let refused = try await invite("Asia/Nope")
      #expect(refused.status == 422)
      let details = try refused.json()["details"] as? [String: Any]
      #expect(details?.keys.sorted() == ["zone"], "\(refused.text)")
      #expect(try await invite("Asia/Tokyo").status == 201)
    }
  }

  @Test func aRosterTellsOfOfficesThatHaveNoNode() async throws {
    try await one { _, client, auth in
      let path = "/api/helio/v1/roster"
      let made = try await client.ask("PUT", path, Self.roster, auth: auth)
      #expect(made.status == 201, "\(made.text)")
      let shown = try await client.ask("GET", path, auth: auth)
      for answer in [made, shown] {
        let warnings = (try answer.json()["roster"] as? [String: Any])?["warnings"] as? [String]
        let found = (warnings ?? []).filter { $0.contains("singapur") }
        #expect(
          found == ["the roster names 'singapur', which has no node; known offices are paris"])
      }
    }
  }

  @Test func aNodeRemovesItselfOnlyWhereItsNameIsSaidTwice() async throws {
    let cluster = try TestCluster()
    let paris = try await cluster.found()
    _ = try await cluster.join("tokyo", zone: "Asia/Tokyo", by: paris)
    try #require(try await paris.node.listening())
    let client = try DeskClient(paris)
    let admin = try await paris.node.freshUser("boss", .admin)
    let auth = "Bearer \(try await paris.node.freshToken(admin).text)"
    let path = "/api/helio/v1/members/paris-1/remove"
    for body in [nil, "{}", #"{"confirm":null}"#, #"{"confirm":"tokyo-1"}"#, #"{"confirm":1}"#] {
      let refused = try await client.ask("POST", path, body, auth: auth)
      #expect(refused.status == 422, "\(body ?? "none"): \(refused.text)")
      let details = try refused.json()["details"] as? [String: Any]
      #expect(details?.keys.sorted() == ["confirm"], "\(refused.text)")
    }
    // It still writes.
    _ = try await paris.node.freshUser("second", .agent)
    let done = try await client.ask("POST", path, #"{"confirm":"paris-1"}"#, auth: auth)
    #expect(done.status == 200, "\(done.text)")
    await client.close()
    await cluster.stopAll()
  }
}
