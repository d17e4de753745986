// The events that a receiver outside can ask for, and which of them a change of the desk is.

package import ReplicaCore

/// An event by its name on the wire. Those that begin with `zen:` are named as Zendesk's clients
/// know them; those that begin with `helio:` are ours.
package enum WebhookEvent: String, Hashable, Sendable, CaseIterable {
  case ticketCreated = "zen:event-type:ticket.created"
  case ticketDeleted = "zen:event-type:ticket.soft_deleted"
  case statusChanged = "zen:event-type:ticket.status_changed"
  case priorityChanged = "zen:event-type:ticket.priority_changed"
  case typeChanged = "zen:event-type:ticket.type_changed"
  case subjectChanged = "zen:event-type:ticket.subject_changed"
  case assigneeChanged = "zen:event-type:ticket.agent_assignment_changed"
  case groupChanged = "zen:event-type:ticket.group_assignment_changed"
  case organizationChanged = "zen:event-type:ticket.organization_changed"
  case requesterChanged = "zen:event-type:ticket.requester_changed"
  case tagsChanged = "zen:event-type:ticket.tags_changed"
  case commentAdded = "zen:event-type:ticket.comment_added"
  case taken = "helio:ticket.taken"
  case handedTo = "helio:ticket.handed_to"
  case sentBack = "helio:ticket.sent_back"
  case noted = "helio:handoff.noted"
  case accepted = "helio:handoff.accepted"
  case covered = "helio:handoff.covered"
  case notAccepted = "helio:alarm.not_accepted"
  case inTransit = "helio:alarm.in_transit"
  case clock = "helio:alarm.clock"
  case fork = "helio:alarm.fork"
  case damage = "helio:alarm.damage"
  case void = "helio:alarm.void"
  case cutOff = "helio:alarm.cut_off"
  case lateAccount = "helio:alarm.late_account"
  case files = "helio:alarm.files"
  case certificate = "helio:alarm.certificate"
  case test = "helio:test"

  /// Of an alarm of that kind.
  package static func alarm(kind: String) -> String { "helio:alarm.\(kind)" }

  /// Whether an event is meant by a subscription: its name, or a name that ends in `*`.
  package static func pattern(_ pattern: String, matches event: String) -> Bool {
    pattern.hasSuffix("*") ? event.hasPrefix(pattern.dropLast()) : event == pattern
  }

  /// Whether the text is a name, or a pattern that means at least one.
  package static func isKnown(_ pattern: String) -> Bool {
    allCases.contains { $0 != .test && Self.pattern(pattern, matches: $0.rawValue) }
  }
}

/// Something that a delta did, for those who asked to be told.
package struct WebhookOccurrence: Hashable, Sendable {
  package var event: WebhookEvent
  /// The ticket that it is about; nil for a whole board.
  package var ticket: RowID?
  /// What the event brought, by the name under which it is told.
  package var facts: [String: Value]
}

extension WebhookEvent {
  /// What an effective delta of this node did. An import tells of nothing: it is history.
  package static func occurrences(in delta: Delta) -> [WebhookOccurrence] {
    guard delta.header.via != .imported else { return [] }
    return delta.changes.flatMap { change -> [WebhookOccurrence] in
      switch change.row.entity {
      case Desk.ticket: ticket(change)
      case Desk.comment: isBirth(delta, of: change) ? [] : comment(change)
      case Desk.grant: grant(change)
      case Desk.handoffNote:
        ofTicket(
          .noted, change, HandoffNoteColumn.ticket,
          [
            "office": HandoffNoteColumn.office, "author_id": HandoffNoteColumn.author,
            "promised_until": HandoffNoteColumn.promisedUntil,
          ])
      case Desk.acceptance where change.integer(AcceptanceColumn.ticket) == 0:
        board(
          .accepted, change,
          [
            "office": AcceptanceColumn.office, "slot_start": AcceptanceColumn.slotStart,
            "agent_id": AcceptanceColumn.agent,
          ])
      case Desk.cover:
        board(
          .covered, change,
          [
            "office": CoverColumn.office, "on_duty": CoverColumn.onDuty,
            "slot_start": CoverColumn.slotStart, "agent_id": CoverColumn.agent,
          ])
      default: []
      }
    }
  }

  /// The first comment of a ticket comes with it.
  private static func isBirth(_ delta: Delta, of comment: RowChange) -> Bool {
    delta.changes.contains {
      $0.row.entity == Desk.ticket && $0.isBirth
        && $0.row.id.rawValue == comment.integer(CommentColumn.ticket)
    }
  }

  private static let columns: [(UInt16, WebhookEvent, String)] = [
    (TicketColumn.status, .statusChanged, "status"),
    (TicketColumn.priority, .priorityChanged, "priority"),
    (TicketColumn.type, .typeChanged, "type"),
    (TicketColumn.subject, .subjectChanged, "subject"),
    (TicketColumn.assignee, .assigneeChanged, "assignee_id"),
    (TicketColumn.group, .groupChanged, "group_id"),
    (TicketColumn.organization, .organizationChanged, "organization_id"),
    (TicketColumn.requester, .requesterChanged, "requester_id"),
  ]

  private static func ticket(_ change: RowChange) -> [WebhookOccurrence] {
    let id = change.row.id
    if change.isBirth { return [WebhookOccurrence(event: .ticketCreated, ticket: id, facts: [:])] }
    if change.integer(TicketColumn.deleted) == 1 {
      return [WebhookOccurrence(event: .ticketDeleted, ticket: id, facts: [:])]
    }
    var found = columns.compactMap { column, event, _ in
      change.written(column).map {
        WebhookOccurrence(event: event, ticket: id, facts: ["current": $0])
      }
    }
    if change.writes(TicketColumn.tags) {
      found.append(WebhookOccurrence(event: .tagsChanged, ticket: id, facts: [:]))
    }
    return found
  }

  private static func comment(_ change: RowChange) -> [WebhookOccurrence] {
    var found = ofTicket(
      .commentAdded, change, CommentColumn.ticket,
      ["is_public": CommentColumn.isPublic, "author_id": CommentColumn.author])
    for index in found.indices {
      found[index].facts["comment_id"] = .integer(change.row.id.rawValue)
    }
    return found
  }

  private static func grant(_ change: RowChange) -> [WebhookOccurrence] {
    let event: WebhookEvent? =
      switch change.text(GrantColumn.kind).flatMap(OwnershipGrant.Kind.init(rawValue:)) {
      case .take: .taken
      case .handTo: .handedTo
      case .sendBack: .sentBack
      case nil: nil
      }
    guard let event else { return [] }
    return ofTicket(
      event, change, GrantColumn.ticket,
      ["office": GrantColumn.office, "agent_id": GrantColumn.agent])
  }

  private static func ofTicket(
    _ event: WebhookEvent, _ change: RowChange, _ ticket: UInt16, _ facts: [String: UInt16]
  ) -> [WebhookOccurrence] {
    guard let id = change.integer(ticket) else { return [] }
    return [
      WebhookOccurrence(
        event: event, ticket: RowID(id), facts: facts.compactMapValues { change.written($0) })
    ]
  }

  private static func board(
    _ event: WebhookEvent, _ change: RowChange, _ facts: [String: UInt16]
  ) -> [WebhookOccurrence] {
    let id = change.integer(CoverColumn.ticket).flatMap { $0 == 0 ? nil : RowID($0) }
    return [
      WebhookOccurrence(
        event: event, ticket: event == .covered ? id : nil,
        facts: facts.compactMapValues { change.written($0) })
    ]
  }
}

extension RowChange {
  /// Whether it makes the ticket: its status replaces none.
  var isBirth: Bool {
    actions.contains { action in
      guard action.cell == CellKey(TicketColumn.status),
        case .write(_, let replaces, let unread) = action.kind
      else { return false }
      return replaces.isEmpty && unread.isEmpty
    }
  }
}
