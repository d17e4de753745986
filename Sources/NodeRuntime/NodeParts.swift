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
  let accounts: AccountDesk
  let presence: PresenceBook
  let addressBook: AddressBook
  let attachments: AttachmentParts
  /// The certificate that agents see, as it was when the node started.
  let certificate: APICertificateState
  let startedAt: Instant

  var addresses: [Slot: HostPort] { addressBook.all }
}

/// Whether this node may write; kept up to date by the membership log and by forks.
final class NodeStanding: Sendable {
  private struct State {
    var membership: String?
    /// Stays until the node was admitted anew: this database is not the lineage it claims.
    var lineage: String?
    var forks: Set<Slot> = []
    var differences: [Slot: Slot] = [:]
    var ahead: [Slot: Int64] = [:]
    var badFiles: Set<Slot> = []
  }

  private let state = Mutex(State())

  /// Why nothing may be written; nil while the node serves.
  var readOnly: String? { state.withLock { $0.lineage ?? $0.membership } }
  /// Slots of which two histories are proved.
  var forks: Set<Slot> { state.withLock { $0.forks } }
  /// Slot → the peer that says its history of it differs from ours.
  var differences: [Slot: Slot] { state.withLock { $0.differences } }

  /// Slot → milliseconds by which it stamped ahead of our clock, where that was too much.
  var ahead: [Slot: Int64] { state.withLock { $0.ahead } }

  /// Peers that broke the rules of the exchange of files, or whose copy of one is damaged.
  var badFiles: Set<Slot> { state.withLock { $0.badFiles } }

  func sentBadFile(_ slot: Slot) { state.withLock { _ = $0.badFiles.insert(slot) } }

  func set(_ why: String?) { state.withLock { $0.membership = why } }

  /// A peer's word is an alarm and no more: else any member could stop any other from writing.
  func difference(in slot: Slot, by peer: Slot) {
    state.withLock { $0.differences[slot] = peer }
  }

  func runsAhead(_ slot: Slot, by milliseconds: Int64) {
    state.withLock { $0.ahead[slot] = milliseconds }
  }

  /// Two histories of a slot are proved; if it is our own, this node must not write on.
  func fork(_ slot: Slot, own: Slot) {
    state.withLock { state in
      state.forks.insert(slot)
      guard slot == own else { return }
      state.lineage =
        "another database wrote under this node's slot \(own), or this one is an old copy; join "
        + "again with an empty data directory"
    }
  }
}

/// Under which address each peer is dialled: an operator's word first, then the peer's own
/// announcement, then the address in the token.
final class AddressBook: Sendable {
  private let known = Mutex<[Slot: HostPort]>([:])

  var all: [Slot: HostPort] { known.withLock { $0 } }

  func set(_ addresses: [Slot: HostPort]) { known.withLock { $0 = addresses } }
}
