// What a shift report says was not accepted in time, asked of a real node whose clock the test sets.

import Foundation
import HelpdeskDomain
import NodeRuntime
import ReplicaCore
import Testing

/// Paris is on duty from midnight to noon; a ticket comes at three, and has half an hour.
@Suite(.serialized) struct ShiftDropTests {
  /// The count and the tickets that the report of Paris names.
  private func notAccepted(
    _ client: DeskClient, _ auth: String
  ) async throws -> (count: Int?, tickets: [Int64], words: Set<String>) {
    let answer = try await client.ask(
      "GET", "/api/helio/v1/handoffs/report?office=paris&slot=current", auth: auth)
    let report = try #require(try answer.json()["report"] as? [String: Any], "\(answer.text)")
    let lines = try #require(report["dropped"] as? [[String: Any]])
    let counts = try #require(report["counts"] as? [String: Any])
    let missed = lines.filter { $0["kind"] as? String == "not_accepted" }
    return (
      counts["not_accepted"] as? Int,
      missed.compactMap { ($0["ticket_id"] as? NSNumber)?.int64Value }.sorted(),
      Set(missed.map { "\($0["from"] ?? "?"): \($0["note"] ?? "?")" })
    )
  }

  @Test func whatWasAcceptedTooLateStaysDropped() async throws {
    let cluster = try TestCluster()
    let founder = try await cluster.found()
    await (try cluster.join("tokyo", zone: "Asia/Tokyo", by: founder)).stop()
    await founder.stop()
    let early = try await cluster.start("paris", ahead: AlarmTests.ahead(to: 3))
    let now = Instant(milliseconds: NodeClock.systemWall() + AlarmTests.ahead(to: 3))
    _ = try await early.node.submit(try AlarmTests.roster(at: now), as: early.node.operatorActor)
    let tokyo = try await AlarmTests.agent(OfficeID("tokyo"), at: early.node)
    let paris = try await AlarmTests.agent(OfficeID("paris"), at: early.node)
    var ids: [RowID] = []
    for _ in 0..<4 { ids.append(try await AlarmTests.make(early.node, by: tokyo)) }
    // In time: an act on it, and a grant.
    _ = try await early.node.submit(.take(ticket: ids[0], evenIfForeign: true), as: paris)
    let lead = try await early.node.freshUser("lea", .lead)
    let auth = "Bearer \(try await early.node.freshToken(lead).text)"
    await early.stop()

    let late = try await cluster.start("paris", ahead: AlarmTests.ahead(to: 5))
    try #require(try await late.node.listening())
    let client = try DeskClient(late)
    let missed = ids[1...].map(\.rawValue).sorted()
    let before = try await notAccepted(client, auth)
    #expect(before.count == missed.count)
    #expect(before.tickets == missed)
    // Nobody handed them over: they were made while Paris was on duty.
    #expect(
      before.words == ["\(NSNull()): came in during the shift and was not accepted in time"])
    // Too late: an answer, a solution, the acceptance of the whole board.
    for (id, body) in [
      (ids[1], #"{"comment":{"body":"Here"}}"#), (ids[2], #"{"status":"solved"}"#),
    ] {
      let answer = try await client.ask(
        "PUT", "/api/v2/tickets/\(id)", #"{"ticket":\#(body)}"#, auth: auth)
      #expect(answer.status == 200, "\(answer.text)")
    }
    let accepted = try await client.ask("POST", "/api/helio/v1/handoffs/accept", "{}", auth: auth)
    #expect(accepted.status == 200, "\(accepted.text)")
    let after = try await notAccepted(client, auth)
    #expect(after.count == missed.count)
    #expect(after.tickets == missed)
    await client.close()
    await late.stop()
  }
}
