// The session machine alone: three replicas, sessions between them, no network and no disk.

import ReplicaCore
import Testing

/// Replicas joined by sessions over queues that a test may cut, drop from and reorder nothing in.
struct SessionWorld {
  var replicas: [MemoryReplica]
  var sessions: [Link: SyncSession] = [:]
  var wires: [Link: [SyncMessage]] = [:]
  var closed: [Link: ByeReason] = [:]
  var sent: [SyncMessage] = []
  /// No BATCH arrives, as where the receiver's disk is full; the links stay up.
  var losesBatches = false
  var now = Instant(milliseconds: 1_800_000_000_000)

  struct Link: Hashable {
    var from: Int
    var to: Int
  }

  init(count: Int) {
    replicas = (1...count).map { MemoryReplica(slot: Slot(UInt32($0))) }
  }

  mutating func connect(_ a: Int, _ b: Int, cluster: String = "c", drill: [Int: Int64] = [:]) {
    for link in [Link(from: a, to: b), Link(from: b, to: a)] {
      let slot = replicas[link.from].slot
      let offset = drill[link.from] ?? 0
      sessions[link] = SyncSession(own: slot, expected: replicas[link.to].slot) { now in
        Hello(
          cluster: cluster, slot: slot, schemaLevel: 1, clock: now, drillOffset: offset,
          membership: .zero)
      }
      wires[link] = []
      closed[link] = nil
    }
    deliver(.opened, to: Link(from: a, to: b))
    deliver(.opened, to: Link(from: b, to: a))
  }

  mutating func cut(_ a: Int, _ b: Int) {
    for link in [Link(from: a, to: b), Link(from: b, to: a)] {
      sessions[link] = nil
      wires[link] = nil
    }
  }

  mutating func deliver(_ event: SessionEvent, to link: Link) {
    guard var session = sessions[link] else { return }
    let effects = session.handle(event, local: replicas[link.from].local, now: now)
    sessions[link] = session
    for effect in effects { perform(effect, link) }
  }

  private mutating func perform(_ effect: SessionEffect, _ link: Link) {
    switch effect {
    case .send(let message):
      sent.append(message)
      if losesBatches, case .batch = message { return }
      wires[link]?.append(message)
    case .readLog(let excluding, let only, let after, let limit):
      let (batch, next) = replicas[link.from].read(
        excluding: excluding, onlySlot: only, after: after, maxBytes: limit)
      deliver(.logRead(batch, next: next), to: link)
    case .persist(let batch):
      let outcome = replicas[link.from].receive(batch, now: now)
      deliver(.applied(outcome, bytes: batch.byteCount), to: link)
      committed(link.from, own: false)
    case .compareHashes(let theirs):
      for (slot, seq) in theirs.vector.sorted {
        let dot = Dot(slot, seq)
        if let mine = replicas[link.from].hashes[dot], mine != theirs.hashes[slot] {
          deliver(.forkFound(dot), to: link)
          return
        }
      }
    case .close(let reason, _): closed[link] = reason
    case .sendMembers, .mergeMembers, .serveSnapshot, .snapshotChunk, .sendBuckets,
      .bucketsReceived, .presenceReceived, .arm, .note:
      break
    }
  }

  mutating func committed(_ replica: Int, own: Bool) {
    for link in sessions.keys.sorted(by: { ($0.from, $0.to) < ($1.from, $1.to) })
    where link.from == replica {
      deliver(.committed(own: own), to: link)
    }
  }

  /// Delivers everything under way and lets time pass in ticks.
  mutating func run(seconds: Int) {
    for _ in 0..<(seconds * 2) {
      now = now + 500
      settle()
      tick()
    }
  }

  mutating func tick() {
    for link in sessions.keys.sorted(by: { ($0.from, $0.to) < ($1.from, $1.to) }) {
      deliver(.tick, to: link)
    }
    settle()
  }

  mutating func settle() {
    var moved = true
    while moved {
      moved = false
      for link in wires.keys.sorted(by: { ($0.from, $0.to) < ($1.from, $1.to) }) {
        guard let queue = wires[link], !queue.isEmpty else { continue }
        wires[link] = []
        moved = true
        for message in queue {
          deliver(.received(message), to: Link(from: link.to, to: link.from))
        }
      }
    }
  }
}

struct SyncSessionTests {
  private let row = RowRef(EntityCode(6), RowID(10_001))

  @Test("an own commit is pushed at once and shown by the peer without waiting for a SUMMARY")
  func pushesAtOnce() {
    var world = SessionWorld(count: 2)
    world.connect(0, 1)
    world.settle()
    world.replicas[0].write(row, 1, .text("hello"), now: world.now)
    world.committed(0, own: true)
    world.settle()
    #expect(world.replicas[1].rows[row]?.value(1) == .text("hello"))
  }

  @Test("deltas reach a third replica through the one in the middle")
  func relays() {
    var world = SessionWorld(count: 3)
    world.connect(0, 1)
    world.connect(1, 2)
    world.settle()
    for number in 0..<20 {
      world.replicas[0].write(row, 1, .integer(Int64(number)), now: world.now)
      world.replicas[2].write(row, 2, .integer(Int64(number)), now: world.now)
      world.committed(0, own: true)
      world.committed(2, own: true)
    }
    world.run(seconds: 5)
    #expect(world.replicas[2].rows == world.replicas[0].rows)
    #expect(world.replicas[1].rows == world.replicas[0].rows)
  }

  /// INVARIANTS 4: having sent something is not the peer's having it, nor is having asked an answer.
  @Test("what did not arrive is asked for and sent again on the same link")
  func sendsAgain() {
    var world = SessionWorld(count: 2)
    world.connect(0, 1)
    world.settle()
    world.losesBatches = true
    world.replicas[0].write(row, 1, .text("lost twice"), now: world.now)
    world.committed(0, own: true)
    world.run(seconds: 5)
    #expect(world.replicas[1].vector != world.replicas[0].vector)
    world.losesBatches = false
    world.run(seconds: 10)
    #expect(world.replicas[1].vector == world.replicas[0].vector)
    #expect(world.closed.isEmpty)
  }

  /// INVARIANTS 4: writes that never pause must not keep anybody from what they build on.
  @Test("under writes that never pause, a relay and a link that was cut stay seconds behind")
  func keepsUpUnderLoad() {
    var world = SessionWorld(count: 3)
    world.connect(0, 1)
    world.connect(1, 2)
    var history: [VersionVector] = []
    for step in 0..<400 {
      world.now = world.now + 100
      for index in 0..<3 {
        world.replicas[index].write(row, UInt16(index + 1), .integer(Int64(step)), now: world.now)
        world.committed(index, own: true)
      }
      if step == 150 { world.cut(0, 1) }
      if step == 180 { world.connect(0, 1) }
      world.settle()
      world.tick()
      history.append(world.replicas.reduce(VersionVector()) { $0.merged($1.vector) })
      guard step >= 60, !(150..<240).contains(step) else { continue }
      for replica in world.replicas {
        #expect(replica.vector.covers(history[step - 50]), "step \(step), \(replica.slot)")
      }
    }
  }

  @Test("after a cut in the middle of anything all become equal again", arguments: 0..<60)
  func healsAfterCuts(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var world = SessionWorld(count: 3)
    let pairs = [(0, 1), (1, 2), (0, 2)]
    for (a, b) in pairs { world.connect(a, b) }
    for step in 0..<60 {
      let index = Int.random(in: 0..<3, using: &random)
      switch Int.random(in: 0..<8, using: &random) {
      case 0:
        let (a, b) = pairs[index]
        world.cut(a, b)
      case 1:
        let (a, b) = pairs[index]
        world.cut(a, b)
        world.connect(a, b)
      case 2: world.run(seconds: 1)
      default:
        world.replicas[index].write(row, 1, .integer(Int64(step)), now: world.now)
        world.committed(index, own: true)
      }
    }
    for (a, b) in pairs {
      world.cut(a, b)
      world.connect(a, b)
    }
    world.run(seconds: 30)
    for other in world.replicas.dropFirst() {
      #expect(other.local == world.replicas[0].local, "seed \(seed)")
      #expect(other.rows == world.replicas[0].rows)
    }
  }

  @Test("a quiet pair sends nothing but a SUMMARY each 10 s and no BATCH")
  func quiet() {
    var world = SessionWorld(count: 2)
    world.connect(0, 1)
    world.replicas[0].write(row, 1, .integer(1), now: world.now)
    world.committed(0, own: true)
    world.run(seconds: 60)
    world.sent = []
    world.run(seconds: 60)
    #expect(world.sent.count <= 14)
    #expect(world.sent.allSatisfy { if case .summary = $0 { true } else { false } })
    #expect(world.closed.isEmpty)
  }

  @Test("another drill clock and another cluster are refused in HELLO")
  func refusesHello() {
    var world = SessionWorld(count: 2)
    world.connect(0, 1, drill: [0: 3_600_000])
    world.settle()
    #expect(world.closed.values.contains(.otherDrillClock))
  }

  @Test("a peer that says nothing for 30 s is closed")
  func stalls() {
    var world = SessionWorld(count: 2)
    world.connect(0, 1)
    world.settle()
    for _ in 0..<80 {
      world.now = world.now + 500
      world.wires[.init(from: 1, to: 0)] = []
      world.deliver(.tick, to: .init(from: 0, to: 1))
    }
    #expect(world.closed[.init(from: 0, to: 1)] == .stalled)
  }

  @Test("a removed peer gets the records that say so before BYE, in whatever state the session is")
  func farewell() {
    var world = SessionWorld(count: 2)
    world.connect(0, 1)
    for settled in [false, true] {
      if settled { world.settle() }
      var session = world.sessions[.init(from: 0, to: 1)]
      let effects = session?.handle(
        .shutdown(.removed), local: world.replicas[0].local, now: world.now)
      #expect(
        effects == [
          .sendMembers, .send(.bye(.removed, "")), .note(.closed(.removed, "")),
          .close(.removed, ""),
        ])
    }
  }

  @Test("a copied replica that wrote on is noticed in the first exchange")
  func fork() {
    var world = SessionWorld(count: 2)
    world.replicas[0].write(row, 1, .text("a"), now: world.now)
    let copy = world.replicas[0]
    world.replicas[0].write(row, 1, .text("b"), now: world.now)
    world.connect(0, 1)
    world.run(seconds: 3)
    world.cut(0, 1)
    world.replicas[0] = copy
    world.replicas[0].write(row, 1, .text("c"), now: world.now)
    world.connect(0, 1)
    world.run(seconds: 3)
    #expect(world.closed.values.contains(.fork))
  }

  @Test("a million bytes flow in pieces under the credit of the receiver")
  func flowControl() {
    var world = SessionWorld(count: 2)
    let text = String(repeating: "x", count: 200_000)
    for number in 0..<40 {
      world.replicas[0].write(row, UInt16(number + 1), .text(text), now: world.now)
    }
    world.connect(0, 1)
    world.run(seconds: 3)
    #expect(world.replicas[1].vector == world.replicas[0].vector)
    let batches = world.sent.compactMap { if case .batch(let batch) = $0 { batch } else { nil } }
    #expect(batches.count >= 8)
    #expect(batches.allSatisfy { $0.byteCount <= Limits.batchBytes })
  }
}
