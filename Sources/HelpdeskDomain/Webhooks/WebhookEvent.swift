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
  package var facts: [String: WebhookFact]
  /// The write whose value was there before, where it is another delta's and just one.
  package var replaced: ReplacedWrite?
  /// Who wrote the comment that it is about.
  package var author: RowID?
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
            "office": (HandoffNoteColumn.office, .text),
            "author_id": (HandoffNoteColumn.author, .id),
            "promised_until": (HandoffNoteColumn.promisedUntil, .time),
          ])
      case Desk.acceptance where change.integer(AcceptanceColumn.ticket) == 0:
        board(
          .accepted, change,
          [
            "office": (AcceptanceColumn.office, .text),
            "slot_start": (AcceptanceColumn.slotStart, .time),
            "agent_id": (AcceptanceColumn.agent, .id),
          ])
      case Desk.cover:
        board(
          .covered, change,
          [
            "office": (CoverColumn.office, .text), "on_duty": (CoverColumn.onDuty, .text),
            "slot_start": (CoverColumn.slotStart, .time), "agent_id": (CoverColumn.agent, .id),
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

  private static let columns: [(UInt16, WebhookEvent, WebhookFact.Kind)] = [
    (TicketColumn.status, .statusChanged, .word),
    (TicketColumn.priority, .priorityChanged, .word),
    (TicketColumn.type, .typeChanged, .word),
    (TicketColumn.subject, .subjectChanged, .text),
    (TicketColumn.assignee, .assigneeChanged, .id),
    (TicketColumn.group, .groupChanged, .id),
    (TicketColumn.organization, .organizationChanged, .id),
    (TicketColumn.requester, .requesterChanged, .id),
  ]

  /// The columns of a row by the names under which they are told.
  private typealias Columns = [String: (UInt16, WebhookFact.Kind)]

  private static func ticket(_ change: RowChange) -> [WebhookOccurrence] {
    let id = change.row.id
    if change.isBirth { return [WebhookOccurrence(event: .ticketCreated, ticket: id, facts: [:])] }
    if change.integer(TicketColumn.deleted) == 1 {
      return [WebhookOccurrence(event: .ticketDeleted, ticket: id, facts: [:])]
    }
    return columns.compactMap { column, event, kind in register(change, column, event, kind) }
      + tags(change)
  }

  private static func register(
    _ change: RowChange, _ column: UInt16, _ event: WebhookEvent, _ kind: WebhookFact.Kind
  ) -> WebhookOccurrence? {
    let cell = CellKey(column)
    for action in change.actions where action.cell == cell {
      guard case .write(let content, let replaces, let unread) = action.kind,
        let value = content.value
      else { continue }
      var found = WebhookOccurrence(
        event: event, ticket: change.row.id, facts: ["current": kind.fact(value)])
      // Of several that stood beside each other nobody can say here which one was shown.
      switch (replaces.count, unread.isEmpty) {
      case (0, true): found.facts["previous"] = .nothing
      case (1, true):
        found.replaced = ReplacedWrite(
          row: change.row, column: column, dot: replaces[0], kind: kind)
      default: break
      }
      return found
    }
    return nil
  }

  /// Which tags came and which went; none where all stood, or were gone, already.
  private static func tags(_ change: RowChange) -> [WebhookOccurrence] {
    var (added, removed) = (Set<String>(), Set<String>())
    for action in change.actions where action.cell.column == TicketColumn.tags {
      switch action.kind {
      case .add(let tag, let stood): if stood.isEmpty, let tag = tag.text { added.insert(tag) }
      case .remove(let tag, let seen):
        if !seen.isEmpty, let tag = tag.text { removed.insert(tag) }
      case .write: break
      }
    }
    guard !added.isEmpty || !removed.isEmpty else { return [] }
    return [
      WebhookOccurrence(
        event: .tagsChanged, ticket: change.row.id,
        facts: ["tags_added": .texts(added.sorted()), "tags_removed": .texts(removed.sorted())])
    ]
  }

  private static func comment(_ change: RowChange) -> [WebhookOccurrence] {
    guard let ticket = change.integer(CommentColumn.ticket) else { return [] }
    let isPublic = change.integer(CommentColumn.isPublic) != 0
    return [
      WebhookOccurrence(
        event: .commentAdded, ticket: RowID(ticket),
        facts: ["comment": .facts(["id": .id(change.row.id), "is_public": .flag(isPublic)])],
        author: change.integer(CommentColumn.author).map { RowID($0) })
    ]
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
      ["office": (GrantColumn.office, .text), "agent_id": (GrantColumn.agent, .id)])
  }

  private static func ofTicket(
    _ event: WebhookEvent, _ change: RowChange, _ ticket: UInt16, _ columns: Columns
  ) -> [WebhookOccurrence] {
    guard let id = change.integer(ticket) else { return [] }
    return [
      WebhookOccurrence(event: event, ticket: RowID(id), facts: facts(change, columns))
    ]
  }

  private static func board(
    _ event: WebhookEvent, _ change: RowChange, _ columns: Columns
  ) -> [WebhookOccurrence] {
    let id = change.integer(CoverColumn.ticket).flatMap { $0 == 0 ? nil : RowID($0) }
    return [
      WebhookOccurrence(
        event: event, ticket: event == .covered ? id : nil, facts: facts(change, columns))
    ]
  }

  private static func facts(_ change: RowChange, _ columns: Columns) -> [String: WebhookFact] {
    columns.compactMapValues { column, kind in change.written(column).map { kind.fact($0) } }
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
