// What tools set a desk up with, and bring from another one: further readers of a body.

import HelpdeskDomain
import ReplicaCore

@testable import AgentAPI

extension FuzzTarget {
  /// Views, macros, people, receivers and rows of another desk, out of the members of one body.
  static func setup(_ members: [String: JSONValue]) throws(BrokenLaw) {
    try view(FieldReader(members))
    try macro(FieldReader(members))
    _ = try? UserInput(FieldReader(members)).draft()
    _ = try? WebhookJSON.draft(FieldReader(members))
    _ = try? TicketImportInput(FieldReader(members))
    try rows(members)
  }

  private static let now = Instant(milliseconds: 1_790_000_000_000)
  private static let actor = Actor(
    user: RowID(10_001), role: .admin, office: OfficeID("paris"), authority: nil)

  /// The conditions of a view read as they were stored, and mean the same twice.
  private static func view(_ body: FieldReader) throws(BrokenLaw) {
    guard let draft = (try? ViewInput(body))?.draft else { return }
    if let output = draft.output {
      try BrokenLaw.unless(
        ViewOutput(stored: output.stored), output, "what a view shows reads as it was stored")
    }
    guard let conditions = draft.conditions else { return }
    try BrokenLaw.unless(
      ViewConditions(stored: conditions.stored), conditions, "conditions read as they were stored")
    let reader = ConditionReader(actor: actor, groups: [RowID(30_001)], now: now)
    _ = reader.owners(in: conditions)
    let filters = try? reader.filters(conditions)
    try BrokenLaw.unless(try? reader.filters(conditions), filters, "a view means the same twice")
  }

  /// The actions of a macro read as they were stored; whatever they say, applying them ends.
  private static func macro(_ body: FieldReader) throws(BrokenLaw) {
    guard let actions = (try? MacroInput(body))?.draft.actions else { return }
    try BrokenLaw.unless(
      MacroAction.list(stored: MacroAction.stored(actions)), actions,
      "actions read as they were stored")
    for action in actions {
      _ = action.fault(isGroup: { _ in true }, isUser: { _ in true }, isField: { _ in true })
    }
    let placeholders = Placeholders(ticket: nil, me: actor.user)
    _ = MacroEffect(of: actions, for: actor.user, groups: [RowID(30_001)]) { text, _ in
      placeholders.fill(text)
    }
  }

  /// Every row of another desk is taken or named as bad, and none is both.
  private static func rows(_ members: [String: JSONValue]) throws(BrokenLaw) {
    var body = FieldReader(members)
    let rows = body.objects("rows") ?? [FieldReader(["row": .object(members)])]
    for kind in ZendeskKind.allCases {
      let batch = ZendeskReader(kind: kind).batch(rows)
      try BrokenLaw.unless(
        batch.content.count + batch.bad.count, rows.count, "each row is taken or named as bad")
    }
  }
}

extension DeskBatch.Content {
  /// Rows that were taken.
  fileprivate var count: Int {
    switch self {
    case .organizations(let rows): rows.count
    case .groups(let rows): rows.count
    case .users(let rows): rows.count
    case .memberships(let rows): rows.count
    case .ticketFields(let rows): rows.count
    case .tickets(let rows): rows.count
    case .comments(let rows): rows.count
    case .macros(let rows): rows.count
    }
  }
}
