// One node of the simulated cluster: a replica, a clock, and a queue at its mutation door.

internal import HelpdeskDomain
internal import ReplicaCore

/// A node, up or down.
final class SimNode {
  let index: Int
  let office: OfficeID
  let replica: any SimReplica
  var clock: SimClock
  var isUp = true
  /// Grows with every stop, so that what was meant for an earlier life is dropped.
  var life = 0
  /// Commands that wait for the next transaction; lost when the node stops.
  var queue: [SimCommand] = []
  var commitIsDue = false
  /// The next transaction loses power half-way.
  var losesPower: PlannedFault?
  /// Power is lost as soon as something waits at its door.
  var crashesWhenBusy: PlannedFault?
  /// What its users were told is done: the delta's body digest.
  var acknowledged: [Dot: Digest] = [:]
  var lastHLC = HLC.zero
  var tokens: [RowID: OwnershipToken] = [:]

  init(index: Int, office: OfficeID, replica: any SimReplica, clock: SimClock) {
    self.index = index
    self.office = office
    self.replica = replica
    self.clock = clock
  }

  var slot: Slot { replica.slot }
}
