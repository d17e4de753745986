// The ticket half of a search: properties to filters.

package import ReplicaCore

/// A search for tickets whose names are not yet ids.
package struct TicketSearch: Hashable, Sendable {
  /// Who a name stands for on the ticket.
  enum Part: String, Hashable, Sendable {
    case assignee, requester, submitter, cc, group, organization
  }

  enum Item: Hashable, Sendable {
    case filter(TicketFilter)
    case named(Part, SearchName, negated: Bool)
  }

  private(set) var items: [Item] = []
  private(set) var order = TicketOrder.relevance
  private(set) var ascending = false
  private let me: RowID?
  private let now: Instant

  /// The keys that mean something for tickets.
  static let keys: Set<String> = [
    "status", "priority", "ticket_type", "tags", "tag", "assignee", "requester", "submitter",
    "group", "organization", "external_id", "created", "created_at", "updated", "updated_at",
    "solved", "solved_at", "due", "due_date", "due_at", "cc", "has_attachment", "via", "id",
    "subject", "description", "comment", "order_by", "sort",
    "sort_by", "sort_order",
  ]

  static let fieldPrefix = "custom_field_"

  /// Whether a key means something here: one of ``keys``, or `custom_field_` and an id.
  static func knows(_ key: String) -> Bool {
    keys.contains(key) || field(key) != nil
  }

  private static func field(_ key: String) -> RowID? {
    key.hasPrefix(fieldPrefix) ? id(String(key.dropFirst(fieldPrefix.count))) : nil
  }

  /// Names that have to be resolved, without repeats, in their order.
  package var names: [SearchName] {
    var seen: Set<SearchName> = []
    return items.compactMap { item in
      guard case .named(_, let name, _) = item, seen.insert(name).inserted else { return nil }
      return name
    }
  }

  /// The query, with the rows that each name stands for. A name that stands for nothing finds
  /// nothing.
  package func query(names: [SearchName: [RowID]], page: PageRequest) -> TicketQuery {
    var filters: [TicketFilter] = []
    for item in items {
      switch item {
      case .filter(let filter): filters.append(filter)
      case .named(let part, let name, let negated):
        let ids = names[name] ?? []
        if ids.isEmpty, !negated { filters.append(TicketFilter(.ids([]))) }
        for id in ids {
          filters.append(TicketFilter(Self.term(part, id), negated: negated))
        }
      }
    }
    return TicketQuery(filters: filters, order: order, ascending: ascending, page: page)
  }

  init(_ tokens: [SearchToken], me: RowID?, now: Instant) throws(SearchProblem) {
    self.me = me
    self.now = now
    let texts = tokens.filter { if case .property = $0.kind { false } else { true } }
    for token in tokens {
      switch token.kind {
      case .word(let word):
        // A number alone is that of a ticket, too.
        if texts.count == 1, let id = Self.id(word.hasPrefix("#") ? String(word.dropFirst()) : word)
        {
          let either: [TicketFilter.Term] = [.ids([id]), .words(word)]
          add(.anyOf(either.map { TicketFilter($0) }), token.negated)
        } else {
          add(.words(word), token.negated)
        }
      case .phrase(let phrase): add(.phrase(phrase), token.negated)
      case .property(let key, let comparison, let value):
        try addProperty(key, comparison, value, negated: token.negated)
      }
    }
  }

  private mutating func add(_ term: TicketFilter.Term, _ negated: Bool) {
    items.append(.filter(TicketFilter(term, negated: negated)))
  }

  private mutating func addProperty(
    _ key: String, _ comparison: Comparison, _ value: String, negated: Bool
  ) throws(SearchProblem) {
    switch key {
    case "status":
      add(.status(comparison, try word(key, value, TicketStatus.words)), negated)
    case "priority":
      if comparison == .equal, Self.isNone(value) { return add(.without(.priority), negated) }
      add(.priority(comparison, try word(key, value, TicketPriority.words)), negated)
    case "created", "created_at", "updated", "updated_at", "due", "due_date", "due_at", "solved",
      "solved_at":
      try addTime(key, comparison, value, negated: negated)
    default:
      guard comparison == .equal else { throw .noOrder(key: key) }
      if let field = Self.field(key) { return addField(field, value, negated: negated) }
      try addEquality(key, value, negated: negated)
    }
  }

  private mutating func addEquality(
    _ key: String, _ value: String, negated: Bool
  ) throws(SearchProblem) {
    switch key {
    case "ticket_type" where Self.isNone(value): add(.without(.type), negated)
    case "ticket_type": add(.type(try word(key, value, TicketType.words)), negated)
    case "tags", "tag":
      add(Self.isNone(value) ? .without(.tags) : .tag(TagForm.normal(value)), negated)
    case "external_id": add(.externalID(value), negated)
    case "assignee": try addPart(.assignee, value, negated)
    case "requester": try addPart(.requester, value, negated)
    case "submitter": try addPart(.submitter, value, negated)
    case "cc": try addPart(.cc, value, negated)
    case "has_attachment":
      let wanted = try word(key, value, ["true", "false"]) == "true"
      add(.hasAttachment, wanted ? negated : !negated)
    case "via":
      let channel = try word(key, value, Via.all.map(\.channel) + ["mail"])
      if let via = Via.found(as: channel) { add(.via(via), negated) }
    case "group": try addPart(.group, value, negated)
    case "organization": try addPart(.organization, value, negated)
    case "id":
      guard let id = Self.id(value) else {
        throw .badValue(key: key, value: value, expected: "a ticket id")
      }
      add(.ids([id]), negated)
    case "order_by", "sort_by":
      try setOrder(key, value)
    case "sort", "sort_order":
      switch value.lowercased() {
      case "asc": ascending = true
      case "desc": ascending = false
      default: throw .badValue(key: key, value: value, expected: "asc or desc")
      }
    default:
      add(.words(value), negated)
    }
  }

  private mutating func setOrder(_ key: String, _ value: String) throws(SearchProblem) {
    order =
      switch value.lowercased() {
      case "created", "created_at": .createdAt
      case "updated", "updated_at": .updatedAt
      case "priority": .priority
      case "status": .status
      case "id": .id
      case "relevance": .relevance
      default:
        throw .badValue(
          key: key, value: value,
          expected: "created_at, updated_at, priority, status, id or relevance")
      }
  }

  private mutating func addPart(
    _ part: Part, _ value: String, _ negated: Bool
  ) throws(SearchProblem) {
    if Self.isNone(value) {
      switch part {
      case .assignee: return add(.assignee(nil), negated)
      case .group: return add(.group(nil), negated)
      case .organization: return add(.organization(nil), negated)
      case .requester, .submitter, .cc:
        throw .badValue(key: part.rawValue, value: value, expected: "me, an id or an e-mail")
      }
    }
    if let id = Self.id(value) { return add(Self.term(part, id), negated) }
    switch part {
    case .group: items.append(.named(part, .group(value), negated: negated))
    case .organization: items.append(.named(part, .organization(value), negated: negated))
    case .assignee, .requester, .submitter, .cc:
      guard value.lowercased() == "me" else {
        return items.append(.named(part, .user(value), negated: negated))
      }
      guard let me, me != .none else { throw .nobodyIsMe(key: part.rawValue) }
      add(Self.term(part, me), negated)
    }
  }

  private mutating func addTime(
    _ key: String, _ comparison: Comparison, _ value: String, negated: Bool
  ) throws(SearchProblem) {
    if key.hasPrefix("due"), comparison == .equal, Self.isNone(value) {
      return add(.without(.dueAt), negated)
    }
    guard let time = SearchTime(value, now: now) else {
      throw .badValue(
        key: key, value: value, expected: "a day (2026-01-31), a UTC time or a span (2hours)")
    }
    let bounds = time.bounds(comparison)
    if key.hasPrefix("solved") {
      // Since when it is solved: whatever was reopened is not.
      let solved = TicketFilter(.status(.greaterOrEqual, TicketStatus.solved.rawValue))
      return add(
        .allOf([solved] + bounds.map { TicketFilter(.statusSince($0.0, $0.1)) }), negated)
    }
    guard !negated || bounds.count == 1 else {
      throw .badValue(key: key, value: value, expected: "a bound with < or > where it is negated")
    }
    for (comparison, instant) in bounds {
      switch key.first {
      case "c": add(.created(comparison, instant), negated)
      case "u": add(.updated(comparison, instant), negated)
      default: add(.due(comparison, instant), negated)
      }
    }
  }

  /// `custom_field_123:value`, stored as text, number or check box.
  private mutating func addField(_ field: RowID, _ value: String, negated: Bool) {
    if Self.isNone(value) { return add(.field(field, .null), negated) }
    add(.field(field, .text(value)), negated)
    if let number = Int64(value) { add(.field(field, .integer(number)), negated) }
    if value == "true" || value == "false" {
      add(.field(field, .integer(value == "true" ? 1 : 0)), negated)
    }
  }

  private func word(
    _ key: String, _ value: String, _ allowed: [String]
  ) throws(SearchProblem) -> String {
    let word = value.lowercased()
    guard allowed.contains(word) else {
      throw .badValue(key: key, value: value, expected: allowed.joined(separator: ", "))
    }
    return word
  }

  /// Whether a value asks for what has none.
  static func isNone(_ value: String) -> Bool { value.lowercased() == "none" }

  static func id(_ text: String) -> RowID? {
    guard let number = Digits.number(text) else { return nil }
    let id = RowID(Int64(number))
    return id.isValid ? id : nil
  }

  private static func term(_ part: Part, _ id: RowID) -> TicketFilter.Term {
    switch part {
    case .assignee: .assignee(id)
    case .requester: .requester(id)
    case .submitter: .submitter(id)
    case .cc: .collaborator(id)
    case .group: .group(id)
    case .organization: .organization(id)
    }
  }
}
