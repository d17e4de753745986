// How files look on the wire.

internal import HelpdeskDomain
internal import ReplicaCore

struct AttachmentPresenter {
  /// Scheme and host for the URLs.
  let base: String

  func write(_ shown: ShownAttachment, to json: inout JSONWriter) {
    let record = shown.record
    let isGone = shown.state == .redacted
    let name = isGone ? "redacted.txt" : record.fileName
    let content = contentURL(record.id, name)
    json.object { json in
      json.field("url", "\(base)/api/v2/attachments/\(record.id).json")
      json.field("id", record.id)
      json.field("file_name", name)
      json.field("content_url", content)
      json.field("mapped_content_url", content)
      json.field("content_type", isGone ? "text/plain" : record.contentType)
      json.field("size", isGone ? Int64(0) : Int64(clamping: record.key.size))
      json.null("width", "height")
      json.field("inline", false)
      json.field("deleted", isGone)
      json.field("thumbnails", [String]())
      json.field("helio_state", shown.state.name)
      json.field("helio_bytes_here", Int64(clamping: bytesHere(shown)))
    }
  }

  private func bytesHere(_ shown: ShownAttachment) -> UInt64 {
    switch shown.state {
    case .here: shown.record.key.size
    case .onTheWay(let have), .missing(let have): have
    case .redacted: 0
    }
  }

  private func contentURL(_ id: RowID, _ name: String) -> String {
    "\(base)/api/v2/attachments/\(id)/content?name=\(ContentDisposition.percentEncoded(name))"
  }
}

/// The files of a ticket by comment, ready to be written beside each.
struct AttachmentShelf {
  private let presenter: AttachmentPresenter
  private var byComment: [RowID: [ShownAttachment]] = [:]

  /// Files that were just attached: their bytes are here.
  init(base: String, of delta: Delta) {
    presenter = AttachmentPresenter(base: base)
    for change in delta.changes where change.row.entity == Desk.attachment {
      guard let record = AttachmentRecord(change) else { continue }
      byComment[record.comment, default: []].append(ShownAttachment(record: record, state: .here))
    }
  }

  init(base: String, _ files: [ShownAttachment]) {
    presenter = AttachmentPresenter(base: base)
    byComment = Dictionary(grouping: files) { $0.record.comment }
  }

  func write(_ comment: RowID, to json: inout JSONWriter) {
    json.key("attachments")
    json.array(byComment[comment] ?? []) { presenter.write($1, to: &$0) }
  }
}

extension AttachmentRecord {
  /// The row that a delta brings; nil where the change only redacts one.
  fileprivate init?(_ change: RowChange) {
    var values: [UInt16: Value] = [:]
    for action in change.actions {
      if case .write(let content, _, _) = action.kind {
        values[action.cell.column] = content.value ?? .null
      }
    }
    guard let comment = values[AttachmentColumn.comment]?.integer,
      let ticket = values[AttachmentColumn.ticket]?.integer,
      let size = values[AttachmentColumn.size]?.integer, size >= 0,
      let hash = values[AttachmentColumn.hash]?.bytes.flatMap({ Digest($0) })
    else { return nil }
    self.init(
      id: change.row.id, comment: RowID(comment), ticket: RowID(ticket),
      fileName: AttachmentRules.shown(values[AttachmentColumn.fileName]?.text),
      contentType: values[AttachmentColumn.contentType]?.text ?? ContentKind.unknown,
      key: BlobKey(hash: hash, size: UInt64(size)),
      position: values[AttachmentColumn.position]?.integer ?? 0)
  }
}
