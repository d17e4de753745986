// How a delta about a ticket looks as an audit.

internal import HelpdeskDomain
internal import ReplicaCore

enum AuditPresenter {
  /// The id of the audit of a delta, unique over the cluster as the dot is.
  static func id(of dot: Dot) -> RowID {
    RowID(number: Int64(clamping: dot.seq), slot: dot.slot)
  }

  /// - Parameter applied: the number under which this node applied the delta.
  static func write(
    _ delta: Delta, applied: Int64, ticket: RowID, events: [AuditChild], _ shelf: AttachmentShelf,
    void: String? = nil, afterDisabling: Bool = false, to json: inout JSONWriter
  ) {
    let id = id(of: delta.dot)
    json.object { json in
      json.field("id", id)
      json.field("ticket_id", ticket)
      json.field("created_at", delta.header.shownAt)
      json.field("author_id", delta.header.actor)
      json.field(
        "metadata",
        object: { json in
          json.field("system", object: { _ in })
          json.field(
            "custom",
            object: { json in
              json.field("dot", delta.dot.description)
              json.field("void", void)
              json.field("after_disabling", afterDisabling)
            })
        })
      json.key("events")
      json.array(events) { json, child in
        child.event.write(
          id: EventID.child(child.ordinal, of: delta.dot, applied: applied), audit: id,
          actor: delta.header.actor, shelf, to: &json)
      }
      json.field("via", delta.header.via)
    }
  }

  /// The audit of a write that changed nothing.
  static func writeEmpty(ticket: RowID, actor: RowID, to json: inout JSONWriter) {
    json.object { json in
      json.null("id")
      json.field("ticket_id", ticket)
      json.null("created_at")
      json.field("author_id", actor)
      json.field("metadata", object: { _ in })
      json.field("events", [String]())
      json.field("via", Via.api)
    }
  }
}
