// Joining and removal over real TLS: what hostile and unlucky tokens get.

import AgentAPI
import Foundation
import HelpdeskDomain
import NodeRuntime
import ReplicaCore
import Testing

@Suite(.serialized)
struct JoinTests {
  private func join(_ token: String, _ name: String, in root: String) async throws {
    _ = try await NodeSetup.join(
      JoinOptions(token: token, node: name, listen: try TestCluster.listen()),
      in: "\(root)/\(name)", progress: { _ in })
  }

  @Test("a token is good once: the second machine is refused, in parallel too")
  func onceOnly() async throws {
    let cluster = try TestCluster()
    let paris = try await cluster.found()
    let token = try await cluster.invite("tokyo", zone: "Asia/Tokyo", by: paris)
    let root = cluster.root
    async let first: Void = join(token, "tokyo-1", in: root)
    async let second: Void = join(token, "tokyo-2", in: root)
    var failures: [NodeError] = []
    do { try await first } catch { failures.append(try #require(error as? NodeError)) }
    do { try await second } catch { failures.append(try #require(error as? NodeError)) }
    #expect(failures.count == 1)
    #expect(failures.first?.code == .tokenRefused)
    #expect(failures.first?.hint.contains("join_already_used") == true)
    await cluster.stopAll()
  }

  @Test("an altered, a truncated and an expired token are refused before anything is sent")
  func badTokens() async throws {
    let cluster = try TestCluster()
    let paris = try await cluster.found()
    let token = try await cluster.invite("tokyo", zone: "Asia/Tokyo", by: paris)
    var altered = Array(token)
    altered[20] = altered[20] == "A" ? "B" : "A"
    let short = try await paris.node.makeInvite(office: "tokyo", zone: "Asia/Tokyo", seconds: 1)
    try await Task.sleep(for: .milliseconds(1_200))
    let root = cluster.root
    for bad in [String(altered), String(token.dropLast(9)), short, "nonsense"] {
      let error = await #expect(throws: NodeError.self) {
        try await join(bad, "tokyo-1", in: root)
      }
      #expect(error?.code == .tokenRefused)
      #expect(error?.hint == "Nothing was sent anywhere.")
    }
    await cluster.stopAll()
  }

  @Test("the last node of a cluster cannot be removed, not even by itself")
  func lastNode() async throws {
    let cluster = try TestCluster()
    let paris = try await cluster.found()
    await #expect(throws: DeskFailure.self) { try await paris.node.remove(node: "paris-1") }
    _ = try await paris.node.submit(
      .createGroup(GroupDraft(name: "Still here")), as: paris.node.operatorActor)
    await cluster.stopAll()
  }

  @Test("a removed node is cut off within 5 s and does not come back")
  func removal() async throws {
    let cluster = try TestCluster()
    let paris = try await cluster.found()
    let tokyo = try await cluster.join("tokyo", zone: "Asia/Tokyo", by: paris).node
    #expect(try await eventually { paris.node.connectedPeers == [Slot(2)] })
    let before = Date()
    try await paris.node.remove(node: "tokyo-1")
    #expect(try await eventually(5) { paris.node.connectedPeers.isEmpty })
    #expect(Date().timeIntervalSince(before) < 5)
    // It learned of its removal before the link closed, and does not go on alone.
    #expect(
      try await eventually(10) {
        let draft = GroupDraft(name: "Group \(UInt64.random(in: 0 ... .max))")
        do {
          _ = try await tokyo.submit(.createGroup(draft), as: tokyo.operatorActor)
          return false
        } catch Refusal.readOnly { return true }
      })
    try await Task.sleep(for: .seconds(3))
    #expect(paris.node.connectedPeers.isEmpty)
    await cluster.stopAll()
  }

  @Test("what a removed node had told one member reaches the others: the seal grows by proof")
  func sealGrows() async throws {
    let cluster = try TestCluster()
    let paris = try await cluster.found()
    let tokyo = try await cluster.join("tokyo", zone: "Asia/Tokyo", by: paris).node
    let denver = try await cluster.join("denver", zone: "America/Denver", by: paris).node
    #expect(
      try await eventually {
        paris.node.connectedPeers.count == 2 && denver.connectedPeers.count == 2
      })
    paris.node.pauseLinks(true)
    #expect(try await eventually { paris.node.connectedPeers.isEmpty })
    let draft = GroupDraft(name: "Told to Denver alone")
    let created = try await tokyo.submit(.createGroup(draft), as: tokyo.operatorActor).created
    let row = RowRef(Desk.group, try #require(created))
    #expect(try await eventually { try await !denver.history(row).isEmpty })

    try await paris.node.remove(node: "tokyo-1")
    paris.node.pauseLinks(false)
    #expect(try await eventually(40) { try await !paris.node.history(row).isEmpty })
    #expect(try await eventually(40) { paris.node.localState == denver.localState })
    await cluster.stopAll()
  }

  @Test("a second process on a data directory is told who has it")
  func locked() async throws {
    let cluster = try TestCluster()
    try await cluster.found()
    let error = await #expect(throws: NodeError.self) { try await cluster.start("paris") }
    #expect(error?.code == .dataDirectoryInUse)
    await cluster.stopAll()
  }

  @Test("a key that others may read stops the start, with the command that mends it")
  func keyPermissions() async throws {
    let cluster = try TestCluster()
    let paris = try await cluster.found()
    await paris.stop()
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o644], ofItemAtPath: cluster.directory("paris") + "/node.key")
    let error = await #expect(throws: NodeError.self) { try await cluster.start("paris") }
    #expect(error?.code == .keyPermissions)
    #expect(error?.hint.contains("chmod") == true)
  }
}
