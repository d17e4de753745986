// Commands take uploaded files: the files stand in the place of their tokens, and once the command
// is accepted its uploads are used up.

internal import HelpdeskDomain
internal import ReplicaCore
internal import ReplicaStore

extension UploadBook {
  /// An upload that a comment is taking lives on at least so long, in milliseconds.
  private static var grace: Int64 { 300_000 }

  /// The command with the files of its comments in the place of their tokens. A token that is not
  /// one of the actor's stays, and the domain refuses it.
  func filled(_ command: DeskCommand, as actor: Actor, now: Instant) -> DeskCommand {
    command.changingComments { filled($0, as: actor, now: now) }
  }

  private func filled(_ comment: CommentDraft, as actor: Actor, now: Instant) -> CommentDraft {
    guard !comment.uploads.isEmpty else { return comment }
    var filled = comment
    filled.uploads = []
    var named: Set<String> = []
    for token in comment.uploads where named.insert(token).inserted {
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
    let ids = Set(command.comments.flatMap(\.attachments).map(\.id))
    guard !ids.isEmpty else { return }
    for upload in all where upload.files.contains(where: { ids.contains($0.id) }) {
      remove(upload.token)
    }
  }
}

extension [DeskCommand] {
  /// The commands of one request, where each file stands in one of them under its own row. Where
  /// one token serves many tickets, `fresh` gives the rows that the further ones need.
  func withOwnFiles(
    _ fresh: (_ count: Int) async throws -> [RowID]
  ) async throws -> [DeskCommand] {
    var seen: Set<RowID> = []
    var doubles = 0
    for file in flatMap(\.comments).flatMap(\.attachments) where !seen.insert(file.id).inserted {
      doubles += 1
    }
    guard doubles > 0 else { return self }
    var ids = try await fresh(doubles)[...]
    seen = []
    return map { command in
      command.changingComments { comment in
        var comment = comment
        for index in comment.attachments.indices
        where !seen.insert(comment.attachments[index].id).inserted {
          guard let id = ids.popFirst() else { continue }
          comment.attachments[index].id = id
        }
        return comment
      }
    }
  }
}

extension DeskCommand {
  /// The comments that the command brings.
  fileprivate var comments: [CommentDraft] {
    switch self {
    case .createTicket(let draft): [draft.comment]
    case .updateTicket(_, let edit): edit.comment.map { [$0] } ?? []
    case .createRequest(let draft): [draft.comment]
    case .updateRequest(_, let edit): edit.comment.map { [$0] } ?? []
    case .importHistory(let history): history.comments.map(\.draft)
    default: []
    }
  }

  fileprivate func changingComments(_ change: (CommentDraft) -> CommentDraft) -> DeskCommand {
    switch self {
    case .createTicket(var draft):
      draft.comment = change(draft.comment)
      return .createTicket(draft)
    case .updateTicket(let id, var edit):
      edit.comment = edit.comment.map(change)
      return .updateTicket(id, edit)
    case .createRequest(var draft):
      draft.comment = change(draft.comment)
      return .createRequest(draft)
    case .updateRequest(let id, var edit):
      edit.comment = edit.comment.map(change)
      return .updateRequest(id, edit)
    case .importHistory(var history):
      for index in history.comments.indices {
        history.comments[index].draft = change(history.comments[index].draft)
      }
      return .importHistory(history)
    default: return self
    }
  }
}
