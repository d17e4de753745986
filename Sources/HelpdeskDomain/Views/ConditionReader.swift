// Turns the conditions of a view into what the store can answer, for one reader at one time.

package import ReplicaCore

/// Reads conditions: who "I" am, what time it is, what each office owns now.
package struct ConditionReader: Sendable {
  let me: RowID
  /// The groups that the reader is in.
  let groups: [RowID]
  let office: OfficeID
  let now: Instant
  /// Where an office is missing, it owns nothing.
  let owners: [OfficeID: OwnerRule]

  package init(
    actor: Actor, groups: [RowID], now: Instant, owners: [OfficeID: OwnerRule] = [:]
  ) {
    me = actor.user
    office = actor.office
    self.groups = groups
    self.now = now
    self.owners = owners
  }

  /// The filters of all conditions. Throws ``Refusal/invalid(_:)`` with every fault, each named by
  /// its place, such as `all[0].operator`.
  package func filters(_ conditions: ViewConditions) throws(Refusal) -> [TicketFilter] {
    var checks = FieldChecks()
    var filters: [TicketFilter] = []
    if conditions.count > DeskLimits.conditions {
      checks.add(
        "conditions", .tooLong,
        "conditions: \(conditions.count) given, at most \(DeskLimits.conditions)")
      try checks.finish()
    }
    for (index, condition) in conditions.all.enumerated() {
      if let filter = read(condition, "all[\(index)]", &checks) { filters.append(filter) }
    }
    var any: [TicketFilter] = []
    for (index, condition) in conditions.any.enumerated() {
      if let filter = read(condition, "any[\(index)]", &checks) { any.append(filter) }
    }
    if conditions.count == 0 {
      checks.add("conditions", .blankValue, "conditions: give at least one, in all or in any")
    }
    let terms = (filters + any).reduce(0) { $0 + Self.alternatives($1) }
    if terms > Self.termsPerValue * DeskLimits.viewValues {
      checks.add(
        "conditions", .tooLong,
        "conditions: they name more than \(DeskLimits.viewValues) values together; use fewer")
    }
    try checks.finish()
    if !any.isEmpty { filters.append(TicketFilter(.anyOf(any))) }
    return filters
  }

  /// The offices that the conditions ask about as owners.
  package func owners(in conditions: ViewConditions) -> [OfficeID] {
    var found: Set<OfficeID> = []
    for condition in conditions.all + conditions.any where condition.field == "helio_owner" {
      for text in condition.value.texts { found.insert(office(text)) }
    }
    return found.sorted()
  }

  /// A custom field is compared as text, number and check box; one value may name a few tags.
  private static let termsPerValue = 3

  private static func alternatives(_ filter: TicketFilter) -> Int {
    if case .anyOf(let filters) = filter.term { filters.count } else { 1 }
  }

  private func read(
    _ condition: ViewCondition, _ place: String, _ checks: inout FieldChecks
  ) -> TicketFilter? {
    do throws(ConditionFault) {
      return try filter(condition)
    } catch {
      let (part, message) = error.told(condition)
      checks.add("\(place).\(part)", .invalidValue, "\(place).\(part): \(message)")
      return nil
    }
  }

  private func filter(_ condition: ViewCondition) throws(ConditionFault) -> TicketFilter {
    switch condition.field {
    case "status", "priority": try ranked(condition)
    case "type":
      try oneOf(condition) { text throws(ConditionFault) in
        if text.isEmpty { return [.without(.type)] }
        return [.type(try Self.word(text, TicketType.words))]
      }
    case "custom_status_id":
      try oneOf(condition) { text throws(ConditionFault) in
        guard let id = TicketSearch.id(text), let status = BuiltInStatus(id: id) else {
          throw .value("the id of a custom status")
        }
        return [.status(.equal, status.category.rawValue)]
      }
    case "group_id", "assignee_id", "requester_id", "submitter_id", "organization_id":
      try person(condition)
    case "current_tags": try tags(condition)
    case "helio_home":
      try oneOf(condition) { text throws(ConditionFault) in [.home(try validOffice(text))] }
    case "helio_owner":
      try oneOf(condition) { text throws(ConditionFault) in
        owners[try validOffice(text)].map { [.owner($0)] } ?? [.ids([])]
      }
    case _ where TimeField(condition.field) != nil: try time(condition)
    case _ where Self.customField(condition.field) != nil: try custom(condition)
    default: throw .field
    }
  }

  private static let equal = "is, is_not, includes, not_includes"
  private static let ordered =
    equal + ", less_than, less_than_equal, greater_than, greater_than_equal"

  /// `is`, `is_not`, `includes`, `not_includes` with one value or several; `allowed` names whatever
  /// else the field takes.
  private func oneOf(
    _ condition: ViewCondition, allowed: String = Self.equal,
    _ terms: (String) throws(ConditionFault) -> [TicketFilter.Term]
  ) throws(ConditionFault) -> TicketFilter {
    let isNegated: Bool
    switch condition.comparison {
    case "is", "includes", "value": isNegated = false
    case "is_not", "not_includes": isNegated = true
    default: throw .comparison("one of \(allowed)")
    }
    let most = DeskLimits.conditionValues
    let texts = condition.value.texts
    var found: [TicketFilter] = []
    for text in texts.prefix(most + 1) {
      for term in try terms(text) { found.append(TicketFilter(term)) }
    }
    guard texts.count <= most, found.count <= Self.termsPerValue * most else {
      throw .value("at most \(most) values")
    }
    return TicketFilter(.anyOf(found), negated: isNegated)
  }

  private func ranked(_ condition: ViewCondition) throws(ConditionFault) -> TicketFilter {
    let isStatus = condition.field == "status"
    let words = isStatus ? TicketStatus.words : TicketPriority.words
    if let bound = Self.bound(condition.comparison) {
      guard let text = condition.value.single else { throw .value("one word") }
      let word = try Self.word(text, words)
      return TicketFilter(
        .allOf([TicketFilter(isStatus ? .status(bound, word) : .priority(bound, word))]))
    }
    return try oneOf(condition, allowed: Self.ordered) { text throws(ConditionFault) in
      if text.isEmpty, !isStatus { return [.without(.priority)] }
      let word = try Self.word(text, words)
      return [isStatus ? .status(.equal, word) : .priority(.equal, word)]
    }
  }

  private func person(_ condition: ViewCondition) throws(ConditionFault) -> TicketFilter {
    let isGroup = condition.field == "group_id"
    return try oneOf(condition) { text throws(ConditionFault) in
      switch text {
      case "" where condition.field == "requester_id" || condition.field == "submitter_id":
        throw .value("an id or current_user")
      case "": return [Self.term(condition.field, nil)]
      case "current_user" where !isGroup && condition.field != "organization_id":
        return me == .none ? [.ids([])] : [Self.term(condition.field, me)]
      case "current_groups" where isGroup:
        return groups.isEmpty ? [.ids([])] : groups.map { .group($0) }
      default:
        guard let id = TicketSearch.id(text) else {
          throw .value(isGroup ? "an id or current_groups" : "an id or current_user")
        }
        return [Self.term(condition.field, id)]
      }
    }
  }

  private static func term(_ field: String, _ id: RowID?) -> TicketFilter.Term {
    switch field {
    case "group_id": .group(id)
    case "assignee_id": .assignee(id)
    case "organization_id": .organization(id)
    case "submitter_id": .submitter(id ?? .none)
    default: .requester(id ?? .none)
    }
  }

  private func tags(_ condition: ViewCondition) throws(ConditionFault) -> TicketFilter {
    try oneOf(condition) { text throws(ConditionFault) in
      let tags = text.split { $0.isWhitespace || $0 == "," }.map { TagForm.normal(String($0)) }
      guard !tags.isEmpty else { throw .value("one tag or several, apart by spaces") }
      return tags.map { .tag($0) }
    }
  }

  private func office(_ text: String) -> OfficeID {
    text == "current_office" ? office : OfficeID(text)
  }

  private func validOffice(_ text: String) throws(ConditionFault) -> OfficeID {
    let office = office(text)
    guard office.isValid else { throw .value("an office code or current_office") }
    return office
  }
}

extension ConditionReader {
  static func word(_ text: String, _ allowed: [String]) throws(ConditionFault) -> String {
    let word = text.lowercased()
    guard allowed.contains(word) else { throw .value(allowed.joined(separator: ", ")) }
    return word
  }

  static func bound(_ comparison: String) -> Comparison? {
    switch comparison {
    case "less_than": .less
    case "less_than_equal": .lessOrEqual
    case "greater_than": .greater
    case "greater_than_equal": .greaterOrEqual
    default: nil
    }
  }

  /// The field of `custom_fields_123`.
  static func customField(_ name: String) -> RowID? {
    for prefix in ["custom_fields_", "custom_field_", "ticket_fields_"]
    where name.hasPrefix(prefix) {
      return TicketSearch.id(String(name.dropFirst(prefix.count)))
    }
    return nil
  }

  private func custom(_ condition: ViewCondition) throws(ConditionFault) -> TicketFilter {
    guard let field = Self.customField(condition.field) else { throw .field }
    if let bound = Self.bound(condition.comparison) {
      guard let text = condition.value.single, !text.isEmpty else { throw .value("one value") }
      let value = Int64(text).map { Value.integer($0) } ?? .text(text)
      return TicketFilter(.allOf([TicketFilter(.fieldBound(field, bound, value))]))
    }
    switch condition.comparison {
    case "present": return TicketFilter(.field(field, .null), negated: true)
    case "not_present": return TicketFilter(.anyOf([TicketFilter(.field(field, .null))]))
    default: break
    }
    let allowed = Self.ordered + ", present, not_present"
    return try oneOf(condition, allowed: allowed) { text throws(ConditionFault) in
      if text.isEmpty { return [.field(field, .null)] }
      // Stored as text, number or check box, by the type of the field.
      var terms: [TicketFilter.Term] = [.field(field, .text(text))]
      if let number = Int64(text) { terms.append(.field(field, .integer(number))) }
      if text == "true" || text == "false" {
        terms.append(.field(field, .integer(text == "true" ? 1 : 0)))
      }
      return terms
    }
  }
}

/// Why a condition is not understood.
enum ConditionFault: Error {
  case field
  case comparison(String)
  case value(String)

  /// The part of the condition that is wrong, and what it may be.
  func told(_ condition: ViewCondition) -> (part: String, message: String) {
    switch self {
    case .field:
      (
        "field",
        "'\(condition.field.prefix(64))' is not one of status, priority, type, group_id, "
          + "assignee_id, requester_id, submitter_id, organization_id, current_tags, "
          + "custom_status_id, custom_fields_ID, created_at, updated_at, assigned_at, solved_at, "
          + "due_date, until_due_date, NEW, OPEN, PENDING, HOLD, SOLVED, CLOSED, helio_owner, "
          + "helio_home"
      )
    case .comparison(let allowed):
      (
        "operator",
        "\(condition.field.prefix(64)) takes \(allowed), not '\(condition.comparison.prefix(64))'"
      )
    case .value(let allowed):
      ("value", "\(condition.field.prefix(64)) is compared with \(allowed)")
    }
  }
}
