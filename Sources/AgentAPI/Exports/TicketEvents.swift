// Audits of many tickets as the event export has them, with what each change replaced.

internal import HelpdeskDomain
internal import ReplicaCore

/// The events of a page of deltas: one for each ticket that a delta names.
struct TicketEvents {
  private struct Event {
    var entry: HistoryEntry
    var ticket: RowID
    /// Among the tickets that the delta names, from 0.
    var place: Int
    var children: [AuditChild]

    /// A warehouse keeps one row for each id: further tickets of one delta have ids of their own.
    var id: RowID { EventID.event(place, of: entry) }
  }

  private var events: [Event] = []
  private let withComments: Bool
  /// The files of each ticket, where comments are wanted.
  private var shelves: [RowID: AttachmentShelf] = [:]

  var count: Int { events.count }

  /// Reads the history of the tickets up to these changes, for the values that were replaced.
  init(
    _ entries: [HistoryEntry], withComments: Bool, _ call: Call, _ services: AgentServices
  ) async throws {
    self.withComments = withComments
    var wanted: [RowID: (dots: Set<Dot>, last: Int64)] = [:]
    for entry in entries {
      for ticket in Self.tickets(of: entry.delta) {
        wanted[ticket, default: ([], 0)].dots.insert(entry.dot)
        wanted[ticket]?.last = entry.applied
      }
    }
    var children: [RowID: [Dot: [AuditChild]]] = [:]
    for (ticket, (dots, last)) in wanted {
      var trail = AuditTrail(ticket: ticket)
      if withComments {
        shelves[ticket] = AttachmentShelf(
          base: call.base, try await services.attachments.attachments(ofTicket: ticket))
      }
      let history = try await services.desk.history(RowRef(Desk.ticket, ticket), upTo: last)
      for entry in history where entry.void == nil {
        let found = trail.events(of: entry.delta)
        if dots.contains(entry.dot) { children[ticket, default: [:]][entry.dot] = found }
      }
    }
    for entry in entries {
      for (place, ticket) in Self.tickets(of: entry.delta).enumerated() {
        events.append(
          Event(
            entry: entry, ticket: ticket, place: place,
            children: children[ticket]?[entry.dot] ?? []))
      }
    }
  }

  private static func tickets(of delta: Delta) -> [RowID] {
    var found: [RowID] = []
    for change in delta.changes where change.row.entity == Desk.ticket {
      if !found.contains(change.row.id) { found.append(change.row.id) }
    }
    return found
  }

  func write(to json: inout JSONWriter) {
    json.array(events) { json, event in write(event, to: &json) }
  }

  private func write(_ event: Event, to json: inout JSONWriter) {
    let header = event.entry.delta.header
    let id = event.id
    let audit = AuditPresenter.id(of: header.dot)
    json.object { json in
      json.field("id", id)
      json.field("ticket_id", event.ticket)
      json.field("timestamp", event.entry.appliedAt.seconds)
      json.field("created_at", header.shownAt)
      json.field("updater_id", header.actor)
      json.field("via", header.via.channel)
      json.field("system", object: { _ in })
      json.field("metadata", object: { _ in })
      json.field("event_type", "Audit")
      json.key("child_events")
      json.array(event.children) { json, child in
        let number = EventID.child(
          child.ordinal, of: event.entry.delta.dot, applied: event.entry.applied)
        json.object { json in write(child.event, number, event, audit: audit, to: &json) }
      }
    }
  }

  private func write(
    _ child: AuditEvent, _ number: Int64, _ event: Event, audit: RowID, to json: inout JSONWriter
  ) {
    let header = event.entry.delta.header
    switch child {
    case .comment(let comment, let cells):
      json.field("id", comment)
      json.field("via", header.via.channel)
      json.field("event_type", "Comment")
      json.field("comment_present", true)
      json.field("comment_public", cells.isPublic)
      guard withComments else { return }
      json.field("type", "Comment")
      json.field("author_id", cells.author ?? header.actor)
      json.field("body", cells.body)
      json.field("html_body", cells.body.map(HTMLText.html))
      json.field("plain_body", cells.body)
      json.field("public", cells.isPublic)
      shelves[event.ticket]?.write(comment, to: &json)
      json.field("audit_id", audit)
      json.field("created_at", cells.originalCreated ?? header.shownAt)
    case .create(let field, let value):
      json.field("id", number)
      json.field("via", header.via.channel)
      json.field("event_type", "Create")
      write(field, value, to: &json)
    case .change(let field, let value, let before):
      json.field("id", number)
      json.field("via", header.via.channel)
      json.field("event_type", "Change")
      write(field, value, to: &json)
      json.field("previous_value", before)
      if field == "tags", case .list(let now) = value, case .list(let then) = before {
        json.field("added_tags", now.filter { !then.contains($0) })
        json.field("removed_tags", then.filter { !now.contains($0) })
      }
    case .redaction(let attachment):
      json.field("id", number)
      json.field("via", header.via.channel)
      json.field("event_type", "AttachmentRedactionEvent")
      json.field("attachment_id", attachment)
    case .helio(let kind):
      json.field("id", number)
      json.field("via", header.via.channel)
      json.field("event_type", "Ownership")
      json.field("kind", kind)
    }
  }

  /// The changed field stands under its own name; custom fields stand together.
  private func write(_ field: String, _ value: AuditEvent.Shown, to json: inout JSONWriter) {
    if Int64(field) != nil {
      json.field("custom_ticket_fields", object: { $0.field(field, value) })
    } else {
      json.field(field, value)
    }
  }
}

extension HistoryEntry {
  fileprivate var dot: Dot { delta.dot }
}
