// The one door for local changes: commands queue, share a transaction, and are answered after it.

package import HelpdeskDomain
package import ReplicaCore
internal import ReplicaStore

/// What an accepted command did.
package struct Accepted: Hashable, Sendable {
  /// Nil where the command changed nothing.
  package var delta: Delta?
  /// The number under which this node applied it; 0 without one.
  package var applied: Int64 = 0
  package var created: RowID?
}

/// Group commit: what arrives while a transaction runs goes into the next one together.
package actor MutationDoor {
  /// Commands of one transaction; keeps a burst from holding the writer for long.
  private static let group = 512

  private struct Waiting {
    var command: DeskCommand
    var actor: Actor
    var answer: CheckedContinuation<Result<Accepted, any Error>, Never>
  }

  private let parts: DoorParts
  private var queue: [Waiting] = []
  private var isDraining = false

  init(_ parts: DoorParts) { self.parts = parts }

  /// Runs a command; returns once its delta is durable. Throws ``Refusal`` or a store error.
  package func submit(_ command: DeskCommand, as actor: Actor) async throws -> Accepted {
    let result = await withCheckedContinuation { answer in
      queue.append(Waiting(command: command, actor: actor, answer: answer))
      if !isDraining {
        isDraining = true
        Task { await drain() }
      }
    }
    return try result.get()
  }

  /// Runs several commands of one actor in as few transactions as may be, in order; each is
  /// answered by itself.
  package func submit(
    all commands: [DeskCommand], as actor: Actor
  ) async -> [Result<Accepted, any Error>] {
    var results: [Result<Accepted, any Error>] = []
    for start in stride(from: 0, to: commands.count, by: Self.group) {
      let slice = Array(commands[start..<min(start + Self.group, commands.count)])
      results += await commit(slice.map { ($0, actor) })
    }
    return results
  }

  private func drain() async {
    while !queue.isEmpty {
      let batch = Array(queue.prefix(Self.group))
      queue.removeFirst(batch.count)
      let results = await commit(batch.map { ($0.command, $0.actor) })
      for (waiting, result) in zip(batch, results) { waiting.answer.resume(returning: result) }
    }
    isDraining = false
  }

  private func commit(
    _ commands: [(command: DeskCommand, actor: Actor)]
  ) async -> [Result<Accepted, any Error>] {
    do {
      let parts = parts
      let results = try await parts.store.write { transaction in
        let results = commands.map { command, actor in
          Result { try parts.run(command, as: actor, in: transaction) }
        }
        try transaction.seal(sign: parts.sign)
        return results
      }
      parts.committed(results.contains { (try? $0.get())?.delta != nil })
      return results
    } catch {
      return commands.map { _ in .failure(error) }
    }
  }
}

/// What the door works with.
struct DoorParts: Sendable {
  var store: ReplicaStore
  var clock: NodeClock
  var offices: @Sendable () -> OfficeFacts
  var dutyBooks: DutyBooks
  /// Why nothing may be written now; nil while it may.
  var readOnly: @Sendable () -> String?
  var sign: @Sendable (Dot, Digest) throws -> [UInt8]
  /// Told after each commit whether it held deltas of our own.
  var committed: @Sendable (Bool) -> Void

  /// Decides one command and makes its delta, in a savepoint of its own.
  func run(
    _ command: DeskCommand, as actor: Actor, in transaction: WriteTransaction
  ) throws -> Accepted {
    if let reason = readOnly() { throw Refusal.readOnly(reason: reason) }
    return try transaction.savepoint {
      let reading = TransactionReading(
        transaction, offices: offices(), dutyBooks: dutyBooks)
      let now = clock.now
      var hybrid = transaction.clock
      let hlc = hybrid.tick(now: now)
      let context = DecisionContext(
        dot: try transaction.nextDot(), hlc: hlc, now: now, rosterNow: clock.rosterNow,
        clockDrift: clock.drift, newID: { reading.newID() }, salt: { Self.salt() })
      let decision = try Decider.decide(
        command: command, actor: actor, reading: reading, context: context)
      try reading.check()
      guard !decision.isEmpty else { return Accepted(delta: nil, created: decision.created) }
      let encoded = try transaction.appendLocal(
        hlc: hlc, actor: decision.actor, authority: decision.authority, via: decision.via,
        occurredAt: decision.occurredAt, decision.changes)
      let delta = try DeltaCodec.decode(encoded)
      return Accepted(
        delta: delta, applied: transaction.appliedNumber, created: decision.created)
    }
  }

  private static func salt() -> [UInt8] {
    var random = SystemRandomNumberGenerator()
    return (0..<(Content.saltLength / 8)).flatMap { _ in
      withUnsafeBytes(of: random.next()) { Array($0) }
    }
  }
}
