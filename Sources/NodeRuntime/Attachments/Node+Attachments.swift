// How a node's parts for attached files are put together.

internal import Logging
internal import ReplicaCore
internal import ReplicaStore

extension Node {
  /// Opens the files of a data directory whose store is open: its lock guards them too.
  static func attachments(
    _ directory: DataDirectory, _ store: ReplicaStore, _ clock: NodeClock, _ table: LinkTable,
    _ addresses: AddressBook, _ dialler: any BulkDialling, _ standing: NodeStanding, _ log: Logger
  ) throws -> AttachmentParts {
    let blobs = try BlobStore.open(StoreOptions.node(directory))
    let keeper = AttachmentKeeper(
      store: store, blobs: blobs, uploads: UploadBook(blobs), now: { clock.now }, log: log,
      flagged: { standing.sentBadFile($0) })
    let hub = BulkHub(
      keeper: keeper, table: table, dialler: dialler, addresses: { addresses.all },
      now: { clock.now }, log: log)
    return AttachmentParts(keeper: keeper, hub: hub)
  }
}
