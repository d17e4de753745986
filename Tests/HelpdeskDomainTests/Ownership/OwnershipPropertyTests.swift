// Invariants 10 to 12 on random histories: never ownerless, one owner, tokens that never go back.

import ReplicaCore
import Testing

@testable import HelpdeskDomain

/// One fact with the delta that carries it.
private struct Event {
  enum Body {
    case placement(Write, replaces: [Dot], unread: [Dot])
    case grant(OwnershipGrant)
    case touch(OwnershipTouch)
    case acceptance(Acceptance)
    case seen(SlotKey, VersionVector)
    case cover(Cover)
    case publication(RosterPublication)
  }
  var dot: Dot
  var past: VersionVector
  var at: Instant
  var body: Body
}

/// A node that knows some of the facts about one ticket.
private struct Node {
  var office: OfficeID
  var slot: Slot
  var clock: Instant
  var known = VersionVector()
  var register = RegisterState()
  var placedAt: [Dot: Instant] = [:]
  var grants: [OwnershipGrant] = []
  var touches: [OwnershipTouch] = []
  var board = BoardFacts()
  var publications: [RosterPublication] = []
  var book = DutyBook([])
  var greatest: OwnershipToken?

  mutating func apply(_ event: Event) {
    known.advance(event.dot)
    switch event.body {
    case .placement(let write, let replaces, let unread):
      register.apply(write, replaces: replaces, unread: unread)
      placedAt[event.dot] = event.at
    case .grant(let grant): grants.append(grant)
    case .touch(let touch): touches.append(touch)
    case .acceptance(let acceptance): board.add(acceptance)
    case .seen(let key, let vector): board.addSeen(vector, in: key)
    case .cover(let cover): board.add(cover)
    case .publication(let publication):
      publications.append(publication)
      book = DutyBook(publications)
    }
  }

  var ticket: TicketFacts {
    let shown = register.winner
    let dot = shown?.stamp.dot ?? Dot(slot, 0)
    return TicketFacts(
      id: RowID(50_001),
      placement: Placement(shown?.value) ?? Placement(group: .none, home: "o0"),
      epoch: Placement.epoch(of: register), placementDot: dot, placedAt: placedAt[dot] ?? .zero,
      grants: grants, touches: touches)
  }

  func view(_ offices: OfficeDirectory, at instant: Instant? = nil) -> OwnershipView {
    OwnershipView(
      at: instant ?? clock, table: book.table(forGroup: "*"), board: board, offices: offices)
  }
}

private struct World {
  var random: SeededGenerator
  var nodes: [Node]
  var events: [Event] = []
  let offices: OfficeDirectory
  let rules: RosterRules
  var grantsMade = 0
  var coversMade = 0
  var acceptancesMade = 0

  init(seed: UInt64) {
    random = SeededGenerator(seed)
    var rules = DutyPropertyTests.randomRules(&random)
    while rules.offices.count < 3 { rules = DutyPropertyTests.randomRules(&random) }
    rules.acceptWithin = 15
    self.rules = rules
    let codes = rules.offices.map(\.code)
    offices = OfficeDirectory(founding: codes[0], active: Set(codes))
    nodes = codes.enumerated().map { index, code in
      Node(office: code, slot: Slot(UInt32(index + 1)), clock: utc("2026-03-05"))
    }
    write(0, .movesOn, nil)
    publish(0)
  }

  private mutating func emit(_ node: Int, _ body: (Dot) -> Event.Body) {
    let slot = nodes[node].slot
    let dot = Dot(slot, nodes[node].known[slot] + 1)
    let event = Event(
      dot: dot, past: nodes[node].known, at: nodes[node].clock, body: body(dot))
    events.append(event)
    nodes[node].apply(event)
  }

  private mutating func write(_ node: Int, _ mode: Placement.Mode, _ wake: Instant?) {
    let state = nodes[node]
    let byOwner = Bool.random(using: &random)
    let dot = Dot(state.slot, state.known[state.slot] + 1)
    let stamp = HLC(milliseconds: .random(in: 1...1_000_000, using: &random))
    let naming = state.register.naming(read: nil) { fence in
      Stamp(dot: dot, hlc: stamp, fence: fence + (byOwner ? 1 : 0), byOwner: byOwner)
    }
    let placement = Placement(
      group: RowID(.random(in: 1...2, using: &random)),
      home: rules.offices.randomElement(using: &random)?.code ?? "o0", mode: mode, wake: wake,
      weight: Placement.weight(replacing: naming.replaces, in: state.register))
    emit(node) { _ in
      .placement(
        Write(naming.stamp, placement.value), replaces: naming.replaces, unread: naming.unread)
    }
  }

  private mutating func publish(_ node: Int) {
    let number = nodes[node].book.greatestNumber + 1
    var rules = rules
    if number > 1 {
      rules.handover = [.start, .end, .usual].randomElement(using: &random) ?? .usual
    }
    let from =
      number == 1
      ? utc("2026-03-01") : nodes[node].clock + .random(in: -3...30, using: &random) * hour
    var publication = RosterPublication(rules, number: number, row: number * 10_000)
    publication.content.effectiveAt = from
    publication.version.slot = nodes[node].slot
    publication.version.hlc = HLC(milliseconds: UInt64(nodes[node].clock.milliseconds))
    let published = publication
    emit(node) { dot in
      var own = published
      own.id = RowID(number: number, slot: dot.slot)
      return .publication(own)
    }
  }

  private mutating func act(_ index: Int) {
    let node = nodes[index]
    let view = node.view(offices)
    let ticket = node.ticket
    switch Int.random(in: 0..<12, using: &random) {
    case 0:
      let wake: Instant? =
        Bool.random(using: &random) ? nil : node.clock + .random(in: 0...20, using: &random) * hour
      write(index, Bool.random(using: &random) ? .stays : .movesOn, wake)
    case 1 where Int.random(in: 0..<6, using: &random) == 0: publish(index)
    case 2, 3, 4:
      guard let end = try? DutyLaw.mayTake(office: node.office, in: view) else { return }
      grant(index, .take, to: node.office, until: end)
    case 5:
      let target = rules.offices.randomElement(using: &random)?.code ?? node.office
      guard
        let end = try? DutyLaw.mayHandOn(
          office: node.office, ticket: ticket, to: target, in: view)
      else { return }
      grant(index, .handTo, to: target, until: end)
    case 6:
      guard
        let back = try? DutyLaw.maySendBack(office: node.office, ticket: ticket, in: view)
      else { return }
      grant(index, .sendBack, to: back.office, until: back.until)
    case 7, 8:
      let duties = try? DutyLaw.mayAccept(
        office: node.office, isLead: true, book: node.book, at: node.clock)
      for key in (duties ?? []).compactMap(SlotKey.init) {
        acceptancesMade += 1
        emit(index) { dot in
          var vector = node.known
          vector.advance(dot)
          return .acceptance(
            Acceptance(dot: dot, slot: key, at: node.clock, agent: RowID(1), vector: vector))
        }
      }
    case 9:
      guard let key = SlotKey(view.slot), key.office == node.office else { return }
      emit(index) { _ in .seen(key, node.known) }
    case 10:
      guard let key = SlotKey(view.slot), key.office == node.office else { return }
      emit(index) { dot in
        .touch(
          OwnershipTouch(
            dot: dot, office: node.office, version: key.version, slotStart: key.start,
            seen: node.known))
      }
    default:
      let one = Bool.random(using: &random) ? ticket : nil
      guard let key = SlotKey(view.slot),
        (try? DutyLaw.mayCover(office: node.office, isLead: true, ticket: one, in: view)) != nil
      else { return }
      coversMade += 1
      emit(index) { dot in
        .cover(
          Cover(
            dot: dot, slot: key, office: node.office, ticket: one?.id, at: node.clock,
            agent: RowID(1)))
      }
    }
  }

  private mutating func grant(
    _ index: Int, _ kind: OwnershipGrant.Kind, to office: OfficeID, until: Instant?
  ) {
    grantsMade += 1
    let node = nodes[index]
    let ticket = node.ticket
    let slot = node.view(offices).slot
    emit(index) { dot in
      .grant(
        OwnershipGrant(
          kind: kind, dot: dot, at: node.clock, office: office, version: slot.version,
          slotStart: ticket.grantSlotStart(in: slot), chain: ticket.nextChain, until: until,
          group: ticket.placement.group))
    }
  }

  /// One node learns one event that it lacks and whose causes it has.
  private mutating func learn(_ index: Int) -> Bool {
    let known = nodes[index].known
    let next = events.filter { !known.contains($0.dot) && known.covers($0.past) }
    guard let event = next.randomElement(using: &random) else { return false }
    nodes[index].apply(event)
    return true
  }

  /// Invariants 10 and 12 at one node.
  private mutating func check(_ index: Int) {
    let owner = nodes[index].view(offices).owner(of: nodes[index].ticket)
    #expect(offices.isActive(owner.office))
    if let before = nodes[index].greatest, owner.token < before {
      Issue.record("token went back from \(before) to \(owner.token)")
    }
    nodes[index].greatest = owner.token
  }

  mutating func run(steps: Int) {
    for _ in 0..<steps {
      let index = Int.random(in: 0..<nodes.count, using: &random)
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<3: act(index)
      case 3..<7: _ = learn(index)
      default:
        // Clocks run apart by up to half an hour, but never back.
        nodes[index].clock = nodes[index].clock + .random(in: 1...40, using: &random) * minute
        let front = nodes.map(\.clock).max() ?? nodes[index].clock
        if front - nodes[index].clock > hour / 2 { nodes[index].clock = front + -hour / 2 }
      }
      check(index)
    }
    for index in nodes.indices {
      while learn(index) { check(index) }
    }
  }

  /// Invariant 11: equal facts name the same owner and token, now and at any other time.
  mutating func checkAgreement() {
    let front = nodes.map(\.clock).max() ?? .zero
    for _ in 0..<20 {
      let instant = front + .random(in: -72...72, using: &random) * 30 * minute
      let answers = nodes.map { $0.view(offices, at: instant).owner(of: $0.ticket) }
      #expect(Set(answers.map(\.token)).count == 1)
      #expect(Set(answers.map(\.office)).count == 1)
      #expect(answers.allSatisfy { $0 == answers[0] })
    }
  }
}

@Suite struct OwnershipPropertyTests {
  @Test(arguments: 0..<80) func tokensNeverGoBackAndEqualFactsAgree(seed: UInt64) {
    var world = World(seed: seed)
    world.run(steps: 250)
    world.checkAgreement()
  }

  @Test func theRandomHistoriesReachEveryAct() {
    var (grants, covers, acceptances) = (0, 0, 0)
    for seed in 0..<20 as Range<UInt64> {
      var world = World(seed: seed)
      world.run(steps: 250)
      grants += world.grantsMade
      covers += world.coversMade
      acceptances += world.acceptancesMade
    }
    #expect(grants > 50 && covers > 5 && acceptances > 20, "\(grants) \(covers) \(acceptances)")
  }
}
