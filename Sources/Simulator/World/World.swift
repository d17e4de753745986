// The simulated world: one queue of events, virtual time, and everything that happens in it.

internal import HelpdeskDomain
internal import ReplicaCore

/// One run. It holds no clock, no task and no randomness but what its seed gives.
final class World {
  enum Event {
    case deliver(connection: Int, side: Int, SyncMessage)
    case tick(connection: Int, side: Int, timer: Int)
    /// The transport tells an end that the connection is gone.
    case hangUp(connection: Int, side: Int)
    case dial(pair: Int)
    case openWindow
    case closeWindow
    case command
    case accept(office: Int)
    case cover(office: Int)
    case recordSeen(node: Int)
    case commit(node: Int, life: Int)
    case startNode(node: Int, life: Int)
    case fault(PlannedFault)
    case repairClock(node: Int)
    case publish(node: Int)
    case observe
  }

  /// A user of the desk, with the write that gave the role.
  struct User {
    var id: RowID
    var office: Int
    var role: Role
    var authority: Dot
  }

  let plan: SeedPlan
  let setting: ReplicaSetting
  let nodes: [SimNode]
  /// The fourth node, whose operator writes illegal deltas; nil in seeds without one.
  let rogue: MemoryReplica?
  let pairs: [(Int, Int)]
  var now: Instant
  var queue = EventQueue<Event>()
  var random: SeededRandom
  var network: SeededRandom
  var trace = Trace()
  var sometimes = SometimesCounts()
  var faults = FaultBook()
  var checks = CheckCounts()

  var users: [User] = []
  var groups: [RowID] = []
  var tickets: [(id: RowID, dot: Dot)] = []
  /// Vectors that forms were opened with on each node, for stale edits.
  var pastVectors: [[VersionVector]] = [[], [], [], []]
  var boundaries: [Instant] = []
  var forged: [Dot: VoidReason] = [:]
  var commandsDone = 0
  var commandsRefused = 0

  var windowIsOpen = false
  var connections: [Int: Connection] = [:]
  var connectionOfPair: [Int: Int] = [:]
  var lastConnection = 0
  /// From, to: nothing passes until then.
  var blocked: [[Instant]]
  var slowUntil: [Instant]
  var told: [(connection: Int, side: Int, event: SessionEvent)] = []

  init(plan: SeedPlan, directory: String) throws {
    self.plan = plan
    now = plan.start
    random = SeededRandom(plan.seed ^ 0xAC7)
    network = SeededRandom(plan.seed ^ 0x4E7)
    let codes = plan.offices.map(\.code)
    var slots: [Slot: OfficeID] = [:]
    for (index, code) in codes.enumerated() { slots[Slot(UInt32(index + 1))] = code }
    slots[Slot(4)] = codes[1]
    let setting = ReplicaSetting(
      offices: OfficeFacts(order: codes, slots: slots), seed: plan.seed)
    self.setting = setting
    var nodes: [SimNode] = []
    for (index, office) in plan.offices.enumerated() {
      let slot = Slot(UInt32(index + 1))
      let replica: any SimReplica =
        plan.usesStore
        ? try StoreReplica(slot: slot, setting: setting, directory: "\(directory)/\(slot)")
        : MemoryReplica(slot: slot, setting: setting)
      nodes.append(
        SimNode(
          index: index, office: office.code, replica: replica,
          clock: SimClock(skew: office.skew, at: plan.start)))
    }
    var pairs = [(0, 1), (0, 2), (1, 2)]
    if plan.hasRogue {
      let replica = MemoryReplica(slot: Slot(4), setting: setting)
      rogue = replica
      nodes.append(
        SimNode(
          index: 3, office: codes[1], replica: replica,
          clock: SimClock(skew: 0, at: plan.start)))
      pairs.append((1, 3))
    } else {
      rogue = nil
    }
    self.nodes = nodes
    self.pairs = pairs
    blocked = nodes.map { _ in nodes.map { _ in .zero } }
    slowUntil = pairs.map { _ in .zero }
  }

  /// Handles events up to an instant, and stands there.
  func run(until limit: Instant) throws {
    while let (at, event) = queue.next(until: limit) {
      now = at
      try handle(event)
      while !told.isEmpty {
        let next = told.removeFirst()
        guard let connection = connections[next.connection] else { continue }
        try tellNow(connection, next.side, next.event)
      }
    }
    now = limit
  }

  private func handle(_ event: Event) throws {
    switch event {
    case .deliver(let id, let side, let message): try deliver(id, side, message)
    case .tick(let id, let side, let timer):
      guard let connection = connections[id], connection.sides[side].timer == timer else { return }
      try tellNow(connection, side, .tick)
    case .hangUp(let id, let side): hungUp(id, side)
    case .dial(let pair): try dial(pair)
    case .openWindow: openWindow()
    case .closeWindow: try closeWindow()
    case .command: try actSomehow()
    case .accept(let office): submit(.accept, byLeadOf: office)
    case .cover(let office): submit(.cover(ticket: nil), byLeadOf: office)
    case .recordSeen(let node): recordSeen(nodes[node])
    case .commit(let node, let life): try commit(nodes[node], life)
    case .startNode(let node, let life): try startNode(nodes[node], life)
    case .fault(let planned): try inject(planned)
    case .repairClock(let node):
      nodes[node].clock.jump = 0
      note("clock of \(nodes[node].office) repaired")
    case .publish(let node): publish(nodes[node])
    case .observe: try observe()
    }
  }

  func note(_ text: String) { trace.add(now, text) }

  /// Enters a fault that happens now.
  func fault(_ planned: PlannedFault, _ text: String) {
    faults.add(planned, after: now - plan.start, text)
    note("fault #\(planned.number): \(text)")
  }

  // MARK: The mutation door

  /// Puts a command at a node's door; a transaction takes all that wait a moment later.
  func submit(_ command: DeskCommand, by actor: Actor, at node: SimNode) {
    guard node.isUp else { return }
    node.queue.append(SimCommand(command: command, actor: actor))
    if let planned = node.crashesWhenBusy {
      sometimes.hit(.crashBetweenCommits)
      stop(
        node, planned, "crash with \(node.queue.count) waiting",
        for: random.between(4_000, 200_000))
      return
    }
    guard !node.commitIsDue else { return }
    node.commitIsDue = true
    queue.add(.commit(node: node.index, life: node.life), at: now + random.between(1, 400))
  }

  private func commit(_ node: SimNode, _ life: Int) throws {
    guard node.isUp, node.life == life else { return }
    node.commitIsDue = false
    let commands = node.queue
    node.queue = []
    guard !commands.isEmpty else { return }
    let moment = node.clock.read(at: now)
    let planned = node.losesPower
    let losing = planned.map { _ in 1 + random.below(commands.count) }
    node.losesPower = nil
    do {
      let results = try node.replica.commit(commands, at: moment, losingPowerAfter: losing)
      for (command, result) in zip(commands, results) { answered(node, command, result) }
      try checkClock(of: node)
      remember(node)
      if results.contains(where: { (try? $0.get())?.encoded != nil }) {
        tell(node, .committed(own: true))
      }
    } catch is PowerLost {
      guard let planned else { throw PowerLost() }
      sometimes.hit(.crashInsideCommit)
      stop(
        node, planned, "power lost inside a commit of \(commands.count)",
        for: random.between(5_000, 90_000))
    }
  }

  private func answered(
    _ node: SimNode, _ each: SimCommand, _ result: Result<SimAccepted, Refusal>
  ) {
    switch result {
    case .success(let accepted):
      commandsDone += 1
      guard let encoded = accepted.encoded else {
        note("\(node.office) \(each.command.name): nothing to change")
        return
      }
      node.acknowledged[encoded.dot] = .sha256(encoded.body)
      if case .createTicket = each.command, let id = accepted.created {
        tickets.append((id, encoded.dot))
      }
      note("\(node.office) \(each.command.name) \(encoded.dot) \(Digest.sha256(encoded.body))")
      count(each.command, node)
    case .failure(let refusal):
      commandsRefused += 1
      if case .clockUntrusted = refusal { sometimes.hit(.acceptRefusedByClock) }
      note("\(node.office) \(each.command.name) refused: \(refusal)")
    }
  }

  private func count(_ command: DeskCommand, _ node: SimNode) {
    switch command {
    case .cover: sometimes.hit(.cover)
    case .take(_, let evenIfForeign): if evenIfForeign { sometimes.hit(.foreignTake) }
    case .handTo: sometimes.hit(.handTo)
    case .sendBack: sometimes.hit(.sendBack)
    case .stay: sometimes.hit(.stay)
    case .recordSeen: sometimes.hit(.seenRecorded)
    case .resolveConflict: sometimes.hit(.conflictSettled)
    default: break
    }
  }
}

extension DeskCommand {
  /// The case's name, for traces.
  var name: String {
    let text = "\(self)"
    return String(text.prefix { $0 != "(" })
  }
}
