// Filters of a ticket list as SQL: each as a test of one row, some also as a way to find rows.

internal import GRDB
internal import HelpdeskDomain
internal import ReplicaCore

/// A piece of SQL with its arguments.
struct SQLPiece {
  var sql: String
  var arguments: [DatabaseValue]

  init(_ sql: String, _ arguments: [DatabaseValue] = []) {
    self.sql = sql
    self.arguments = arguments
  }
}

extension [SQLPiece] {
  /// SQLite counts how deep an expression is nested, up to 1,000, and a chain of ANDs or ORs nests
  /// with each link: long ones are joined in parts.
  private static var linked: Int { 50 }

  /// All pieces between `word`, such as ` OR `.
  func joined(by word: String) -> SQLPiece {
    guard count > Self.linked else {
      return SQLPiece(map { "(\($0.sql))" }.joined(separator: word), flatMap(\.arguments))
    }
    return stride(from: 0, to: count, by: Self.linked).map { start in
      Array(self[start..<Swift.min(start + Self.linked, count)]).joined(by: word)
    }.joined(by: word)
  }
}

/// One condition of a list.
struct TicketCondition {
  /// Tests a row. Columns bear a unary plus, so that SQLite does not choose an index by itself:
  /// which one to drive by is decided by counting, see ``TicketPlan``.
  var test: SQLPiece
  /// `SELECT` of the ids that pass, by an index; nil where there is none.
  var finder: SQLPiece?
  /// Whether all that the finder finds passes the test.
  var isExact = false
  /// In place of the finder where so many rows pass that a list along the index of its order soon
  /// meets enough of them.
  var walk: TicketWalk?
}

/// How a list is read along the index of its order under a condition that is costly to test.
struct TicketWalk {
  /// Tests one row by itself.
  var test: SQLPiece
  /// Tests one row too, but gathers all that could pass before the first.
  var gathered: SQLPiece
  /// Whether some rows are tested so before all that pass are gathered, because these are very many.
  var isWorthTesting: Bool
}

/// Turns filters into conditions: equal terms on one field are or-ed, the rest and-ed.
struct TicketFilters {
  let search: (TicketFilter.Term) throws -> TicketCondition

  func conditions(_ filters: [TicketFilter]) throws -> [TicketCondition] {
    var order: [String] = []
    var groups: [String: [TicketCondition]] = [:]
    for (index, filter) in filters.enumerated() {
      let condition = try one(filter)
      let key = filter.negated ? "\(index)" : orKey(filter.term) ?? "\(index)"
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(condition)
    }
    return order.compactMap { groups[$0].map(anyOf) }
  }

  /// One filter by itself.
  private func one(_ filter: TicketFilter) throws -> TicketCondition {
    var condition = try condition(filter.term)
    if filter.negated {
      condition.test.sql = "NOT ifnull((\(condition.test.sql)), 0)"
      condition.finder = nil
      condition.walk = nil
    }
    return condition
  }

  /// All of several: the first that an index knows finds them.
  private func allOf(_ conditions: [TicketCondition]) -> TicketCondition {
    TicketCondition(
      test: conditions.isEmpty ? SQLPiece("1") : conditions.map(\.test).joined(by: " AND "),
      finder: conditions.lazy.compactMap(\.finder).first)
  }

  private func anyOf(_ conditions: [TicketCondition]) -> TicketCondition {
    guard conditions.count > 1 else {
      return conditions.first ?? TicketCondition(test: SQLPiece("0"), finder: nil)
    }
    let finders = conditions.compactMap(\.finder)
    let arguments = finders.flatMap(\.arguments)
    // Each part of a union has an argument at least.
    let isUnion = finders.count == conditions.count && arguments.count <= Self.unionParts
    return TicketCondition(
      test: conditions.map(\.test).joined(by: " OR "),
      finder: isUnion
        ? SQLPiece(finders.map(\.sql).joined(separator: " UNION "), arguments) : nil)
  }

  /// SQLite knows no union of more than 500 parts; one of so many is no quick way any more.
  private static let unionParts = 200

  /// Terms with the same key are alternatives.
  private func orKey(_ term: TicketFilter.Term) -> String? {
    switch term {
    case .status(.equal, _): "status"
    case .priority(.equal, _): "priority"
    case .type: "type"
    case .tag: "tag"
    case .assignee: "assignee"
    case .requester: "requester"
    case .submitter: "submitter"
    case .group: "group"
    case .organization: "organization"
    case .externalID: "external"
    case .field(let id, _): "field \(id)"
    case .ids: "ids"
    case .collaborator: "collaborator"
    case .via: "via"
    case .without(.priority): "priority"
    case .without(.type): "type"
    case .without(.tags): "tag"
    default: nil
    }
  }

  private func condition(_ term: TicketFilter.Term) throws -> TicketCondition {
    switch term {
    case .status(let comparison, let name): status(comparison, name)
    case .priority(let comparison, let name): priority(comparison, name)
    case .type(let name): plain("\"type\"", "=", name.databaseValue)
    case .tag(let tag): element(TicketColumn.tags, tag.databaseValue)
    case .assignee(let id): reference("assignee_id", id)
    case .requester(let id): reference("requester_id", id)
    case .submitter(let id): plain("submitter_id", "=", id.sql)
    case .group(let id): reference("group_id", id)
    case .organization(let id): reference("organization_id", id)
    case .externalID(let id): indexed("external_id", id.databaseValue)
    case .collaborator(let id): element(TicketColumn.collaborators, id.sql)
    case .hasAttachment: Self.withFile
    case .via(let via): plain("via", "=", Int64(via.rawValue).databaseValue)
    case .problem(let id): indexed("problem_id", id.sql)
    case .created(let comparison, let at): indexedTime("created_ms", comparison, at)
    case .updated(let comparison, let at): indexedTime("updated_ms", comparison, at)
    case .due(let comparison, let at): time("due_at", comparison, at)
    case .field, .fieldBound: field(term)
    case .ids(let ids): among(ids)
    case .statusSince(let comparison, let at): time("status_ms", comparison, at)
    case .assigned(let comparison, let at): time("assigned_ms", comparison, at)
    case .without(.tags): Self.untagged
    case .without(let blank):
      TicketCondition(test: SQLPiece("+\"\(blank.rawValue)\" IS NULL"), finder: nil)
    case .home(let office): plain("place_home", "=", office.rawValue.databaseValue)
    case .owner(let rule): owned(by: rule)
    case .allOf(let filters): allOf(try filters.map(one))
    case .anyOf(let filters): anyOf(try filters.map(one))
    case .words, .phrase: try search(term)
    }
  }

  private static let untagged = TicketCondition(
    test: SQLPiece(
      """
      +id NOT IN (SELECT id FROM element WHERE entity = \(Desk.ticket.rawValue)
      AND "column" = \(TicketColumn.tags))
      """), finder: nil)

  private static let withFile = TicketCondition(
    test: SQLPiece(
      """
      EXISTS (SELECT 1 FROM attachment a WHERE a.ticket_id = ticket.id AND a.redacted IS NOT 1)
      """),
    finder: SQLPiece(
      "SELECT ticket_id FROM attachment WHERE ticket_id IS NOT NULL AND redacted IS NOT 1"))

  private func plain(
    _ column: String, _ comparison: String, _ value: DatabaseValue
  ) -> TicketCondition {
    TicketCondition(test: SQLPiece("+\(column) \(comparison) ?", [value]), finder: nil)
  }

  private func indexed(_ column: String, _ value: DatabaseValue) -> TicketCondition {
    TicketCondition(
      test: SQLPiece("+\(column) = ?", [value]),
      finder: SQLPiece("SELECT id FROM ticket WHERE \(column) = ?", [value]))
  }

  private func reference(_ column: String, _ id: RowID?) -> TicketCondition {
    guard let id else {
      return TicketCondition(test: SQLPiece("+\(column) IS NULL"), finder: nil)
    }
    return indexed(column, id.sql)
  }

  private func status(_ comparison: Comparison, _ name: String) -> TicketCondition {
    let rank = TicketDerivation.rank(status: name).databaseValue
    guard comparison == .equal else {
      var condition = plain("status_rank", comparison.sql, rank)
      condition.finder = SQLPiece(
        "SELECT id FROM ticket WHERE status_rank \(comparison.sql) ?", [rank])
      return condition
    }
    return TicketCondition(
      test: SQLPiece("+status = ?", [name.databaseValue]),
      finder: SQLPiece("SELECT id FROM ticket WHERE status_rank = ?", [rank]))
  }

  private func priority(_ comparison: Comparison, _ name: String) -> TicketCondition {
    let rank = TicketDerivation.rank(priority: name).databaseValue
    guard comparison == .equal else {
      // A ticket without priority is neither below nor above any.
      return TicketCondition(
        test: SQLPiece("+priority_rank \(comparison.sql) ? AND +priority_rank > 0", [rank]),
        finder: nil)
    }
    return TicketCondition(
      test: SQLPiece("+priority = ?", [name.databaseValue]),
      finder: SQLPiece("SELECT id FROM ticket WHERE priority_rank = ?", [rank]))
  }

  private func time(
    _ column: String, _ comparison: Comparison, _ at: Instant
  ) -> TicketCondition {
    plain(column, comparison.sql, at.milliseconds.databaseValue)
  }

  private func indexedTime(
    _ column: String, _ comparison: Comparison, _ at: Instant
  ) -> TicketCondition {
    var condition = time(column, comparison, at)
    condition.finder = SQLPiece(
      "SELECT id FROM ticket WHERE \(column) \(comparison.sql) ?",
      [at.milliseconds.databaseValue])
    return condition
  }

  /// Rows whose set holds the element.
  private func element(_ column: UInt16, _ value: DatabaseValue) -> TicketCondition {
    let key = """
      entity = \(Desk.ticket.rawValue) AND "column" = \(column) AND value = ?
      """
    return TicketCondition(
      test: SQLPiece(
        "EXISTS (SELECT 1 FROM element e WHERE e.\(key) AND e.id = ticket.id)"
          .replacing("AND \"column\"", with: "AND e.\"column\"")
          .replacing("AND value", with: "AND e.value"), [value]),
      finder: SQLPiece("SELECT id FROM element WHERE \(key)", [value]))
  }

  private func among(_ ids: [RowID]) -> TicketCondition {
    let list = "SELECT value FROM json_each(?)"
    return TicketCondition(
      test: SQLPiece("+id IN (\(list))", [ids.json]),
      finder: SQLPiece("SELECT id FROM ticket WHERE id IN (\(list))", [ids.json]))
  }
}

extension Comparison {
  var sql: String { self == .equal ? "=" : rawValue }
}
