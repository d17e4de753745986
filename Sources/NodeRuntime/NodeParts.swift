// The parts of a running node, built once and handed to whatever needs them.

internal import ClusterTrust
internal import HelpdeskDomain
internal import ReplicaCore
internal import ReplicaStore
internal import SyncTransport
internal import Synchronization

/// Everything a running node is made of.
struct NodeParts: Sendable {
  let configuration: NodeConfiguration
  let directory: DataDirectory
  let own: Slot
  let key: NodeKey
  let store: ReplicaStore
  let clock: NodeClock
  let book: ClusterBook
  let door: MutationDoor
  let table: LinkTable
  let transport: PeerTransport
  let duty: DutyDesk
  let alarms: AlarmWatch
  let buckets: BucketDesk
  let standing: NodeStanding
  let addressBook: AddressBook
  let startedAt: Instant

  var addresses: [Slot: HostPort] { addressBook.all }
}

/// Whether this node may write; kept up to date by the membership log and by forks.
final class NodeStanding: Sendable {
  private let reason = Mutex<String?>(nil)

  /// Why nothing may be written; nil while the node serves.
  var readOnly: String? { reason.withLock { $0 } }

  func set(_ why: String?) { reason.withLock { $0 = why } }
}

/// Under which address each peer is dialled: an operator's word first, then the peer's own
/// announcement, then the address in the token.
final class AddressBook: Sendable {
  private let known = Mutex<[Slot: HostPort]>([:])

  var all: [Slot: HostPort] { known.withLock { $0 } }

  func set(_ addresses: [Slot: HostPort]) { known.withLock { $0 = addresses } }
}
