// Files come with their comment, once each; afterwards they can only be redacted.

internal import ReplicaCore

extension Decider {
  func checkFiles(
    of comment: CommentDraft, _ field: String, _ checks: inout FieldChecks
  ) {
    let field = "\(field).uploads"
    for token in comment.uploads {
      checks.add(
        field, .recordNotFound,
        "\(field): '\(token.prefix(64))' is no upload of yours on this node; upload the file to "
          + "the node that you send the comment to, within an hour before")
    }
    if comment.attachments.count > DeskLimits.attachments {
      checks.add(
        field, .tooLong,
        "\(field): \(comment.attachments.count) files, at most \(DeskLimits.attachments) go "
          + "with one comment")
    }
    var seen: Set<RowID> = []
    for file in comment.attachments {
      checks.fileName(file.fileName, field)
      if !seen.insert(file.id).inserted || view.row(Desk.attachment, file.id).exists {
        checks.add(
          field, .duplicateValue,
          "\(field): '\(file.fileName.prefix(64))' is attached already; upload it once more to "
            + "attach it twice")
      }
    }
  }

  /// The rows of a comment's files.
  func newAttachments(
    _ draft: CommentDraft, of comment: RowChange?, on ticket: RowID
  ) -> [RowChange?] {
    guard let comment else { return [] }
    return draft.attachments.enumerated().map { position, file in
      var row = editor(Desk.attachment, file.id)
      row.set(AttachmentColumn.comment, comment.row.id)
      row.set(AttachmentColumn.ticket, ticket)
      row.set(AttachmentColumn.fileName, file.fileName)
      row.set(AttachmentColumn.contentType, file.contentType)
      row.set(AttachmentColumn.size, .integer(Int64(clamping: file.key.size)))
      row.set(AttachmentColumn.hash, .bytes(file.key.hash.bytes))
      row.set(AttachmentColumn.position, .integer(Int64(position)))
      return row.change()
    }
  }

  /// Takes a file's bytes out of reach everywhere, for good. A closed ticket's too.
  func redactAttachment(
    _ id: RowID, of comment: RowID, on ticket: RowID
  ) throws(Refusal) -> Decision {
    try requireUser(.edit)
    _ = try liveTicket(ticket)
    let state = view.row(Desk.attachment, id)
    guard state.value(AttachmentColumn.ticket) == .integer(ticket.rawValue),
      state.value(AttachmentColumn.comment) == .integer(comment.rawValue)
    else { throw .notFound(kind: "attachment", id: id.description) }
    var row = editor(Desk.attachment, id, state)
    row.set(AttachmentColumn.redacted, true)
    guard let change = row.change() else { return decision([]) }
    // The ticket is touched, so that its history tells of it.
    return decision([RowChange(RowRef(Desk.ticket, ticket), []), change])
  }
}

extension FieldChecks {
  /// A name that a file can have on any system, at most ``DeskLimits/fileNameCharacters``.
  mutating func fileName(_ name: String, _ field: String) {
    self.name(name, field, maximum: DeskLimits.fileNameCharacters)
    guard !AttachmentRules.isFileName(name) else { return }
    add(
      field, .invalidValue,
      "\(field): a file name has no control characters, no / and no \\, and is not . or ..; "
        + "rename the file")
  }
}

/// What an attachment's row must be like; the same for decisions and verdicts.
package enum AttachmentRules {
  /// Whether the name holds nothing that breaks a header or leaves a folder.
  package static func isFileName(_ name: String) -> Bool {
    name != "." && name != ".."
      && name.unicodeScalars.allSatisfy { scalar in
        let category = scalar.properties.generalCategory
        return category != .control && category != .lineSeparator
          && category != .paragraphSeparator && !scalar.properties.isBidiControl && scalar != "/"
          && scalar != "\\"
      }
  }

  /// The name as it is shown: that of a delta of another node may be anything.
  package static func shown(_ name: String?) -> String {
    guard let name, isFileName(name), !name.allSatisfy(\.isWhitespace),
      name.unicodeScalars.count <= DeskLimits.fileNameCharacters
    else { return "unnamed" }
    return name
  }

  static func isSound(size: Int64?, hash: Value?) -> Bool {
    guard let size, size > 0, size <= Int64(Limits.attachmentBytes) else { return false }
    return hash?.bytes.flatMap { Digest($0) } != nil
  }
}
