// The simulated world: one queue of events, virtual time, and everything that happens in it.

internal import ClusterTrust
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
    case clearDisk(node: Int)
    case halt(node: Int, life: Int, PlannedFault)
    case publish(node: Int)
    case observe
    case checkRemoved(node: Int)
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
  var nodes: [SimNode]
  /// Where stores lie.
  let directory: String
  /// The replica of the guest's node; nil in seeds without one.
  let guest: MemoryReplica?
  var pairs: [(Int, Int)]
  /// Those that talk before the heal.
  let dayPairs: [Int]
  var isHealed = false
  var now: Instant
  var queue = EventQueue<Event>()
  var random: SeededRandom
  var network: SeededRandom
  var trace = Trace()
  var sometimes = SometimesCounts()
  var faults = FaultBook()
  var checks = CheckCounts()
  var failpoints = FailpointCounts()
  /// Why an honest peer may close a link, since faults that explain it.
  var excused: Set<ByeReason> = []
  var forks = ForkWatch()
  var notices = NoticeBook()

  var users: [User] = []
  var groups: [RowID] = []
  var tickets: [(id: RowID, dot: Dot)] = []
  /// Vectors that forms were opened with on each node, for stale edits.
  var pastVectors: [[VersionVector]]
  var boundaries: [Instant] = []
  var forged: [Dot: HelpdeskDomain.VoidReason] = [:]
  /// Deltas with columns that are not known here.
  var newer: Set<Dot> = []
  /// In each log, when all hold the same.
  var deltas: UInt64 = 0
  var commandsDone = 0
  var commandsRefused = 0

  var windowIsOpen = false
  var connections: [Int: Connection] = [:]
  var connectionOfPair: [Int: Int] = [:]
  var lastConnection = 0
  /// From, to: nothing passes until then.
  var blocked: [[Instant]]
  var slowUntil: [Instant]
  /// Until when messages of a pair are lost, or come twice.
  var lossyUntil: [Instant]
  var doublingUntil: [Instant]
  var told: [(connection: Int, side: Int, event: SessionEvent)] = []

  init(plan: SeedPlan, directory: String) throws {
    self.plan = plan
    self.directory = directory
    now = plan.start
    random = SeededRandom(plan.seed ^ 0xAC7)
    network = SeededRandom(plan.seed ^ 0x4E7)
    let codes = plan.offices.map(\.code)
    var slots: [Slot: OfficeID] = [:]
    for (index, code) in codes.enumerated() { slots[Slot(UInt32(index + 1))] = code }
    let guestSlot = Slot(UInt32(codes.count + 1))
    slots[guestSlot] = codes[1]
    let setting = ReplicaSetting(
      offices: OfficeFacts(order: codes, slots: slots), seed: plan.seed)
    self.setting = setting
    let founded = try SimCluster(plan)
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
          clock: SimClock(skew: office.skew, at: plan.start), members: founded.log,
          key: founded.keys[index]))
    }
    var pairs = codes.indices.flatMap { a in codes.indices.dropFirst(a + 1).map { (a, $0) } }
    var dayPairs = pairs.indices.filter { plan.talksByDay(pairs[$0].0, pairs[$0].1) }
    if plan.guest != nil {
      let replica = MemoryReplica(slot: guestSlot, setting: setting)
      guest = replica
      nodes.append(
        SimNode(
          index: codes.count, office: codes[1], replica: replica,
          clock: SimClock(skew: 0, at: plan.start), members: founded.log,
          key: founded.keys[codes.count]))
      pairs.append((1, codes.count))
      dayPairs.append(pairs.count - 1)
    } else {
      guest = nil
    }
    self.nodes = nodes
    self.pairs = pairs
    self.dayPairs = dayPairs
    pastVectors = nodes.map { _ in [] }
    blocked = nodes.map { _ in nodes.map { _ in .zero } }
    slowUntil = pairs.map { _ in .zero }
    lossyUntil = slowUntil
    doublingUntil = slowUntil
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
    case .clearDisk(let node):
      nodes[node].replica.disk.isFull = false
      note("disk of \(nodes[node].office) cleared")
    case .halt(let node, let life, let planned):
      guard nodes[node].life == life else { return }
      stop(nodes[node], planned, "restart after a failed disk", for: 4_000)
    case .publish(let node): publish(nodes[node])
    case .observe: try observe()
    case .checkRemoved(let node): try checkRemoved(nodes[node])
    }
  }

  func note(_ text: String) { trace.add(now, text) }

  /// Enters a fault that happens now.
  func fault(_ planned: PlannedFault, _ text: String) {
    faults.add(planned, after: now - plan.start, text)
    note("fault #\(planned.number): \(text)")
  }
}
