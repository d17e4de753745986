// What lists of views and of macros have in common.

internal import HelpdeskDomain
internal import ReplicaCore

/// A view or a macro, as far as lists look at it.
protocol ShelfItem: Sendable {
  var id: RowID { get }
  var title: String { get }
  var active: Bool { get }
  var position: Int64 { get }
  var restriction: Restriction { get }
  var createdAt: Instant { get }
  var updatedAt: Instant { get }
}

extension ViewRecord: ShelfItem {}
extension MacroRecord: ShelfItem {}

extension Call {
  /// Those that `active`, `access`, `group_id`, `category` and `query` ask for, in the order of
  /// `sort_by` and `sort_order`.
  func shelf<Item: ShelfItem>(_ all: [Item]) throws(APIError) -> [Item] {
    var found = all
    if let active = try query.flag("active") { found = found.filter { $0.active == active } }
    switch query["access"] {
    case nil, "all": break
    case "personal": found = found.filter { $0.restriction.isPersonal }
    case "shared", "account": found = found.filter { !$0.restriction.isPersonal }
    case let other?:
      throw .badRequest(
        "InvalidParameter", "access must be personal, shared or account, not \"\(other)\".")
    }
    if let group = try query.id("group_id") {
      found = found.filter { $0.restriction.groupIDs.contains(group) }
    }
    if let category = query["category"] {
      found = found.filter { $0.category == category }
    }
    if let words = query["query"]?.lowercased() {
      found = found.filter { $0.title.lowercased().contains(words) }
    }
    return try sorted(found)
  }

  /// The ids of `ids=1,2`; without any there is nothing to do, which the caller cannot mean.
  func someIDs() throws(APIError) -> [RowID] {
    let ids = try query.ids()
    guard !ids.isEmpty else {
      throw .invalid("ids", .blankValue, "ids must name at least one row: ?ids=10001,20001")
    }
    return ids
  }

  private func sorted<Item: ShelfItem>(_ items: [Item]) throws(APIError) -> [Item] {
    let precedes: (Item, Item) -> Bool
    switch query["sort_by"] {
    case nil, "position": precedes = { ($0.position, $0.id) < ($1.position, $1.id) }
    case "alphabetical", "title":
      precedes = { ($0.title.lowercased(), $0.id) < ($1.title.lowercased(), $1.id) }
    case "created_at": precedes = { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
    case "updated_at": precedes = { ($0.updatedAt, $0.id) < ($1.updatedAt, $1.id) }
    case let other?:
      throw .badRequest(
        "InvalidParameter",
        "sort_by must be alphabetical, created_at, updated_at or position, not \"\(other)\".")
    }
    let up = items.sorted(by: precedes)
    return try query.ascending() == false ? up.reversed() : up
  }
}

extension ShelfItem {
  /// What stands before the first `::` of the title; nil where nothing does.
  var category: String? {
    guard let mark = title.firstRange(of: "::") else { return nil }
    return String(title[..<mark.lowerBound])
  }
}

extension Restriction {
  var isPersonal: Bool { if case .user = self { true } else { false } }
  var groupIDs: [RowID] { if case .groups(let ids) = self { ids } else { [] } }
}

extension Restriction: JSONWritable {
  func write(to json: inout JSONWriter) {
    switch self {
    case .everybody, .unknown: json.literal("null")
    case .user(let id):
      json.object { json in
        json.field("type", "User")
        json.field("id", id)
      }
    case .groups(let ids):
      json.object { json in
        json.field("type", "Group")
        json.field("id", ids.first)
        json.field("ids", ids)
      }
    }
  }
}

extension FieldReader {
  /// `null`, `{"type": "User", "id": 1}` or `{"type": "Group", "ids": [1, 2]}`; nil where absent.
  mutating func restriction(_ key: String = "restriction") -> Restriction? {
    guard has(key) else { return nil }
    guard var inner = object(key) else { return values[key] == .null ? .everybody : nil }
    let kind = inner.text("type")
    let one = inner.id("id")
    let ids = inner.ids("ids") ?? one.map { [$0] } ?? []
    take(inner)
    switch kind {
    case "User": return one.map { .user($0) } ?? .unknown
    case "Group": return ids.isEmpty ? .unknown : .groups(ids)
    default: return .unknown
    }
  }

  /// The value of a condition or an action.
  mutating func plain(_ key: String) -> PlainJSON {
    guard let value = values[key] else { return .null }
    if let plain = value.plain { return plain }
    problem(key, .invalidValue, "\(prefix)\(key) must be a text, a number, a list or null")
    return .null
  }
}

extension JSONValue {
  /// Nil where there is an object in it.
  var plain: PlainJSON? {
    switch self {
    case .null: return .null
    case .bool(let flag): return .flag(flag)
    case .integer(let number): return .number(number)
    case .double(let number): return .text("\(number)")
    case .string(let text): return .text(text)
    case .array(let elements):
      var list: [PlainJSON] = []
      for element in elements {
        guard let plain = element.plain else { return nil }
        list.append(plain)
      }
      return .list(list)
    case .object: return nil
    }
  }
}

extension PlainJSON: JSONWritable {
  func write(to json: inout JSONWriter) {
    switch self {
    case .null: json.literal("null")
    case .flag(let flag): flag.write(to: &json)
    case .number(let number): json.number(number)
    case .text(let text): json.string(text)
    case .list(let elements): json.array(elements)
    }
  }
}
