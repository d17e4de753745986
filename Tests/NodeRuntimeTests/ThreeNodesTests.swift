// Three offices in one process with real TLS between them: join, work apart, meet again.

import HelpdeskDomain
import NodeRuntime
import ReplicaCore
import Testing

@Suite(.serialized)
struct ThreeNodesTests {
  private static func agent(_ email: String, _ office: String, at node: Node) async throws -> Actor
  {
    let draft = UserDraft(
      name: email, email: email, role: .agent, office: OfficeID(office))
    _ = try await node.submit(.createUser(draft), as: node.operatorActor)
    return try #require(try await node.actor(email))
  }

  @Test("three offices join, work on one ticket while one is cut off, and become equal again")
  func cutAndHeal() async throws {
    let cluster = try TestCluster()
    let paris = try await cluster.found().node
    let singapore = try await cluster.join(
      "singapore", zone: "Asia/Singapore", by: cluster.nodes[0]
    ).node
    let denver = try await cluster.join("denver", zone: "America/Denver", by: cluster.nodes[0]).node
    let nodes = [paris, singapore, denver]
    #expect(try await eventually { nodes.allSatisfy { $0.connectedPeers.count == 2 } })

    let claire = try await Self.agent("claire@acme.example", "paris", at: paris)
    let wei = try await Self.agent("wei@acme.example", "singapore", at: singapore)
    let draft = TicketDraft(
      subject: "Le téléphone chauffe", comment: CommentDraft(body: "Depuis ce matin."))
    let created = try await paris.submit(.createTicket(draft), as: claire)
    let id = try #require(created.created)
    #expect(try await eventually { try await denver.ticket(id)?.subject == "Le téléphone chauffe" })

    paris.pauseLinks(true)
    #expect(try await eventually { paris.connectedPeers.isEmpty })
    var high = TicketEdit()
    high.priority = .set("high")
    var urgent = TicketEdit()
    urgent.priority = .set("urgent")
    urgent.comment = CommentDraft(body: "Nobody hears me")
    _ = try await singapore.submit(.updateTicket(id, high), as: wei)
    _ = try await paris.submit(.updateTicket(id, urgent), as: claire)
    paris.pauseLinks(false)

    #expect(
      try await eventually(40) {
        paris.localState == singapore.localState && paris.localState == denver.localState
      })
    let conflicts = try await paris.conflicts()
    #expect(conflicts.count == 1)
    #expect(try await singapore.conflicts() == conflicts)
    #expect(try await denver.conflicts() == conflicts)
    let owner = try await paris.owner(of: id)
    #expect(try await singapore.owner(of: id)?.token == owner?.token)
    #expect(try await denver.owner(of: id)?.office == owner?.office)
    #expect(try await denver.history(RowRef(Desk.ticket, id)).count >= 3)
    await cluster.stopAll()
  }

  @Test("an agent of a dead office works on at another node, and her acts count for her office")
  func deadOffice() async throws {
    let cluster = try TestCluster()
    let paris = try await cluster.found().node
    let singapore = try await cluster.join(
      "singapore", zone: "Asia/Singapore", by: cluster.nodes[0]
    ).node
    let claire = try await Self.agent("claire@acme.example", "paris", at: paris)
    #expect(try await eventually { try await singapore.actor("claire@acme.example") != nil })
    await cluster.nodes[0].stop()

    let there = try #require(try await singapore.actor("claire@acme.example"))
    #expect(there.office == claire.office)
    let draft = TicketDraft(subject: "From Singapore", comment: CommentDraft(body: "Still here."))
    let created = try await singapore.submit(.createTicket(draft), as: there)
    let id = try #require(created.created)
    // Paris is her home, so the ticket's home is Paris though the delta was made in Singapore.
    #expect(created.delta?.dot.slot == Slot(2))
    #expect(try await singapore.owner(of: id)?.office == "paris")
    await cluster.stopAll()
  }

  @Test("what was acknowledged is there after a restart, and the other node equals it again")
  func restart() async throws {
    let cluster = try TestCluster()
    let paris = try await cluster.found()
    let singapore = try await cluster.join("singapore", zone: "Asia/Singapore", by: paris).node
    let wei = try await Self.agent("wei@acme.example", "singapore", at: singapore)
    var ids: [RowID] = []
    for number in 0..<20 {
      let draft = TicketDraft(
        subject: "Ticket \(number)", comment: CommentDraft(body: "Body \(number)"))
      let created = try await singapore.submit(.createTicket(draft), as: wei).created
      ids.append(try #require(created))
    }
    await cluster.nodes[1].stop()
    let again = try await cluster.start("singapore").node
    for id in ids { #expect(try await again.ticket(id) != nil) }
    #expect(try await eventually(40) { paris.node.localState == again.localState })
    await cluster.stopAll()
  }
}
