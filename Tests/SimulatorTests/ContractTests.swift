// The store and the in-memory replica keep one contract: the same calls give the same answers.

import Foundation
import HelpdeskDomain
import ReplicaCore
import ReplicaStore
import Testing

@testable import Simulator

@Suite final class ContractTests {
  let root = NSTemporaryDirectory() + "helio-contract-\(UUID().uuidString)"
  let offices = OfficeFacts(
    order: [OfficeID("paris"), OfficeID("tokyo")],
    slots: [Slot(1): OfficeID("paris"), Slot(2): OfficeID("tokyo")])

  deinit { try? FileManager.default.removeItem(atPath: root) }

  /// A desk of two nodes of one kind, with equal salts for equal calls.
  private func twins(sqlite: Bool) throws -> [any SimReplica] {
    let setting = ReplicaSetting(offices: offices, seed: 5)
    return try [Slot(1), Slot(2)].map { slot in
      guard sqlite else { return MemoryReplica(slot: slot, setting: setting) }
      return try StoreReplica(slot: slot, setting: setting, directory: "\(root)/\(slot)")
    }
  }

  private func moment(_ second: Int64) -> Moment {
    Moment(now: Instant(seconds: 1_780_000_000 + second), drift: nil)
  }

  private func sync(_ from: any SimReplica, _ to: any SimReplica, second: Int64) throws {
    let vector = to.local.headed.vector
    let batch = try from.readLog(
      excluding: vector, onlySlot: nil, after: nil, maxBytes: Limits.batchBytes
    ).batch
    guard !batch.deltas.isEmpty else { return }
    let applied = try to.apply(batch, now: moment(second).now)
    #expect(applied.outcome == .committed(applied: batch.deltas.count))
  }

  /// Runs one story and gives what is to be compared.
  private func story(sqlite: Bool) throws -> [LocalState] {
    let replicas = try twins(sqlite: sqlite)
    let console = Actor(
      user: .none, role: .admin, office: OfficeID("paris"), authority: nil, via: .cli)
    let made = try replicas[0].commit(
      [
        SimCommand(
          command: .createUser(
            UserDraft(
              name: "Ann", email: "ann@paris.example", role: .agent, office: OfficeID("paris"))),
          actor: console)
      ], at: moment(0))
    let user = try #require(try made[0].get().created)
    let authority = try #require(try made[0].get().encoded?.dot)
    let ann = Actor(user: user, role: .agent, office: OfficeID("paris"), authority: authority)
    let draft = TicketDraft(subject: "Pump", comment: CommentDraft(body: "It stands"))
    let results = try replicas[0].commit(
      [SimCommand(command: .createTicket(draft), actor: ann)], at: moment(1))
    let ticket = try #require(try results[0].get().created)
    try sync(replicas[0], replicas[1], second: 2)
    for (index, replica) in replicas.enumerated() {
      var edit = TicketEdit()
      edit.subject = "Pump \(index)"
      edit.addTags = ["t\(index)"]
      _ = try replica.commit(
        [SimCommand(command: .updateTicket(ticket, edit), actor: ann)],
        at: moment(3 + Int64(index)))
    }
    try sync(replicas[0], replicas[1], second: 6)
    try sync(replicas[1], replicas[0], second: 7)
    #expect(replicas[0].local == replicas[1].local)
    try loseAndRefuse(replicas[1], ann, ticket)
    return replicas.map(\.local)
  }

  /// A lost commit leaves nothing; a restart keeps all; a forged head is refused; a gap waits.
  private func loseAndRefuse(_ replica: any SimReplica, _ ann: Actor, _ ticket: RowID) throws {
    let before = replica.local
    var edit = TicketEdit()
    edit.subject = "Never said"
    #expect(throws: PowerLost.self) {
      _ = try replica.commit(
        [SimCommand(command: .updateTicket(ticket, edit), actor: ann)], at: self.moment(9)
      ) { point in
        if point == .commitHalfDecided { throw PowerLost() }
      }
    }
    try replica.restart()
    #expect(replica.local == before)
    let unknown = try replica.commit(
      [SimCommand(command: .updateTicket(RowID(990_001), edit), actor: ann)], at: moment(10))
    #expect(throws: Refusal.self) { try unknown[0].get() }
    let dump = try replica.dump()
    #expect(dump.rows[RowRef(Desk.ticket, ticket)]?.elements(TicketColumn.tags).count == 2)
    let stranger = EncodedDelta(dot: Dot(Slot(3), 2), body: [1, 2, 3], personal: [])
    let gap = try replica.apply(DeltaBatch(deltas: [stranger], heads: []), now: moment(11).now)
    #expect(gap.outcome == .missing(applied: 0))
  }

  @Test func storeAndMemoryGiveTheSameStates() throws {
    let memory = try story(sqlite: false)
    let store = try story(sqlite: true)
    #expect(memory == store)
  }

  @Test func aHeadThatDoesNotVerifyIsRefusedByBoth() throws {
    for sqlite in [false, true] {
      let replicas = try twins(sqlite: sqlite)
      let console = Actor(
        user: .none, role: .admin, office: OfficeID("paris"), authority: nil, via: .cli)
      _ = try replicas[0].commit(
        [SimCommand(command: .createGroup(GroupDraft(name: "g")), actor: console)],
        at: moment(0))
      var batch = try replicas[0].readLog(
        excluding: VersionVector(), onlySlot: nil, after: nil, maxBytes: 1 << 20
      ).batch
      batch.heads[0].signature[0] ^= 1
      guard case .refused = try replicas[1].apply(batch, now: moment(1).now).outcome else {
        Issue.record("sqlite \(sqlite): a batch with a bad head was taken")
        continue
      }
      #expect(replicas[1].local.headed.vector.isEmpty)
    }
  }

  private func group(_ name: String) -> [SimCommand] {
    let console = Actor(
      user: .none, role: .admin, office: OfficeID("paris"), authority: nil, via: .cli)
    return [SimCommand(command: .createGroup(GroupDraft(name: name)), actor: console)]
  }

  @Test(arguments: [false, true]) func aTornWriteLeavesNothing(sqlite: Bool) throws {
    let replica = try twins(sqlite: sqlite)[0]
    _ = try replica.commit(group("g"), at: moment(0))
    for (second, part) in [(1, 0.0), (2, 0.4), (3, 0.99)] as [(Int64, Double)] {
      let before = replica.local
      #expect(try replica.commitTorn(group("torn"), at: moment(second), keeping: part))
      #expect(replica.local == before)
      _ = try replica.commit(group("whole \(second)"), at: moment(second))[0].get()
      #expect(replica.local != before)
    }
  }

  @Test(arguments: [false, true]) func afterAFailedDiskNothingIsWrittenUntilARestart(
    sqlite: Bool
  ) throws {
    let replica = try twins(sqlite: sqlite)[0]
    _ = try replica.commit(group("g"), at: moment(0))
    let before = replica.local
    replica.disk.isFull = true
    #expect(throws: StoreError.self) { try replica.commit(self.group("full"), at: self.moment(1)) }
    replica.disk.isFull = false
    for (point, stops) in [
      (Failpoint.commitSigningFails, false), (.commitDiskFull, false), (.commitIOError, true),
    ] {
      #expect(throws: (any Error).self) {
        try replica.commit(self.group("failed"), at: self.moment(2)) { reached in
          if reached == point { throw point.error }
        }
      }
      #expect(replica.local == before)
      guard stops else { continue }
      #expect(throws: StoreError.self) {
        try replica.commit(self.group("stopped"), at: self.moment(3))
      }
      try replica.restart()
    }
    _ = try replica.commit(group("after"), at: moment(4))[0].get()
    #expect(replica.local != before)
  }
}
