// Receivers of webhooks that are slow or dead cost only themselves.

import Foundation
import HelpdeskDomain
import ReplicaCore
import Testing

@testable import NodeRuntime

@Suite struct ReceiverTurnsTests {
  private let now = Instant(seconds: 1_790_000_000)

  private func webhooks(_ count: Int) -> [RowID] { (1...Int64(count)).map { RowID($0) } }

  @Test func eachWebhookOfADeskHasAPlaceOfItsOwn() {
    var turns = ReceiverTurns()
    let all = webhooks(DeskLimits.webhooks)
    for id in all.dropLast() { turns.begin(id) }
    #expect(turns.room == 1)
    #expect(turns.order(of: all, at: now) == Array(all.suffix(1)), "one at a time for each")
  }

  @Test func whereThereAreMoreThoseGoFirstThatWaitedLongest() {
    var turns = ReceiverTurns()
    let all = webhooks(DeskLimits.webhooks + 50)
    var served: [RowID: Int] = [:]
    for _ in 0..<6 {
      let next = turns.order(of: all, at: now).prefix(turns.room)
      #expect(next.count == DeskLimits.webhooks)
      for id in next {
        turns.begin(id)
        served[id, default: 0] += 1
      }
      #expect(turns.room == 0)
      for id in next { turns.end(id, isGood: true, at: now) }
    }
    // Six rounds of 100 places are four turns for each of 150.
    #expect(served.count == all.count && Set(served.values) == [4])
  }

  @Test func oneThatFailsRestsLongerEachTimeAndOneThatAnswersDoesNot() {
    var turns = ReceiverTurns()
    let (good, bad) = (RowID(1), RowID(2))
    for pause: Int64 in [2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000] {
      turns.begin(good)
      turns.begin(bad)
      turns.end(good, isGood: true, at: now)
      turns.end(bad, isGood: false, at: now)
      #expect(turns.order(of: [good, bad], at: now + (pause - 1)) == [good])
      #expect(turns.order(of: [good, bad], at: now + pause) == [good, bad])
    }
  }

  @Test func whatIsGoneIsForgottenOnceItsTryIsOver() {
    var turns = ReceiverTurns()
    turns.begin(RowID(1))
    turns.keep(only: [])
    #expect(turns.room == ReceiverTurns.atOnce - 1)
    turns.end(RowID(1), isGood: false, at: now)
    turns.keep(only: [])
    #expect(turns.order(of: [RowID(1)], at: now) == [RowID(1)])
  }

  /// With eight places for all of them the last receiver had waited for as long as any hung.
  @Test("notices arrive while two dozen receivers hang")
  func besideThoseThatHang() async throws {
    let cluster = try TestCluster()
    await (try await cluster.found()).stop()
    let path = cluster.directory("paris") + "/node.toml"
    let settings = try String(contentsOfFile: path, encoding: .utf8)
    try ("webhook_allow = [\"127.0.0.1\"]\n" + settings).write(
      toFile: path, atomically: true, encoding: .utf8)
    let node = try await cluster.start("paris").node
    let hanging = try WebReceiver(answers: false)
    let quick = try WebReceiver(answers: true)
    for receiver in [WebReceiver](repeating: hanging, count: 24) + [quick] {
      let draft = WebhookDraft(
        name: "x", endpoint: "http://127.0.0.1:\(receiver.port)/",
        subscriptions: ["zen:event-type:ticket.created"])
      _ = try await node.submit(
        .createWebhook(draft, secret: "0123456789"), as: node.operatorActor)
    }
    _ = try await node.freshUser("lea", .agent)
    let agent = try #require(try await node.actor("lea@acme.example"))
    for number in 1...5 {
      let draft = TicketDraft(subject: "\(number)", comment: CommentDraft(body: "x"))
      _ = try await node.submit(.createTicket(draft), as: agent)
    }
    #expect(try await eventually(25) { quick.hits == 5 }, "\(quick.hits) of 5")
    await cluster.stopAll()
    hanging.stop()
    quick.stop()
  }
}
