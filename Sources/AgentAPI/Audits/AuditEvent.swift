// One event of an audit.

internal import HelpdeskDomain
internal import ReplicaCore

/// An event, and which action of its delta it tells of, from 0: of several the first.
struct AuditChild {
  var ordinal: Int
  var event: AuditEvent

  init(_ ordinal: Int, _ event: AuditEvent) {
    self.ordinal = ordinal
    self.event = event
  }
}

enum AuditEvent {
  enum Shown: JSONWritable {
    case value(Value)
    case list([Value])
    case time(Instant)

    func write(to json: inout JSONWriter) {
      switch self {
      case .value(let value): value.write(to: &json)
      case .list(let values): values.write(to: &json)
      case .time(let instant): instant.write(to: &json)
      }
    }
  }

  case comment(id: RowID, CommentCells)
  case create(field: String, Shown)
  case change(field: String, Shown, before: Shown)
  case redaction(attachment: RowID)
  /// An act on ownership: `take`, `hand_to`, `send_back`, `cover`, `handoff_note`.
  case helio(kind: String)

  func write(
    id: Int64, audit: RowID, actor: RowID, _ shelf: AttachmentShelf, to json: inout JSONWriter
  ) {
    json.object { json in
      switch self {
      case .comment(let comment, let cells):
        json.field("id", comment)
        json.field("type", "Comment")
        json.field("author_id", cells.author ?? actor)
        json.field("body", cells.body)
        json.field("html_body", cells.body.map(HTMLText.html))
        json.field("plain_body", cells.body)
        json.field("public", cells.isPublic)
        shelf.write(comment, to: &json)
        json.field("audit_id", audit)
      case .create(let field, let value):
        json.field("id", id)
        json.field("type", "Create")
        json.field("field_name", field)
        json.field("value", value)
      case .change(let field, let value, let before):
        json.field("id", id)
        json.field("type", "Change")
        json.field("field_name", field)
        json.field("value", value)
        json.field("previous_value", before)
      case .redaction(let attachment):
        json.field("id", id)
        json.field("type", "AttachmentRedactionEvent")
        json.field("attachment_id", attachment)
      case .helio(let kind):
        json.field("id", id)
        json.field("type", "Ownership")
        json.field("kind", kind)
      }
    }
  }
}
