// All roles against all routes of a real node: the routes are those of the code, so that none
// comes in without a line in the table.

import AgentAPI
import HelpdeskDomain
import NodeRuntime
import ReplicaCore
import Testing

@Suite(.serialized)
struct RouteRightsTests {
  @Test func everyRouteHasALineAndEveryLineARoute() async throws {
    let cluster = try TestCluster()
    let node = try await cluster.found().node
    let registered = Set(node.routes)
    let listed = Set(RouteRight.table.map(\.route))
    #expect(registered.count > 240)
    #expect(
      registered.subtracting(listed).sorted() == [],
      "say in Rights/RouteRightsTable.swift who may use these")
    #expect(listed.subtracting(registered).sorted() == [], "the node has no such routes")
    await cluster.stopAll()
  }

  @Test(.timeLimit(.minutes(10))) func everyRouteForEveryRole() async throws {
    let cluster = try TestCluster()
    let running = try await cluster.found()
    try #require(try await running.node.listening())
    let client = try DeskClient(running)
    let bench = try await RightsBench(running.node)
    for right in RouteRight.table {
      try await strangers(right, client, bench)
      for role in Role.allCases { try await check(right, role, client, bench) }
    }
    await client.close()
    await cluster.stopAll()
  }

  /// Without a login every route but the open ones answers 401.
  private func strangers(
    _ right: RouteRight, _ client: DeskClient, _ bench: RightsBench
  ) async throws {
    for auth in [nil, "Bearer nonsense"] {
      let path = try await bench.fill(right.filled, as: .endUser)
      let answer = try await client.ask(
        right.method, path, right.body.map { _ in "{}" }, auth: auth)
      if right.isOpen {
        #expect(answer.status == 200, "\(right.testDescription)")
      } else {
        // Many wrong tokens from one address are told to wait.
        let isRefused = answer.status == 401 || (answer.status == 429 && auth == "Bearer nonsense")
        #expect(isRefused, "\(right.testDescription) for \(auth ?? "nobody"): \(answer.status)")
        checkLimits(answer, right, "a stranger")
      }
    }
  }

  private func check(
    _ right: RouteRight, _ role: Role, _ client: DeskClient, _ bench: RightsBench
  ) async throws {
    guard !right.isOpen else { return }
    let path = try await bench.fill(right.filled, as: role)
    let body = try await right.body.asyncMap { try await bench.fill($0, as: role) }
    var token = bench.tokens[role] ?? ""
    if right.spendsToken, let user = bench.users[role] {
      token = try await bench.node.freshToken(user).text
    }
    let before = bench.node.localState
    let answer = try await client.ask(right.method, path, body, auth: "Bearer \(token)")
    let what = "\(role.rawValue): \(right.testDescription) → \(answer.status) \(answer.text)"
    checkLimits(answer, right, role.rawValue)
    if right.may.contains(role) {
      let isAllowed = right.ok.contains(answer.status) && ![401, 403].contains(answer.status)
      #expect(isAllowed, "should be allowed; \(what)")
    } else {
      let isClosed = role == .endUser && !right.isForCustomers
      switch isClosed ? .status(403) : right.denied {
      case .status(let status): #expect(answer.status == status, "should be refused; \(what)")
      case .eachRow:
        let job = try answer.json()["job_status"] as? [String: Any]
        #expect(job?["status"] as? String == "failed", "should be refused; \(what)")
        #expect(answer.text.contains(#""error":"Forbidden""#), "\(what)")
      }
      let after = bench.node.localState
      #expect(after == before, "was refused, and wrote; \(what)")
    }
    if [.viewer, .endUser].contains(role), answer.status < 300 {
      let isClean = !answer.text.contains(RightsBench.sentinel)
      #expect(isClean, "shows what is private; \(what)")
    }
  }

  private func checkLimits(_ answer: DeskClient.Answer, _ right: RouteRight, _ who: String) {
    for name in [
      "x-rate-limit", "x-rate-limit-remaining", "ratelimit-limit", "ratelimit-remaining",
      "ratelimit-reset",
    ] where answer.headers[name].flatMap({ Int($0) }) == nil {
      Issue.record("\(right.testDescription) for \(who): \(name) is no number")
    }
    if answer.status == 429, answer.headers["retry-after"].flatMap({ Int($0) }) == nil {
      Issue.record("\(right.testDescription) for \(who): Retry-After is no number")
    }
  }
}

extension Optional {
  fileprivate func asyncMap<T>(_ body: (Wrapped) async throws -> T) async rethrows -> T? {
    guard let self else { return nil }
    return try await body(self)
  }
}
