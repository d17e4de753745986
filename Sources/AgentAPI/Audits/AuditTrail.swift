// Turns the deltas about a ticket into audit events, keeping count of what was there before.

internal import HelpdeskDomain
internal import ReplicaCore

/// The values of a ticket as far as the audits read so far tell.
struct AuditTrail {
  private let ticket: RowID
  private var registers: [CellKey: Value] = [:]
  private var sets: [CellKey: [Value]] = [:]
  /// Whether no delta of the ticket has been seen yet.
  private var isFresh = true

  init(ticket: RowID) { self.ticket = ticket }

  /// Starts at a ticket as it was read before the delta.
  init(before record: TicketRecord) {
    ticket = record.id
    isFresh = false
    func keep(_ column: UInt16, _ value: Value?) { registers[CellKey(column)] = value }
    keep(TicketColumn.subject, record.subject.map { .text($0) })
    keep(TicketColumn.status, .text(record.status))
    keep(TicketColumn.priority, record.priority.map { .text($0) })
    keep(TicketColumn.type, record.type.map { .text($0) })
    keep(TicketColumn.requester, record.requester.map { .integer($0.rawValue) })
    keep(TicketColumn.submitter, record.submitter.map { .integer($0.rawValue) })
    keep(TicketColumn.assignee, record.assignee.map { .integer($0.rawValue) })
    keep(TicketColumn.group, record.group.map { .integer($0.rawValue) })
    keep(TicketColumn.organization, record.organization.map { .integer($0.rawValue) })
    keep(TicketColumn.externalID, record.externalID.map { .text($0) })
    keep(TicketColumn.dueAt, record.dueAt.map { .integer($0.milliseconds) })
    keep(TicketColumn.placement, record.placement.map { .text($0) })
    keep(TicketColumn.problem, record.problem.map { .integer($0.rawValue) })
    keep(TicketColumn.recipient, record.recipient.map { .text($0) })
    for (id, value) in record.fields {
      registers[CellKey(TicketColumn.fields, key: id.rawValue)] = value
    }
    sets[CellKey(TicketColumn.tags)] = record.tags.map { .text($0) }
    sets[CellKey(TicketColumn.collaborators)] = record.collaborators.map {
      .integer($0.rawValue)
    }
  }

  /// The events of the next delta in order: comments first, as clients expect, then fields.
  mutating func events(of delta: Delta) -> [AuditChild] {
    var comments: [AuditChild] = []
    var changes: [AuditChild] = []
    var next = 0
    for change in delta.changes {
      let ordinal = next
      next += max(1, change.actions.count)
      switch change.row.entity {
      case Desk.ticket where change.row.id == ticket:
        changes += events(of: change, from: ordinal, creating: isFresh)
        isFresh = false
      case Desk.comment:
        // A merge comments on several tickets in one delta.
        let cells = CommentCells(change)
        guard cells.ticket.map({ $0 == ticket }) ?? true else { continue }
        comments.append(AuditChild(ordinal, .comment(id: change.row.id, cells)))
      case Desk.attachment where change.redacts:
        changes.append(AuditChild(ordinal, .redaction(attachment: change.row.id)))
      case Desk.grant where change.isOfAnother(than: ticket, GrantColumn.ticket),
        Desk.handoffNote where change.isOfAnother(than: ticket, HandoffNoteColumn.ticket):
        continue
      case Desk.grant, Desk.handoffNote, Desk.cover:
        changes.append(AuditChild(ordinal, .helio(kind: Self.kind(of: change))))
      default: break
      }
    }
    return comments + changes
  }

  /// - Parameter first: the ordinal of the change's first action.
  private mutating func events(
    of change: RowChange, from first: Int, creating: Bool
  ) -> [AuditChild] {
    var events: [AuditChild] = []
    var setsBefore: [CellKey: [Value]] = [:]
    var touched: [(cell: CellKey, ordinal: Int)] = []
    for (ordinal, action) in zip(first..., change.actions) {
      switch action.kind {
      case .write(let content, _, _):
        let before = Self.shown(registers[action.cell] ?? .null, in: action.cell)
        registers[action.cell] = content.value
        let field = Self.name(of: action.cell)
        let value = Self.shown(content.value ?? .null, in: action.cell)
        events.append(
          AuditChild(
            ordinal,
            creating
              ? .create(field: field, value) : .change(field: field, value, before: before)))
      case .add(let value, _), .remove(let value, _):
        if setsBefore[action.cell] == nil {
          setsBefore[action.cell] = sets[action.cell] ?? []
          touched.append((action.cell, ordinal))
        }
        var values = sets[action.cell] ?? []
        values.removeAll { $0 == value }
        if case .add = action.kind { values.append(value) }
        sets[action.cell] = values.sorted()
      }
    }
    for (cell, ordinal) in touched {
      let now = AuditEvent.Shown.list(sets[cell] ?? [])
      let field = Self.name(of: cell)
      events.append(
        AuditChild(
          ordinal,
          creating
            ? .create(field: field, now)
            : .change(field: field, now, before: .list(setsBefore[cell] ?? []))))
    }
    return events
  }

  private static func name(of cell: CellKey) -> String {
    if cell.column == TicketColumn.fields { return String(cell.key) }
    return Desk.schema.entity(Desk.ticket)?.column(cell.column)?.name ?? "column_\(cell.column)"
  }

  private static func shown(_ value: Value, in cell: CellKey) -> AuditEvent.Shown {
    let isTime = [
      TicketColumn.dueAt, TicketColumn.originalCreated, TicketColumn.originalSolved,
    ].contains(cell.column)
    if isTime, let milliseconds = value.integer {
      return .time(Instant(milliseconds: milliseconds))
    }
    return .value(value)
  }

  private static func kind(of change: RowChange) -> String {
    switch change.row.entity {
    case Desk.handoffNote: return "handoff_note"
    case Desk.cover: return "cover"
    default:
      for action in change.actions where action.cell.column == GrantColumn.kind {
        if case .write(let content, _, _) = action.kind, let kind = content.value?.text {
          return kind
        }
      }
      return "grant"
    }
  }
}

/// The cells of a new comment.
struct CommentCells {
  var ticket: RowID?
  var author: RowID?
  var isPublic = true
  /// When it was written in the system it was imported from.
  var originalCreated: Instant?
  /// Nil where the text was erased or is withheld on this node.
  var body: String?

  init(_ change: RowChange) {
    for action in change.actions {
      guard case .write(let content, _, _) = action.kind else { continue }
      switch action.cell.column {
      case CommentColumn.ticket: ticket = content.value?.integer.map { RowID($0) }
      case CommentColumn.originalCreated:
        originalCreated = content.value?.integer.map { Instant(milliseconds: $0) }
      case CommentColumn.author: author = content.value?.integer.map { RowID($0) }
      case CommentColumn.isPublic: isPublic = content.value?.integer != 0
      case CommentColumn.body: body = content.value?.text
      default: break
      }
    }
  }
}

extension RowChange {
  /// Whether it says in a column that it is about another ticket.
  fileprivate func isOfAnother(than ticket: RowID, _ column: UInt16) -> Bool {
    actions.contains { action in
      guard action.cell.column == column, case .write(let content, _, _) = action.kind else {
        return false
      }
      return content.value?.integer != ticket.rawValue
    }
  }

  /// Whether it is a file's redaction, and not the file itself.
  fileprivate var redacts: Bool {
    !actions.isEmpty && actions.allSatisfy { $0.cell.column == AttachmentColumn.redacted }
  }
}
