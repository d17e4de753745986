// One node of the simulated cluster: a replica, a clock, and a queue at its mutation door.

internal import ClusterTrust
internal import HelpdeskDomain
internal import ReplicaCore

/// A node, up or down.
final class SimNode {
  let index: Int
  let office: OfficeID
  var replica: any SimReplica
  /// The node's own copy of the membership log.
  var members: MembershipLog
  let key: NodeKey
  var clock: SimClock
  var isUp = true
  /// Grows with every stop, so that what was meant for an earlier life is dropped.
  var life = 0
  /// Commands that wait for the next transaction; lost when the node stops.
  var queue: [SimCommand] = []
  var commitIsDue = false
  /// Places at which the next one who comes by fails, with the fault that armed them.
  var armed: [Failpoint: PlannedFault] = [:]
  /// The fault whose place threw last.
  var fired: PlannedFault?
  /// The store has stopped until it is opened again.
  var hasFailedDisk = false
  /// Whether the domain can be asked here.
  var isReadable: Bool { isUp && !hasFailedDisk }
  /// Power is lost as soon as something waits at its door.
  var crashesWhenBusy: PlannedFault?
  /// What its users were told is done: the delta's body digest.
  var acknowledged: [Dot: Digest] = [:]
  var lastHLC = HLC.zero
  var tokens: [RowID: OwnershipToken] = [:]

  init(
    index: Int, office: OfficeID, replica: any SimReplica, clock: SimClock,
    members: MembershipLog, key: NodeKey
  ) {
    self.index = index
    self.office = office
    self.replica = replica
    self.clock = clock
    self.members = members
    self.key = key
  }

  var slot: Slot { replica.slot }

  /// Whether this node, as far as it knows, holds a slot to be authorised.
  func admits(_ other: Slot) -> Bool { members.membership.member(other)?.isActive ?? false }
}
