// What the world needs of a replica: one protocol, two implementations that pass the same tests.

internal import HelpdeskDomain
internal import ReplicaCore

/// What a node's clock says at one instant.
struct Moment {
  var now: Instant
  /// Milliseconds by which the clock jumped; nil while it is trusted.
  var drift: Int64?
}

/// A command with the one who gives it.
struct SimCommand {
  var command: DeskCommand
  var actor: Actor
}

/// What an accepted command did.
struct SimAccepted {
  /// Nil where it changed nothing.
  var encoded: EncodedDelta?
  var created: RowID?
}

/// What a replica is told of the membership log.
struct SimStanding {
  var offices: OfficeFacts
  /// Deltas of a removed slot beyond its seal are not taken.
  var seals: [Slot: UInt64] = [:]

  func accepts(_ head: SignedHead) -> Bool {
    ReplicaSetting.isSigned(head) && !isBeyondSeal(head.dot)
  }

  func isBeyondSeal(_ dot: Dot) -> Bool { dot.seq > seals[dot.slot] ?? .max }
}

/// How a batch fared.
struct SimApplied {
  var outcome: ApplyOutcome
  /// A delta of a removed slot came that a member had taken before it knew.
  var beyondSeal: Dot?
  /// Deltas of our own slot came that we never made: our files are an old copy.
  var ownSlotAhead = false
  var voided = 0
}

/// The node lost power; what was not durable is not there after a restart.
struct PowerLost: Error {}

/// Everything a checker compares at the end of a run.
struct ReplicaDump {
  /// In apply order.
  var log: [EncodedDelta]
  /// The last head of each slot.
  var heads: [Slot: SignedHead]
  var voids: [Dot: String]
  var rows: [RowRef: RowState]
}

/// A replica in virtual time. All calls are made from one thread; time is passed in.
protocol SimReplica: AnyObject {
  var slot: Slot { get }
  /// After the last commit.
  var local: LocalState { get }
  /// The greatest hybrid time issued or accepted, durable.
  var hlc: HLC { get }

  var disk: SimDisk { get }
  /// What the node's membership log says: its offices, and the seals of removed slots.
  var standing: SimStanding { get set }

  /// Decides commands in one transaction, each by itself, and seals it with a signed head.
  ///
  /// What `probe` throws ends the transaction: nothing of it remains. After ``PowerLost`` the
  /// replica must be ``restart()``ed.
  func commit(
    _ commands: [SimCommand], at moment: Moment, probe: Probe
  ) throws -> [Result<SimAccepted, Refusal>]
  /// Commits and loses power so that only a part of the transaction's last write is on the disk,
  /// and starts again. False where that write could not be torn: then it is durable.
  func commitTorn(
    _ commands: [SimCommand], at moment: Moment, keeping part: Double
  ) throws -> Bool
  /// Verifies, judges and commits a batch of a peer; `probe` as in a commit.
  func apply(_ batch: DeltaBatch, now: Instant, probe: Probe) throws -> SimApplied
  func readLog(
    excluding: VersionVector, onlySlot: Slot?, after: Int64?, maxBytes: Int
  ) throws -> (batch: DeltaBatch, next: Int64?)
  /// The chain hash at a dot; nil where it is not here.
  func hash(at dot: Dot) throws -> Digest?
  /// Reads the desk as it is after the last commit.
  func read<T>(_ body: (any DeskReading) throws -> T) throws -> T
  /// Rows of known entities as a reader beside the writer sees them.
  func readBeside(_ rows: [RowRef]) throws -> [RowRef: RowState]
  func dump() throws -> ReplicaDump
  /// A replica that goes on from a copy of what is durable here, in a directory of its own.
  func copy(to directory: String) throws -> any SimReplica
  /// Stops as if power was lost, and starts from what was durable.
  func restart() throws
}

extension SimReplica {
  func commit(
    _ commands: [SimCommand], at moment: Moment
  ) throws -> [Result<SimAccepted, Refusal>] {
    try commit(commands, at: moment) { _ in }
  }

  func apply(_ batch: DeltaBatch, now: Instant) throws -> SimApplied {
    try apply(batch, now: now) { _ in }
  }

  /// The first dot, by slot, at which another replica's chain differs from this one's.
  func firstDifference(from theirs: HeadedVector) throws -> Dot? {
    for (slot, seq) in theirs.vector.sorted {
      let dot = Dot(slot, seq)
      if let mine = try hash(at: dot), mine != theirs.hashes[slot] { return dot }
    }
    return nil
  }
}

/// What all replicas of one run share.
final class ReplicaSetting {
  static let cluster = "sim"

  let offices: OfficeFacts
  let dutyBooks = DutyBooks()
  private var random: SeededRandom

  init(offices: OfficeFacts, seed: UInt64) {
    self.offices = offices
    random = SeededRandom(seed ^ 0x5A17)
  }

  func salt() -> [UInt8] { random.bytes(Content.saltLength) }

  /// Stands in for a key: a tag that only the simulator makes, bound to dot and hash.
  static func sign(_ dot: Dot, _ hash: Digest) -> [UInt8] {
    let tag = Digest.sha256(
      Array("simulated key".utf8), SignedHead.signedBytes(cluster: cluster, dot: dot, hash: hash))
    return tag.bytes + tag.bytes
  }

  static func isSigned(_ head: SignedHead) -> Bool { head.signature == sign(head.dot, head.hash) }
}
