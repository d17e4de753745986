// What one office did in a stretch of time, read from the deltas that were made in it.

package import ReplicaCore

/// Something that an agent did, as a shift report counts it.
package enum ShiftActKind: String, Hashable, Sendable, CaseIterable {
  case created
  case publicReply = "public_reply"
  case privateNote = "private_note"
  case solved
  case status
  case assigned
  case fields
  case tags
  case placed
  case deleted
  case take
  case handTo = "hand_to"
  case sendBack = "send_back"
  case accept
  case cover
  case handoffNote = "handoff_note"
  case acknowledged
  case directory
  case imported
}

/// One act that a shift report lists by itself.
package struct ShiftAct: Hashable, Sendable {
  package var kind: ShiftActKind
  /// Roster time.
  package var at: Instant
  /// Nil for a whole board.
  package var ticket: RowID?
  package var agent: RowID
  /// The office of the agent.
  package var by: OfficeID
  /// The office that gets the ticket, or that was covered.
  package var to: OfficeID?
  package var note: String?
}

/// Gathers the acts of one office. Its lists are bounded; what it counts is whole.
package struct ShiftTally: Sendable {
  /// Acts of one kind that are listed; the rest are counted alone.
  package static let listed = 1_000

  package let office: OfficeID
  /// Agent → kind → how often.
  package private(set) var acts: [RowID: [ShiftActKind: Int]] = [:]
  /// Ticket → the agents of the office who acted on it.
  package private(set) var touched: [RowID: Set<RowID>] = [:]
  /// Boards that a lead accepted, and how many tickets were accepted by an act on them.
  package private(set) var accepted: [ShiftAct] = []
  package private(set) var acceptedByAct: Set<RowID> = []
  /// Covers by this office, and covers of it.
  package private(set) var covered: [ShiftAct] = []
  package private(set) var taken: [ShiftAct] = []
  /// *Hand to* and *send back* by this office.
  package private(set) var handedOn: [ShiftAct] = []
  /// The same by others to this office.
  package private(set) var received: [ShiftAct] = []
  package private(set) var notes: [ShiftAct] = []
  package private(set) var deltas = 0

  package init(of office: OfficeID) { self.office = office }

  /// Counts an effective delta.
  ///
  /// - Parameters:
  ///   - author: the office of the one who acted; nil for a node's own entries.
  ///   - at: roster time of the delta.
  package mutating func add(_ delta: Delta, by author: OfficeID?, at: Instant) {
    guard let author else { return }
    let isOurs = author == office
    if isOurs { deltas += 1 }
    let agent = delta.header.actor
    var kinds: Set<ShiftActKind> = []
    for change in delta.changes {
      let act = ShiftAct(
        kind: .fields, at: at, ticket: nil, agent: agent, by: author, to: nil, note: nil)
      if isOurs { kinds.formUnion(add(ours: change, act)) } else { add(foreign: change, act) }
    }
    guard isOurs, !kinds.isEmpty else { return }
    if delta.header.via == .imported { kinds = [.imported] }
    // What comes with a new ticket is its making.
    if kinds.contains(.created) { kinds = [.created] }
    for kind in kinds { acts[agent, default: [:]][kind, default: 0] += 1 }
  }

  private mutating func add(ours change: RowChange, _ act: ShiftAct) -> Set<ShiftActKind> {
    switch change.row.entity {
    case Desk.ticket:
      touch(change.row.id, act.agent)
      return Self.kinds(ofTicket: change)
    case Desk.comment:
      touch(change.integer(CommentColumn.ticket), act.agent)
      return [change.integer(CommentColumn.isPublic) == 0 ? .privateNote : .publicReply]
    case Desk.grant: return add(grant: change, act)
    case Desk.acceptance: return add(acceptance: change, act)
    case Desk.cover:
      list(
        change, act, .cover, CoverColumn.ticket, to: CoverColumn.onDuty, \.covered)
      return [.cover]
    case Desk.handoffNote:
      list(
        change, act, .handoffNote, HandoffNoteColumn.ticket, note: HandoffNoteColumn.text, \.notes)
      return [.handoffNote]
    case Desk.alarmAck: return [.acknowledged]
    case Desk.seen, Desk.site: return []
    default: return [.directory]
    }
  }

  /// What others did that concerns this office.
  private mutating func add(foreign change: RowChange, _ act: ShiftAct) {
    switch change.row.entity {
    case Desk.grant where change.text(GrantColumn.office) == office.rawValue:
      guard let kind = Self.kind(ofGrant: change), kind != .take else { return }
      list(
        change, act, kind, GrantColumn.ticket, to: GrantColumn.office, note: GrantColumn.note,
        \.received)
    case Desk.cover where change.text(CoverColumn.onDuty) == office.rawValue:
      list(change, act, .cover, CoverColumn.ticket, to: CoverColumn.onDuty, \.covered)
    default: break
    }
  }

  private mutating func add(grant change: RowChange, _ act: ShiftAct) -> Set<ShiftActKind> {
    guard let kind = Self.kind(ofGrant: change) else { return [] }
    list(
      change, act, kind, GrantColumn.ticket, to: GrantColumn.office, note: GrantColumn.note,
      kind == .take ? \.taken : \.handedOn)
    return [kind]
  }

  private mutating func add(acceptance change: RowChange, _ act: ShiftAct) -> Set<ShiftActKind> {
    guard let ticket = change.integer(AcceptanceColumn.ticket), ticket != 0 else {
      list(change, act, .accept, AcceptanceColumn.ticket, \.accepted)
      return [.accept]
    }
    // The act that accepted it is counted by itself.
    acceptedByAct.insert(RowID(ticket))
    return []
  }

  private mutating func list(
    _ change: RowChange, _ act: ShiftAct, _ kind: ShiftActKind, _ ticket: UInt16,
    to office: UInt16? = nil, note: UInt16? = nil,
    _ list: WritableKeyPath<ShiftTally, [ShiftAct]>
  ) {
    guard self[keyPath: list].count < Self.listed else { return }
    var act = act
    act.kind = kind
    act.ticket = change.integer(ticket).flatMap { $0 == 0 ? nil : RowID($0) }
    act.to = office.flatMap { change.text($0) }.map { OfficeID($0) }
    act.note = note.flatMap { change.text($0) }
    self[keyPath: list].append(act)
  }

  private mutating func touch(_ ticket: Int64?, _ agent: RowID) {
    if let ticket { touch(RowID(ticket), agent) }
  }

  private mutating func touch(_ ticket: RowID, _ agent: RowID) {
    touched[ticket, default: []].insert(agent)
  }

  private static func kind(ofGrant change: RowChange) -> ShiftActKind? {
    switch change.text(GrantColumn.kind).flatMap(OwnershipGrant.Kind.init(rawValue:)) {
    case .take: .take
    case .handTo: .handTo
    case .sendBack: .sendBack
    case nil: nil
    }
  }

  /// A change without actions only says which ticket the rest of its delta is about.
  private static func kinds(ofTicket change: RowChange) -> Set<ShiftActKind> {
    if change.isBirth { return [.created] }
    if change.integer(TicketColumn.deleted) == 1 { return [.deleted] }
    var kinds: Set<ShiftActKind> = []
    for action in change.actions {
      switch action.cell.column {
      case TicketColumn.status:
        kinds.insert(change.text(TicketColumn.status) == "solved" ? .solved : .status)
      case TicketColumn.assignee: kinds.insert(.assigned)
      case TicketColumn.tags: kinds.insert(.tags)
      case TicketColumn.placement: kinds.insert(.placed)
      default: kinds.insert(.fields)
      }
    }
    // A take assigns, and a move of group places: the greater act names it.
    if kinds.count > 1 { kinds.remove(.placed) }
    return kinds
  }
}
