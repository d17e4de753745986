// How a node's parts for attached files are put together.

internal import HelpdeskDomain
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

extension UploadBook {
  /// An upload that a comment is taking lives on at least so long, in milliseconds.
  private static var grace: Int64 { 300_000 }

  /// The command with the files of its comment in the place of their tokens. A token that is not
  /// one of the actor's stays, and the domain refuses it.
  func filled(_ command: DeskCommand, as actor: Actor, now: Instant) -> DeskCommand {
    switch command {
    case .createTicket(var draft) where !draft.comment.uploads.isEmpty:
      draft.comment = filled(draft.comment, as: actor, now: now)
      return .createTicket(draft)
    case .updateTicket(let id, var edit):
      guard let comment = edit.comment, !comment.uploads.isEmpty else { return command }
      edit.comment = filled(comment, as: actor, now: now)
      return .updateTicket(id, edit)
    case .createRequest(var draft) where !draft.comment.uploads.isEmpty:
      draft.comment = filled(draft.comment, as: actor, now: now)
      return .createRequest(draft)
    case .updateRequest(let id, var edit):
      guard let comment = edit.comment, !comment.uploads.isEmpty else { return command }
      edit.comment = filled(comment, as: actor, now: now)
      return .updateRequest(id, edit)
    default: return command
    }
  }

  private func filled(_ comment: CommentDraft, as actor: Actor, now: Instant) -> CommentDraft {
    var filled = comment
    filled.uploads = []
    for token in comment.uploads {
      guard let upload = self[token], upload.user == actor.user, upload.expiresAt > now else {
        filled.uploads.append(token)
        continue
      }
      extend(token, to: now + Self.grace)
      filled.attachments += upload.files
    }
    return filled
  }

  /// After a command was accepted: its files have rows now.
  func settle(_ command: DeskCommand) {
    let files: [AttachmentDraft] =
      switch command {
      case .createTicket(let draft): draft.comment.attachments
      case .updateTicket(_, let edit): edit.comment?.attachments ?? []
      case .createRequest(let draft): draft.comment.attachments
      case .updateRequest(_, let edit): edit.comment?.attachments ?? []
      default: []
      }
    guard !files.isEmpty else { return }
    let ids = Set(files.map(\.id))
    for upload in all where upload.files.contains(where: { ids.contains($0.id) }) {
      remove(upload.token)
    }
  }
}
