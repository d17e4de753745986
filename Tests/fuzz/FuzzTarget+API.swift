// What agents' tools send: bodies and search queries.

import HelpdeskDomain
import ReplicaCore

@testable import AgentAPI

extension FuzzTarget {
  static func json(_ input: [UInt8]) throws(BrokenLaw) {
    guard let value = try? JSONValue.parse(input) else { return }
    var writer = JSONWriter()
    value.write(to: &writer)
    let again = try? JSONValue.parse(writer.bytes)
    try BrokenLaw.unless(again?.inDoubles, value.inDoubles, "a body reads as it was written")
    guard case .object(let members) = value else { return }
    var body = FieldReader(members)
    for (key, member) in members.sorted(by: { $0.key < $1.key }) {
      if case .string(let text) = member { try time(text) }
      _ = (body.texts(key), body.ids(key), body.instant(key), body.office(key))
      _ = (body.flag(key), body.integer(key), body.objects(key))
    }
    try setup(members.inner)
    guard let ticket = FieldReader(members).ticket else { return }
    for creating in [true, false] { _ = try? TicketInput(ticket, creating: creating) }
  }

  /// A time in UTC is on the day that it names, but for leap seconds.
  private static func time(_ text: String) throws(BrokenLaw) {
    guard let instant = WireTime.parse(text), text.hasSuffix("Z"), !text.contains(":60") else {
      return
    }
    try BrokenLaw.unless(
      String(WireTime.text(instant).prefix(10)), String(text.prefix(10)), "a time is on its day")
  }

  static func search(_ input: [UInt8]) throws(BrokenLaw) {
    guard let text = String(validating: input, as: UTF8.self) else { return }
    let now = Instant(milliseconds: 1_790_000_000_000)
    guard let search = try? Search.parse(text, me: RowID(10_001), now: now) else { return }
    let named = Dictionary(uniqueKeysWithValues: Set(search.names).map { ($0, [RowID(20_001)]) })
    let page = PageRequest.offset(page: 1, size: 100)
    _ = search.tickets?.query(names: [:], page: page)
    _ = search.tickets?.query(names: named, page: page)
    let again = try? Search.parse(text, me: RowID(10_001), now: now)
    try BrokenLaw.unless(again, search, "a query means the same twice")
  }
}

extension JSONValue {
  /// JSON does not tell 1e17 from its digits: a number may be read as either kind.
  fileprivate var inDoubles: JSONValue {
    switch self {
    case .integer(let number): .double(Double(number))
    case .array(let elements): .array(elements.map(\.inDoubles))
    case .object(let members): .object(members.mapValues(\.inDoubles))
    case .null, .bool, .double, .string: self
    }
  }
}

extension [String: JSONValue] {
  /// What stands under the one name that a body has, such as `view`; else these.
  fileprivate var inner: [String: JSONValue] {
    if count == 1, case .object(let members)? = values.first { members } else { self }
  }
}

extension FieldReader {
  /// The object under `ticket`, or this one.
  fileprivate var ticket: FieldReader? {
    guard case .object(let members)? = values["ticket"] else { return self }
    return FieldReader(members, prefix: "ticket.")
  }
}
