// Whom the writer of a ticket wants copied: clients say it in four ways, the desk keeps one list.

internal import HelpdeskDomain
internal import ReplicaCore

/// `collaborators`, `additional_collaborators`, `followers` and `email_ccs` of a ticket's body.
struct CopiedPeople {
  enum Person: Hashable {
    case id(RowID)
    /// Becomes an end user where nobody has the address.
    case address(String, name: String?)
    /// Somebody the desk knows already.
    case known(String, field: String)
  }

  /// The whole list.
  var replacing: [Person]?
  var adding: [Person] = []
  var removing: [Person] = []

  init(_ body: inout FieldReader) {
    replacing = Self.people("collaborators", &body)
    adding = Self.people("additional_collaborators", &body) ?? []
    readActions("followers", &body) { email, _ in .known(email, field: "followers") }
    readActions("email_ccs", &body) { .address($0, name: $1) }
  }

  /// Ids, addresses, or objects with an address and a name.
  private static func people(_ key: String, _ body: inout FieldReader) -> [Person]? {
    guard let value = body.values[key], value != .null else { return nil }
    guard case .array(let elements) = value, elements.count <= DeskLimits.collaborators else {
      body.problem(
        key, .invalidValue,
        "\(body.prefix)\(key) must be a list of at most \(DeskLimits.collaborators) people")
      return nil
    }
    var found: [Person] = []
    for (index, element) in elements.enumerated() {
      if let person = person(element) {
        found.append(person)
      } else {
        body.problem(
          key, .invalidValue,
          "\(body.prefix)\(key)[\(index)] must be a user's id, an e-mail address, or an object "
            + "with email and name")
      }
    }
    return found
  }

  private static func person(_ value: JSONValue) -> Person? {
    switch value {
    case .integer(let number): return RowID(number).isValid ? .id(RowID(number)) : nil
    case .string(let text):
      if let number = Int64(text) { return RowID(number).isValid ? .id(RowID(number)) : nil }
      return text.contains("@") ? .address(text, name: nil) : nil
    case .object(let members):
      guard case .string(let email) = members["email"] else { return nil }
      guard case .string(let name) = members["name"] else { return .address(email, name: nil) }
      return .address(email, name: name)
    case .null, .bool, .double, .array: return nil
    }
  }

  /// `[{user_id or user_email, user_name, action: put or delete}]`.
  private mutating func readActions(
    _ key: String, _ body: inout FieldReader, _ named: (String, String?) -> Person
  ) {
    guard let entries = body.objects(key) else { return }
    guard entries.count <= DeskLimits.collaborators else {
      body.problem(
        key, .tooLong,
        "\(body.prefix)\(key): \(entries.count) given, at most \(DeskLimits.collaborators)")
      return
    }
    for var entry in entries {
      let id = entry.id("user_id")
      let email = entry.text("user_email")
      let name = entry.text("user_name")
      let action = entry.text("action") ?? "put"
      switch (id.map(Person.id) ?? email.map { named($0, name) }, action) {
      case (nil, _):
        if entry.problems.isEmpty {
          entry.problem(
            "user_id", .blankValue, "\(entry.prefix)user_id or user_email must be given")
        }
      case (let person?, "put"): adding.append(person)
      case (_?, "delete"):
        removing.append(id.map(Person.id) ?? .known(email ?? "", field: key))
      default:
        entry.problem(
          "action", .invalidValue,
          "\(entry.prefix)action must be put or delete, not \"\(action.prefix(64))\"")
      }
      body.take(entry)
    }
  }
}
