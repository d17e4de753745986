// Reads the fields of one JSON object and gathers what is wrong with them, so that a client
// learns of all faults at once.

internal import HelpdeskDomain
internal import ReplicaCore

struct FieldReader {
  let values: [String: JSONValue]
  /// What stands before a field's name in messages, such as `comment.`.
  let prefix: String
  private(set) var problems: [FieldProblem] = []

  init(_ values: [String: JSONValue], prefix: String = "") {
    self.values = values
    self.prefix = prefix
  }

  func has(_ key: String) -> Bool { values[key] != nil }

  /// Throws 422 with everything found so far.
  func check() throws(DeskFailure) {
    if !problems.isEmpty { throw .refused(.invalid(problems)) }
  }

  mutating func problem(_ key: String, _ code: FieldProblem.Code, _ message: String) {
    problems.append(FieldProblem(prefix + key, code, message))
  }

  mutating func take(_ other: FieldReader) { problems += other.problems }

  /// Nil where absent, null or of another kind (which is a problem).
  mutating func text(_ key: String) -> String? { value(of: change(key, "a text", Self.text)) }
  mutating func flag(_ key: String) -> Bool? {
    value(of: change(key, "true or false", Self.flag))
  }
  mutating func integer(_ key: String) -> Int64? {
    value(of: change(key, "a whole number", Self.integer))
  }
  mutating func id(_ key: String) -> RowID? { value(of: change(key, Self.anID, Self.id)) }
  mutating func instant(_ key: String) -> Instant? { value(of: instantChange(key)) }

  mutating func textChange(_ key: String) -> Change<String> { change(key, "a text", Self.text) }
  /// What another system calls the row. Clients send the empty text where it has no name there: it
  /// names nothing, least of all the row that somebody else sent one with.
  mutating func externalID() -> Change<String> {
    let change = textChange("external_id")
    return change == .set("") ? .clear : change
  }
  mutating func idChange(_ key: String) -> Change<RowID> {
    change(key, "\(Self.anID) or null, which clears it", Self.id)
  }
  private static var anID: String { "an id (a whole number from 1 to \(RowID.limit - 1))" }
  mutating func instantChange(_ key: String) -> Change<Instant> {
    change(key, "a time from 1600 to 9999 such as \(WireTime.example), or a day") { value in
      if case .string(let text) = value { WireTime.parse(text) } else { nil }
    }
  }

  /// A list of texts; one text is split at spaces and commas, as tags often come.
  mutating func texts(_ key: String) -> [String]? {
    value(
      of: change(key, "a list of texts", each: { Self.text($0) != nil }) { value in
        switch value {
        case .string(let text):
          text.split { $0 == " " || $0 == "," }.map(String.init)
        case .array(let elements): Self.all(elements, Self.text)
        default: nil
        }
      })
  }

  /// A list of ids; clients that hold whole rows send these, and their `id` counts.
  mutating func ids(_ key: String) -> [RowID]? {
    value(
      of: change(key, "a list of ids", each: { Self.idOfRow($0) != nil }) { value -> [RowID]? in
        guard case .array(let elements) = value else { return nil }
        return Self.all(elements, Self.idOfRow)
      })
  }

  private static func idOfRow(_ value: JSONValue) -> RowID? {
    if case .object(let row) = value { return id(row["id"] ?? .null) }
    return id(value)
  }

  mutating func office(_ key: String) -> OfficeID? {
    guard let code = text(key) else { return nil }
    let office = OfficeID(code)
    guard office.isValid else {
      problem(
        key, .invalidValue,
        "\(prefix)\(key): an office code has 1 to \(OfficeID.maximumLength) characters of a-z, "
          + "0-9 and -")
      return nil
    }
    return office
  }

  /// The object under the key; nil where absent or null.
  mutating func object(_ key: String) -> FieldReader? {
    let members = change(key, "an object") { value -> [String: JSONValue]? in
      if case .object(let members) = value { members } else { nil }
    }
    return value(of: members).map { FieldReader($0, prefix: prefix + key + ".") }
  }

  /// The objects of the list under the key.
  mutating func objects(_ key: String) -> [FieldReader]? {
    let found = change(
      key, "a list of objects", each: { if case .object = $0 { true } else { false } }
    ) { value -> [[String: JSONValue]]? in
      guard case .array(let elements) = value else { return nil }
      return Self.all(elements) { if case .object(let members) = $0 { members } else { nil } }
    }
    return value(of: found)?.enumerated().map { index, members in
      FieldReader(members, prefix: "\(prefix)\(key)[\(index)].")
    }
  }

  /// `each`: whether an element of a list is of its kind.
  private mutating func change<T>(
    _ key: String, _ kind: String, each: ((JSONValue) -> Bool)? = nil, _ read: (JSONValue) -> T?
  ) -> Change<T> {
    guard let value = values[key] else { return .keep }
    if value == .null { return .clear }
    guard let result = read(value) else {
      var fault = "not \(value.shown)"
      if let each, case .array(let elements) = value,
        let wrong = elements.firstIndex(where: { !each($0) })
      {
        fault = "and [\(wrong)] of it is \(elements[wrong].shown)"
      }
      problem(key, .invalidValue, "\(prefix)\(key) must be \(kind), \(fault)")
      return .keep
    }
    return .set(result)
  }

  private func value<T>(of change: Change<T>) -> T? {
    if case .set(let value) = change { value } else { nil }
  }

  private static func all<T>(_ values: [JSONValue], _ read: (JSONValue) -> T?) -> [T]? {
    var result: [T] = []
    for value in values {
      guard let element = read(value) else { return nil }
      result.append(element)
    }
    return result
  }

  private static func text(_ value: JSONValue) -> String? {
    if case .string(let text) = value { text } else { nil }
  }
  private static func flag(_ value: JSONValue) -> Bool? {
    switch value {
    case .bool(let flag): flag
    case .string("true"): true
    case .string("false"): false
    default: nil
    }
  }
  private static func integer(_ value: JSONValue) -> Int64? {
    if case .integer(let number) = value { number } else { nil }
  }
  private static func id(_ value: JSONValue) -> RowID? {
    let number: Int64? =
      switch value {
      case .integer(let number): number
      case .string(let text): Int64(text)
      default: nil
      }
    guard let number, RowID(number).isValid else { return nil }
    return RowID(number)
  }
}
