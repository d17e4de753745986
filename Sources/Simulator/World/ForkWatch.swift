// What a run knows of the one slot whose history it forks on purpose.

internal import ReplicaCore

/// A node that will go on from an old copy, or beside a copy, after everything else was compared.
struct ForkWatch {
  /// A copy of a node's files as they were during the run.
  var backup: (planned: PlannedFault, node: Int, replica: any SimReplica)?
  /// The node whose database will run twice.
  var cloning: (planned: PlannedFault, node: Int)?
  /// The slot of which two histories exist now; seeing it forked is right, missing it is not.
  var expected: Slot?
  var isSeen = false
}
