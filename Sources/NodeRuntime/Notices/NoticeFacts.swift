// What this node looks up for a notice beside what the delta itself says.

internal import HelpdeskDomain
internal import ReplicaCore
internal import ReplicaStore

/// Looks up facts for the notices of some deltas; one value for each read.
struct NoticeFacts {
  private let view: ReadView
  /// The delta that was read last: the fields of one change mostly replace what one other wrote.
  private var last: Delta?

  init(_ view: ReadView) { self.view = view }

  /// What the event brought, with the value before, where the log still has it, and whether a
  /// comment is of the desk or of a customer.
  mutating func facts(of what: WebhookOccurrence) throws -> [String: WebhookFact] {
    var facts = what.facts
    if let replaced = what.replaced, let delta = try delta(replaced.dot),
      let before = replaced.fact(in: delta)
    {
      facts["previous"] = before
    }
    if let author = what.author, case .facts(var comment)? = facts["comment"] {
      let role = try view.user(author)?.role
      let isStaff = role.map { $0 != .endUser } ?? false
      comment["author"] = .facts(["id": .id(author), "is_staff": .flag(isStaff)])
      facts["comment"] = .facts(comment)
    }
    return facts
  }

  private mutating func delta(_ dot: Dot) throws -> Delta? {
    if let last, last.dot == dot { return last }
    guard dot.seq > 0 else { return nil }
    let found = try view.log(of: dot.slot, after: dot.seq - 1, limit: 1).first?.delta
    if let found { last = found }
    return found
  }
}
