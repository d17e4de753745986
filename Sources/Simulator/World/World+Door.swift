// The mutation door of the simulated nodes: commands wait, share a transaction, and are answered.

internal import HelpdeskDomain
internal import ReplicaCore
internal import ReplicaStore

extension World {
  /// Puts a command at a node's door; a transaction takes all that wait a moment later.
  func submit(_ command: DeskCommand, by actor: Actor, at node: SimNode) {
    guard node.isUp else { return }
    guard node.admits(node.slot) else {
      commandsRefused += 1
      sometimes.hit(.removedNodeReadOnly)
      return note("\(node.office) is removed and refuses \(command.name)")
    }
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

  func commit(_ node: SimNode, _ life: Int) throws {
    guard node.isUp, node.life == life else { return }
    node.commitIsDue = false
    let commands = node.queue
    node.queue = []
    guard !commands.isEmpty else { return }
    let moment = node.clock.read(at: now)
    if let planned = node.armed.removeValue(forKey: .tornLastWrite) {
      return try tear(node, planned, commands, moment)
    }
    let before = node.replica.local
    let results: [Result<SimAccepted, Refusal>]
    do { results = try node.replica.commit(commands, at: moment, probe: probe(node)) } catch {
      return try failed(node, commands, error, before: before)
    }
    if dies(node, at: .commitUnanswered) { return }
    for (command, result) in zip(commands, results) { answered(node, command, result) }
    try checkClock(of: node)
    try checkWhole(node, results.compactMap { (try? $0.get())?.encoded })
    remember(node)
    if dies(node, at: .commitUnpushed) { return }
    if results.contains(where: { (try? $0.get())?.encoded != nil }) {
      tell(node, .committed(own: true))
    }
  }

  /// The transaction was ended: nobody was answered, so nothing of it may be there.
  private func failed(
    _ node: SimNode, _ commands: [SimCommand], _ error: any Error, before: LocalState
  ) throws {
    switch error {
    case is PowerLost:
      guard let planned = node.fired else { throw error }
      sometimes.hit(.crashInsideCommit)
      return stop(
        node, planned, "power lost inside a commit of \(commands.count)",
        for: random.between(5_000, 90_000))
    case is SigningFailed: sometimes.hit(.signingFailed)
    case StoreError.diskFull: sometimes.hit(.diskFullRefused)
    case StoreError.ioFailed:
      guard let planned = node.fired else { throw error }
      node.hasFailedDisk = true
      // An operator looks after it; until then the store must refuse to write.
      queue.add(
        .halt(node: node.index, life: node.life, planned), at: now + random.between(20_000, 90_000))
    case StoreError.stopped: sometimes.hit(.stoppedAfterDiskFailure)
    default: throw error
    }
    commandsRefused += commands.count
    note("\(node.office) fails \(commands.count): \(error)")
    guard node.replica.local == before else {
      throw Violation(2, "\(node.office) refused a group with \(error), and holds a part of it")
    }
  }

  /// Power is lost while the disk writes the last transaction: a part of it is there.
  private func tear(
    _ node: SimNode, _ planned: PlannedFault, _ commands: [SimCommand], _ moment: Moment
  ) throws {
    let before = node.replica.local
    let part = Double(random.below(100)) / 100
    let isTorn: Bool
    do {
      isTorn = try node.replica.commitTorn(commands, at: moment, keeping: part)
    } catch StoreError.diskFull {
      return commandsRefused += commands.count
    } catch StoreError.stopped { return commandsRefused += commands.count }
    if isTorn {
      failpoints.hit(.tornLastWrite)
      checks.hit(2)
      guard node.replica.local == before else {
        throw Violation(2, "\(node.office) holds a part of a transaction that was torn")
      }
    }
    stop(
      node, planned, "\(isTorn ? "torn write of" : "power lost after") \(commands.count) commands",
      for: random.between(5_000, 90_000))
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
