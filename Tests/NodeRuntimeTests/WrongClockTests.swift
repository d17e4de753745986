// A node whose clock was wrong when it started, among others with right ones.

import HelpdeskDomain
import NodeRuntime
import ReplicaCore
import Testing

/// INVARIANTS 12 and 19, hostile row 14.
@Suite(.serialized) struct WrongClockTests {
  private static let day: Int64 = 86_400_000

  @Test("its changes apply and are flagged, nobody's time follows, and a later value shows")
  func stampsAhead() async throws {
    let cluster = try TestCluster()
    let paris = try await cluster.found()
    let tokyo = try await cluster.join("tokyo", zone: "Asia/Tokyo", by: paris)
    await tokyo.stop()
    let wrong = try await cluster.start("tokyo", ahead: Self.day).node
    #expect(try await eventually { !paris.node.connectedPeers.isEmpty })
    #expect(try await eventually { try await paris.node.alarms().contains { $0 == "clock-2" } })

    let user = wrong.operatorActor
    let made = try await wrong.submit(.createGroup(GroupDraft(name: "From tomorrow")), as: user)
    let group = try #require(made.created)
    let row = RowRef(Desk.group, group)
    #expect(try await eventually { try await !paris.node.history(row).isEmpty })
    #expect(try await paris.node.alarms().contains("stamps-2"))
    _ = try await paris.node.submit(
      .updateGroup(group, GroupDraft(name: "Of today")), as: paris.node.operatorActor)
    let stamps = try await paris.node.history(row).map(\.delta.header.hlc.milliseconds)
    #expect(stamps.count == 2 && stamps[1] + UInt64(Self.day / 2) < stamps[0])
    #expect(try await eventually { paris.node.localState == wrong.localState })
    for node in [paris.node, wrong] {
      #expect(try await node.groupName(group) == "Of today")
    }
    await cluster.stopAll()
  }

  @Test("two peers tell it; then it may not accept, and stamps no further ahead")
  func twoPeers() async throws {
    let cluster = try TestCluster()
    let paris = try await cluster.found()
    let tokyo = try await cluster.join("tokyo", zone: "Asia/Tokyo", by: paris)
    let denver = try await cluster.join("denver", zone: "America/Denver", by: paris)
    await tokyo.stop()
    let wrong = try await cluster.start("tokyo", ahead: Self.day).node
    #expect(try await eventually { wrong.connectedPeers.count == 2 })
    #expect(try await eventually { !wrong.trustsClock })
    #expect(paris.node.trustsClock && denver.node.trustsClock)
    #expect(try await wrong.alarms().contains("clock"))
    let made = try await wrong.submit(
      .createGroup(GroupDraft(name: "In time")), as: wrong.operatorActor)
    let row = RowRef(Desk.group, try #require(made.created))
    #expect(try await eventually { try await !paris.node.history(row).isEmpty })
    #expect(try await !paris.node.alarms().contains("stamps-2"))
    await cluster.stopAll()
  }
}
