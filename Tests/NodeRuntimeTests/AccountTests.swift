// Accounts on real nodes: passwords, tokens, disabling here and elsewhere, guessing, cut off.

import Foundation
import HelpdeskDomain
import ReplicaCore
import ReplicaStore
import Testing

@testable import NodeRuntime

@Suite(.serialized)
struct AccountTests {
  static let me = "/api/v2/users/me"
  static let password = "correct horse battery"

  /// A node, and a client of it.
  private func one(
    _ test: (RunningNode, DeskClient, TestCluster) async throws -> Void
  ) async throws {
    let cluster = try TestCluster()
    let running = try await cluster.found()
    try #require(try await running.node.listening())
    let client = try DeskClient(running)
    do { try await test(running, client, cluster) } catch {
      await client.close()
      await cluster.stopAll()
      throw error
    }
    await client.close()
    await cluster.stopAll()
  }

  @Test func aDisabledUserIsOutAtOnceStreamsIncluded() async throws {
    try await one { running, client, _ in
      let node = running.node
      let mei = try await node.freshUser("mei", .agent, password: Self.password)
      let bearer = "Bearer \(try await node.freshToken(mei).text)"
      let basic = DeskClient.basic("mei@acme.example", Self.password)
      for auth in [bearer, basic, basic] {
        #expect(try await client.ask("GET", Self.me, auth: auth).status == 200)
      }
      async let byToken = client.listen("/api/helio/v1/events", auth: bearer, seconds: 20)
      async let byPassword = client.listen("/api/helio/v1/events", auth: basic, seconds: 20)
      try await Task.sleep(for: .milliseconds(500))
      let start = ContinuousClock.now
      var edit = UserEdit()
      edit.active = false
      _ = try await node.submit(.updateUser(mei, edit), as: node.operatorActor)
      for auth in [bearer, basic] {
        #expect(try await client.ask("GET", Self.me, auth: auth).status == 401)
      }
      #expect(try await byToken)
      #expect(try await byPassword)
      #expect(ContinuousClock.now - start < .seconds(10))
      edit.active = true
      _ = try await node.submit(.updateUser(mei, edit), as: node.operatorActor)
      #expect(try await client.ask("GET", Self.me, auth: bearer).status == 200)
    }
  }

  @Test func aRevokedOrExpiredTokenIsToldSo() async throws {
    try await one { running, client, _ in
      let node = running.node
      let mei = try await node.freshUser("mei", .agent)
      let short = try await node.freshToken(mei, expiresAt: node.parts.clock.now + 1_500)
      let long = try await node.freshToken(mei)
      #expect(try await client.ask("GET", Self.me, auth: "Bearer \(short.text)").status == 200)
      try await Task.sleep(for: .seconds(2))
      let expired = try await client.ask("GET", Self.me, auth: "Bearer \(short.text)")
      #expect(expired.status == 401)
      #expect(expired.text.contains("expired"))
      _ = try await node.submit(.revokeToken(long.id), as: node.operatorActor)
      let revoked = try await client.ask("GET", Self.me, auth: "Bearer \(long.text)")
      #expect(revoked.status == 401)
      #expect(revoked.text.contains("revoked"))
      let unknown = try await client.ask("GET", Self.me, auth: "Bearer \(long.text)x")
      #expect(unknown.text == #"{"error":"Couldn't authenticate you"}"#)
    }
  }

  @Test func theLastUseOfATokenIsShownToTheHourAndMakesNoDelta() async throws {
    try await one { running, client, _ in
      let node = running.node
      let mei = try await node.freshUser("mei", .agent)
      let token = try await node.freshToken(mei)
      let path = "/api/helio/v1/tokens/\(token.id)"
      let auth = "Bearer \(token.text)"
      let before = node.localState
      let first = try await client.ask("GET", path, auth: auth)
      let used = (try first.json()["token"] as? [String: Any])?["last_used_at"] as? String
      #expect(used?.hasSuffix(":00:00Z") == true, "\(first.text)")
      for _ in 0..<20 { _ = try await client.ask("GET", path, auth: auth) }
      await node.parts.accounts.uses.flush()
      #expect(node.localState == before)
      let again = TokenUse(store: node.parts.store)
      let kept = try await node.parts.store.read { try again.lastUse(token.id, in: $0) }
      #expect(kept != nil)
      // Nothing of the token itself is in any answer.
      #expect(!first.text.contains(token.text))
    }
  }

  @Test func onesOwnPasswordIsChangedWithThePreviousOne() async throws {
    try await one { running, client, _ in
      let node = running.node
      let mei = try await node.freshUser("mei", .viewer, password: Self.password)
      let path = "/api/v2/users/\(mei)/password"
      let auth = DeskClient.basic("mei@acme.example", Self.password)
      func change(_ previous: String, _ new: String) async throws -> DeskClient.Answer {
        try await client.ask(
          "PUT", path, #"{"previous_password":"\#(previous)","password":"\#(new)"}"#, auth: auth)
      }
      for (new, reason) in [
        ("short", "at least 10"), (String(repeating: "ab", count: 65), "at most 128"),
        ("mei@acme.example", "mail address"), ("aaaaaaaaaaaa", "one sign"),
        (Self.password, "already"),
      ] {
        let answer = try await change(Self.password, new)
        #expect(answer.status == 422 && answer.text.contains(reason), "\(new): \(answer.text)")
      }
      let wrong = try await change("not it at all", "staple at midnight")
      #expect(wrong.status == 422 && wrong.text.contains("previous_password"))
      #expect(try await change(Self.password, "staple at midnight").status == 200)
      #expect(try await client.ask("GET", Self.me, auth: auth).status == 401)
      let new = DeskClient.basic("mei@acme.example", "staple at midnight")
      #expect(try await client.ask("GET", Self.me, auth: new).status == 200)
    }
  }

  @Test func guessingIsSlowedTheSameForUsersThatThereAreNot() async throws {
    try await one { running, client, _ in
      let node = running.node
      _ = try await node.freshUser("mei", .agent, password: Self.password)
      for name in ["nobody", "mei"] {
        let auth = DeskClient.basic("\(name)@acme.example", "wrong password")
        var statuses: [Int] = []
        for _ in 0..<6 { statuses.append(try await client.ask("GET", Self.me, auth: auth).status) }
        #expect(statuses == [401, 401, 401, 401, 429, 429], "\(name)")
      }
      // The right one is not looked at before the delay is over, and let in after it.
      let right = DeskClient.basic("mei@acme.example", Self.password)
      let early = try await client.ask("GET", Self.me, auth: right)
      #expect(early.status == 429)
      #expect(early.headers["retry-after"].flatMap({ Int($0) }) != nil)
      let isIn = try await eventually(10) {
        try await client.ask("GET", Self.me, auth: right).status == 200
      }
      #expect(isIn)
      // What has grown outlives a restart.
      let far = DeskClient.basic("nobody@acme.example", "wrong again")
      for _ in 0..<4 { _ = try await client.ask("GET", Self.me, auth: far) }
      #expect(
        try await eventually(30) {
          let kept = await AgentAccounts.load(from: node.parts.store)
          return !kept.entries.isEmpty
        })
    }
  }

  /// The clocks of a hundred tries at once stand still together: only a few are looked at.
  @Test func aHundredTriesAtOnceAreNotAHundredGuesses() async throws {
    try await one { running, client, _ in
      _ = try await running.node.freshUser("mei", .agent, password: Self.password)
      let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
        for number in 0..<100 {
          group.addTask {
            try await client.ask(
              "GET", Self.me, auth: DeskClient.basic("mei@acme.example", "guess \(number) guess")
            ).status
          }
        }
        var statuses: [Int] = []
        for try await status in group { statuses.append(status) }
        return statuses
      }
      #expect(statuses.count { $0 == 401 } <= 5)
      #expect(statuses.allSatisfy { $0 == 401 || $0 == 429 })
    }
  }

  /// Tries at many accounts that there are not, with one password: each of them counts.
  @Test func oneGuessForManyAccountsIsManyGuesses() async throws {
    try await one { _, client, _ in
      let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
        for number in 0..<60 {
          group.addTask {
            try await client.ask(
              "GET", Self.me, auth: DeskClient.basic("user\(number)@acme.example", "summer of 26")
            ).status
          }
        }
        var statuses: [Int] = []
        for try await status in group { statuses.append(status) }
        return statuses
      }
      #expect(statuses.contains(429))
      #expect(statuses.allSatisfy { $0 == 401 || $0 == 429 })
    }
  }

  @Test func wrongTokensAreToldToWaitAndRightOnesAreLetIn() async throws {
    try await one { running, client, _ in
      let mei = try await running.node.freshUser("mei", .agent)
      let right = "Bearer \(try await running.node.freshToken(mei).text)"
      var statuses: [Int] = []
      for number in 0..<40 {
        let answer = try await client.ask("GET", Self.me, auth: "Bearer hlt_\(number)")
        statuses.append(answer.status)
      }
      #expect(statuses.first == 401)
      #expect(statuses.last == 429)
      #expect(try await client.ask("GET", Self.me, auth: right).status == 200)
    }
  }

  /// Disabled in Paris: out at Singapore as soon as the delta is there; a node that is cut off keeps
  /// them in until its grace is over, and then asks its operator.
  @Test func disablingReachesOtherNodesAndCutOffOnesAskTheirOperator() async throws {
    let cluster = try TestCluster()
    let paris = try await cluster.found()
    let singapore = try await cluster.join("singapore", zone: "Asia/Singapore", by: paris)
    let mei = try await paris.node.freshUser("mei", .agent, office: "singapore")
    let ana = try await paris.node.freshUser("ana", .agent, office: "singapore")
    let auth = "Bearer \(try await paris.node.freshToken(mei).text)"
    let anas = "Bearer \(try await paris.node.freshToken(ana).text)"
    try #require(try await singapore.node.listening())
    let client = try DeskClient(singapore)
    #expect(
      try await eventually { try await client.ask("GET", Self.me, auth: auth).status == 200 })
    async let ended = client.listen("/api/helio/v1/events", auth: auth, seconds: 30)
    try await Task.sleep(for: .milliseconds(500))
    var edit = UserEdit()
    edit.active = false
    _ = try await paris.node.submit(.updateUser(mei, edit), as: paris.node.operatorActor)
    #expect(
      try await eventually(10) { try await client.ask("GET", Self.me, auth: auth).status == 401 })
    #expect(try await ended)

    // What she does where it is not known yet stays, and is flagged.
    try await actLate(paris, singapore)

    await client.close()
    await cluster.stopAll()

    // A month later, still alone: nobody gets in whom the operator has not confirmed.
    let alone = try await cluster.start("singapore", ahead: 31 * 24 * 3_600_000)
    try #require(try await alone.node.listening())
    let later = try DeskClient(alone)
    let refused = try await later.ask("GET", Self.me, auth: anas)
    #expect(refused.status == 403 && refused.text.contains("helio user confirm"))
    #expect(try await alone.node.alarms().contains("sign-ins"))
    _ = try await NodeAdapter(parts: alone.node.parts).confirm([ana])
    #expect(try await later.ask("GET", Self.me, auth: anas).status == 200)
    await later.close()
    await alone.stop()
    // The confirmation is kept, and is one user's.
    let again = try await cluster.start("singapore", ahead: 32 * 24 * 3_600_000)
    try #require(try await again.node.listening())
    let client2 = try DeskClient(again)
    #expect(try await client2.ask("GET", Self.me, auth: anas).status == 200)
    let zoe = try await again.node.freshToken(try await again.node.freshUser("zoe", .lead))
    #expect(try await client2.ask("GET", Self.me, auth: "Bearer \(zoe.text)").status == 403)
    await client2.close()
    await cluster.stopAll()
  }

  /// Somebody is disabled at one node and works at the other while they are apart.
  private func actLate(_ here: RunningNode, _ there: RunningNode) async throws {
    let bo = try await here.node.freshUser("bo", .admin)
    let admin = try await here.node.freshUser("root", .admin)
    let auditor = "Bearer \(try await here.node.freshToken(admin).text)"
    #expect(try await eventually { here.node.localState == there.node.localState })
    there.node.pauseLinks(true)
    #expect(try await eventually { there.node.connectedPeers.isEmpty })
    var edit = UserEdit()
    edit.active = false
    _ = try await here.node.submit(.updateUser(bo, edit), as: here.node.operatorActor)
    try await Task.sleep(for: .milliseconds(20))
    let actor = try #require(try await there.node.actor("bo@acme.example"))
    let made = try await there.node.submit(
      .createTicket(TicketDraft(subject: "Late", comment: CommentDraft(body: "x"))), as: actor)
    // The worst that can be done late: another door.
    let backdoor = try await there.node.submit(
      .createUser(UserDraft(name: "B", email: "b@acme.example", role: .admin)), as: actor)
    there.node.pauseLinks(false)
    #expect(try await eventually { here.node.localState == there.node.localState })
    let ticket = try #require(made.created)
    let door = try #require(backdoor.created)
    for running in [here, there] {
      await running.node.parts.accounts.lookForLate()
      #expect(try await running.node.alarms().contains("late-user-\(door)"))
      let client = try DeskClient(running)
      let audits = try await client.ask("GET", "/api/v2/tickets/\(ticket)/audits", auth: auditor)
      #expect(audits.text.contains(#""after_disabling":true"#), "\(audits.text)")
      #expect(audits.text.contains(#""void":null"#))
      await client.close()
    }
    _ = try await here.node.submit(.updateUser(door, edit), as: here.node.operatorActor)
    await here.node.parts.accounts.lookForLate()
    #expect(!(try await here.node.alarms().contains("late-user-\(door)")))
    await #expect(throws: Refusal.forbidden(.inactiveUser(bo))) {
      _ = try await there.node.submit(.deleteTicket(ticket), as: actor)
    }
  }

  @Test func presenceIsSeenAtTheOtherNodeWithItsAge() async throws {
    let cluster = try TestCluster()
    let paris = try await cluster.found()
    let singapore = try await cluster.join("singapore", zone: "Asia/Singapore", by: paris)
    let mei = try await paris.node.freshUser("mei", .agent)
    let auth = "Bearer \(try await paris.node.freshToken(mei).text)"
    try #require(try await singapore.node.listening())
    let (here, there) = (try DeskClient(paris), try DeskClient(singapore))
    #expect(try await eventually { !paris.node.connectedPeers.isEmpty })
    #expect(try await eventually { try await there.ask("GET", Self.me, auth: auth).status == 200 })
    let before = paris.node.localState
    let path = "/api/helio/v1/presence"
    let told = try await here.ask("PUT", path, #"{"presence":{"activity":"editing"}}"#, auth: auth)
    #expect(told.status == 200, "\(told.text)")
    #expect(
      try await eventually(10) {
        let answer = try await there.ask("GET", path, auth: auth)
        return answer.text.contains(#""node":"paris-1""#)
          && answer.text.contains(#""activity":"editing""#)
          && answer.text.contains(#""age_seconds""#)
      })
    #expect(try await here.ask("DELETE", path, auth: auth).status == 204)
    #expect(
      try await eventually(10) {
        !(try await there.ask("GET", path, auth: auth).text.contains("paris-1"))
      })
    // None of it is a delta.
    #expect(paris.node.localState == before)
    await here.close()
    await there.close()
    await cluster.stopAll()
  }
}
