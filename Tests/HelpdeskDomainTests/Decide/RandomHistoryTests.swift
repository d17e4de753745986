// Random histories of two offices with two nodes each: what one writes one sees, the owner's
// value is shown, and the order of arrival does not matter.

import HelpdeskDomain
import ReplicaCore
import Testing

/// A small seeded generator, so that a failing history can be run again.
///
/// Source: SplitMix64, Steele, Lea, Flood 2014.
struct HistoryDice: RandomNumberGenerator {
  private var state: UInt64
  init(seed: Int) { state = UInt64(bitPattern: Int64(seed)) &* 0x9E37_79B9_7F4A_7C15 }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }
}

/// One register on four nodes; ownership alternates between the offices by slot.
private struct RegisterHistory {
  struct Entry {
    var write: Write
    var replaces: [Dot]
    var unread: [Dot]
    var past: VersionVector
  }

  struct Node {
    var slot: Slot
    var office: Int
    var clock = HybridClock()
    var skew: Int64
    var register = RegisterState()
    var log: [Entry] = []
    var vector = VersionVector()

    mutating func apply(_ entry: Entry) {
      register.apply(entry.write, replaces: entry.replaces, unread: entry.unread)
      vector.advance(entry.write.stamp.dot)
      log.append(entry)
    }

    mutating func pull(_ other: Node, now: Instant) {
      for entry in other.log where !vector.contains(entry.write.stamp.dot) {
        _ = clock.observe(entry.write.stamp.hlc, now: now + skew)
        apply(entry)
      }
    }
  }

  static let slotSeconds: Int64 = 600
  var nodes: [Node]
  var now = Instant(seconds: 1_000_000_200)
  var dice: HistoryDice
  private var forms: [Int: VersionVector] = [:]

  init(seed: Int) {
    dice = HistoryDice(seed: seed)
    nodes = []
    for index in 0..<4 {
      let skew = Int64(dice.below(2_000)) - 1_000
      nodes.append(Node(slot: Slot(UInt32(index + 1)), office: index / 2, skew: skew))
    }
  }

  /// The office on duty and the start of its slot.
  private func duty(at instant: Instant) -> (office: Int, fence: UInt64) {
    let number = instant.seconds / Self.slotSeconds
    return (Int(number % 2), UInt64(number * Self.slotSeconds))
  }

  /// Returns whether what was written is what its author's node shows.
  mutating func step() -> Bool {
    now = now + Int64(dice.below(90_000))
    let index = dice.below(4)
    switch dice.below(10) {
    case 0..<5: return write(index)
    case 5..<9:
      let other = dice.below(4)
      // The two nodes of an office mostly hear each other, the offices seldom.
      if nodes[index].office == nodes[other].office || dice.below(3) == 0 {
        nodes[index].pull(nodes[other], now: now)
      }
    default: forms[index] = nodes[index].vector
    }
    return true
  }

  private mutating func write(_ index: Int) -> Bool {
    var node = nodes[index]
    let time = now + node.skew
    let hlc = node.clock.tick(now: time)
    let dot = Dot(node.slot, node.vector[node.slot] + 1)
    let duty = duty(at: time)
    let named = (node.register.live + node.register.hidden).map(\.stamp.fence).max() ?? 0
    let owns = duty.office == node.office && duty.fence >= named
    let form = dice.below(3) == 0 ? forms[index] : nil
    let read = form.map { vector in
      Set(
        (node.register.live + node.register.hidden).map(\.stamp.dot)
          .filter { vector.contains($0) })
    }
    let naming = node.register.naming(read: read) { highest in
      Stamp(dot: dot, hlc: hlc, fence: owns ? max(duty.fence, highest) : highest, byOwner: owns)
    }
    let entry = Entry(
      write: Write(naming.stamp, .integer(Int64(dot.seq) * 10 + Int64(node.slot.rawValue))),
      replaces: naming.replaces, unread: naming.unread, past: node.vector)
    node.apply(entry)
    nodes[index] = node
    return node.register.winner?.stamp.dot == dot
  }

  mutating func exchangeAll() {
    for _ in 0..<2 {
      for index in nodes.indices {
        for other in nodes.indices where other != index {
          nodes[index].pull(nodes[other], now: now)
        }
      }
    }
  }
}

@Suite struct RandomHistoryTests {
  @Test(arguments: 0..<40)
  func whatOneWritesOneSeesAndTheOwnerIsShown(_ block: Int) {
    for seed in block * 100..<(block + 1) * 100 {
      var history = RegisterHistory(seed: seed)
      for _ in 0..<40 {
        guard history.step() else {
          Issue.record("seed \(seed): a write is not what its author sees")
          return
        }
      }
      history.exchangeAll()
      let first = history.nodes[0].register
      for node in history.nodes.dropFirst() where node.register != first {
        Issue.record("seed \(seed): two nodes differ")
        return
      }
      guard let winner = first.winner else { continue }
      // Of siblings of one slot that did not see each other, the owner's is shown.
      let rivals = first.live.filter { $0.stamp.fence == winner.stamp.fence }
      if rivals.contains(where: \.stamp.byOwner), !winner.stamp.byOwner {
        Issue.record("seed \(seed): the owner's write is not shown")
        return
      }
      // Nothing is lost: each write was replaced by one that had read it, or is still here.
      let log = history.nodes[0].log
      let kept = Set((first.live + first.hidden).map(\.stamp.dot))
      let replaced = Set(log.flatMap(\.replaces))
      for entry in log {
        let dot = entry.write.stamp.dot
        if !kept.contains(dot), !replaced.contains(dot) {
          Issue.record("seed \(seed): \(dot) is lost")
          return
        }
      }
      if !log.allSatisfy({ entry in entry.replaces.allSatisfy(entry.past.contains) }) {
        Issue.record("seed \(seed): a write names what its author had not got")
        return
      }
    }
  }

  /// The same through decide and verdict: four nodes, agents of both offices, every node equal.
  @Test(arguments: 0..<12)
  func wholeDesksConverge(_ seed: Int) throws {
    var dice = HistoryDice(seed: 7_000 + seed)
    let scene = try DeskScene()
    let nodes = [
      scene.paris, scene.tokyo,
      DeskNode(3, DeskScene.paris, offices: DeskScene.facts, now: DeskScene.start),
    ]
    nodes[2].pull(from: scene.paris)
    var tickets = [try scene.ticket(), try scene.ticket()]
    let people = [scene.agent, scene.lead, scene.tokyoAgent, scene.tokyoLead]
    for _ in 0..<50 {
      let node = nodes[dice.below(3)]
      node.now = node.now + Int64(dice.below(30_000))
      let user = people[dice.below(people.count)]
      let ticket = tickets[dice.below(tickets.count)]
      let word = "w\(dice.below(1_000))"
      if dice.below(4) == 0 {
        node.pull(from: nodes[dice.below(3)])
        continue
      }
      guard node.ticket(ticket).exists else { continue }
      let commands: [DeskCommand] = [
        .updateTicket(ticket, .with { $0.subject = word }),
        .updateTicket(ticket, .with { $0.priority = .set(word < "w5" ? "urgent" : "low") }),
        .updateTicket(ticket, .with { $0.addTags = [word] }),
        .updateTicket(ticket, .with { $0.comment = CommentDraft(body: word) }),
        .take(ticket: ticket, evenIfForeign: true), .stay(ticket: ticket, wakeAt: nil),
        .moveOn(ticket: ticket), .sendBack(ticket: ticket, note: nil),
        .handTo(ticket: ticket, office: DeskScene.tokyo, agent: nil, note: word),
        .createTicket(TicketDraft(subject: word, comment: CommentDraft(body: word))),
      ]
      do throws(Refusal) {
        let made = try node.act(commands[dice.below(commands.count)], by: user)
        if let id = made.created { tickets.append(id) }
      } catch {
        guard case .ownership = error else {
          Issue.record("seed \(seed): \(error)")
          return
        }
      }
    }
    for _ in 0..<2 {
      for node in nodes { for other in nodes where other !== node { node.pull(from: other) } }
    }
    for node in nodes {
      #expect(node.memory.states == nodes[0].memory.states)
      #expect(node.memory.voids.isEmpty)
    }
  }
}
