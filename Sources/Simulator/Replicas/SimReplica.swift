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

/// How a batch fared.
struct SimApplied {
  var outcome: ApplyOutcome
  var voided = 0
}

/// The node lost power while a transaction ran; nothing of it is there after a restart.
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

  /// Decides commands in one transaction, each by itself, and seals it with a signed head.
  ///
  /// With `losingPowerAfter` it throws ``PowerLost`` after so many commands, before the commit;
  /// then the replica must be ``restart()``ed.
  func commit(
    _ commands: [SimCommand], at moment: Moment, losingPowerAfter: Int?
  ) throws -> [Result<SimAccepted, Refusal>]
  /// Verifies, judges and commits a batch of a peer.
  func apply(_ batch: DeltaBatch, now: Instant) throws -> SimApplied
  func readLog(
    excluding: VersionVector, onlySlot: Slot?, after: Int64?, maxBytes: Int
  ) throws -> (batch: DeltaBatch, next: Int64?)
  /// The chain hash at a dot; nil where it is not here.
  func hash(at dot: Dot) throws -> Digest?
  /// Reads the desk as it is after the last commit.
  func read<T>(_ body: (any DeskReading) throws -> T) throws -> T
  func dump() throws -> ReplicaDump
  /// Stops as if power was lost, and starts from what was durable.
  func restart() throws
}

extension SimReplica {
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
