// How a run begins and what is planned for it: people, the roster, windows, leads and faults.

internal import HelpdeskDomain
internal import ReplicaCore

extension World {
  /// Users, groups and the first roster on the first node; then everybody gets them.
  func setUp() throws {
    let console = Actor(
      user: .none, role: .admin, office: nodes[0].office, authority: nil, via: .cli)
    var commands: [DeskCommand] = []
    var people: [(office: Int, role: Role)] = []
    for office in plan.offices.indices {
      for role in [Role.agent, .lead, .lightAgent] {
        let code = plan.offices[office].code
        commands.append(
          .createUser(
            UserDraft(
              name: "\(role) of \(code)", email: "\(role.rawValue)@\(code).example", role: role,
              office: code)))
        people.append((office, role))
      }
    }
    commands.append(.createGroup(GroupDraft(name: "Pumps")))
    commands.append(try publication(number: 1, plan.rules(), at: nodes[0]))
    let results = try nodes[0].replica.commit(
      commands.map { SimCommand(command: $0, actor: console) }, at: nodes[0].clock.read(at: now))
    for (index, result) in results.enumerated() {
      let accepted = try result.get()
      guard let id = accepted.created, let dot = accepted.encoded?.dot else { continue }
      if index < people.count {
        let (office, role) = people[index]
        users.append(User(id: id, office: office, role: role, authority: dot))
      } else if index == people.count {
        groups = [.none, id]
      }
    }
    openWindow()
    try run(until: plan.start + 40_000)
    for node in nodes where node.replica.local != nodes[0].replica.local {
      throw Violation(4, "\(node.office) has not got the first deltas 40 s after the start")
    }
    try closeWindow()
    try schedule()
  }

  func publication(
    number: Int64, _ rules: RosterRules, at node: SimNode
  ) throws -> DeskCommand {
    let content = try RosterContent.compose(
      rules, number: number, now: node.clock.read(at: now).now, isEmergency: true,
      offsets: KnownZones.offsets)
    return .publishRoster(canonical: try content.canonicalJSON())
  }

  // MARK: The plan of the day

  private func schedule() throws {
    var windows: [LinkWindow] = []
    func open(_ start: Instant, _ end: Instant) {
      windows.append(LinkWindow(start: max(start, now + 1), end: min(end, plan.end)))
    }
    for slot in try dutySlots() {
      boundaries.append(slot.start)
      let staffed = slot.staffedStart
      open(slot.start + -60_000, slot.start + 100_000)
      guard let office = plan.offices.firstIndex(where: { $0.code == slot.office }) else {
        continue
      }
      let within = Int64(plan.acceptWithin) * 60_000
      if random.chance(plan.acceptInTime) {
        let at = staffed + random.between(10_000, within - 30_000)
        queue.add(.accept(office: office), at: at)
        open(at + -20_000, at + 100_000)
      } else if random.chance(plan.acceptLate) {
        let at = staffed + (within + random.between(150_000, 900_000))
        queue.add(.accept(office: office), at: at)
        open(at + -20_000, at + 100_000)
      }
      if office != 0, random.chance(plan.coverEagerness) {
        let at = staffed + (within + random.between(25_000, 90_000))
        queue.add(.cover(office: 0), at: at)
        open(at + -20_000, at + 80_000)
      }
      for edge in [slot.start + -1, slot.start, staffed + (within + 21_000)] {
        queue.add(.observe, at: edge)
      }
    }
    for _ in 0..<4 {
      let start = now + random.between(1_000, SimLimits.duration - 400_000)
      open(start, start + random.between(40_000, 200_000))
    }
    fill(merged(windows))
  }

  /// The slots that begin within the run, as the first node has them.
  private func dutySlots() throws -> [DutySlot] {
    let (from, until) = (now + 120_000, plan.end + -3_600_000)
    return try nodes[0].replica.read { World.slots($0, from, until) }
  }

  private static func slots(
    _ reading: some DeskReading, _ from: Instant, _ until: Instant
  ) -> [DutySlot] {
    let table = OwnershipFacts(DeskView(reading), drill: 0).book.table(
      forGroup: GroupRules.defaultName)
    var slots: [DutySlot] = []
    var slot = table.slot(at: from)
    while slot.end < until {
      slot = table.slot(at: slot.end)
      slots.append(slot)
    }
    return slots
  }

  private func merged(_ windows: [LinkWindow]) -> [LinkWindow] {
    var result: [LinkWindow] = []
    for window in windows.sorted(by: { $0.start < $1.start }) where window.start < window.end {
      if let last = result.last, window.start <= last.end + 5_000 {
        result[result.count - 1].end = max(last.end, window.end)
      } else {
        result.append(window)
      }
    }
    return result
  }

  /// Plans a fault under the next number, unless this run leaves it out.
  private func draw(_ kind: FaultKind, at instant: Instant) {
    let number = faults.drawn
    faults.drawn += 1
    guard plan.kept?.contains(number) ?? true else { return }
    queue.add(.fault(PlannedFault(number: number, kind: kind)), at: instant)
  }

  private func fill(_ windows: [LinkWindow]) {
    func moment(_ margin: Int64 = 0) -> Instant {
      guard let window = random.pick(windows) else { return now + 1 }
      return window.start + random.between(margin, max(margin, window.end - window.start))
    }
    for window in windows {
      queue.add(.openWindow, at: window.start)
      queue.add(.closeWindow, at: window.end)
      for at in stride(
        from: window.start.milliseconds + 15_000, to: window.end.milliseconds,
        by: Int(SimLimits.observeEvery))
      {
        queue.add(.observe, at: Instant(milliseconds: at))
        for node in plan.offices.indices {
          queue.add(.recordSeen(node: node), at: Instant(milliseconds: at + Int64(node) * 999))
        }
      }
      for kind in plan.faults where random.chance(kind.percent) {
        // A removal while deltas are on their way: some members hold more than the issuer.
        let latest = kind == .removal ? 3_000 : window.end - window.start
        draw(kind, at: window.start + random.between(0, latest))
      }
    }
    for _ in 0..<SimLimits.commands {
      let at =
        random.chance(65) ? moment() : now + random.between(1_000, plan.end - now - 60_000)
      queue.add(.command, at: at)
    }
    if random.chance(40) {
      // Between windows two publications cannot know of each other.
      let at = now + random.between(60_000, plan.end - now - 3_600_000)
      let count = random.chance(60) ? 2 : 1
      for node in 0..<count { queue.add(.publish(node: node), at: at) }
    }
    if let guest = plan.guest {
      for _ in 0..<6 { draw(guest == .rogue ? .forge : .newerColumns, at: moment(10_000)) }
    }
    for hour in Int64(1)..<25 { queue.add(.observe, at: plan.start + hour * 3_600_000) }
  }
}
