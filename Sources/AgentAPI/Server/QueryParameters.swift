// The query string, decoded as forms write it (`+` is a space).

internal import Foundation
internal import HelpdeskDomain
internal import ReplicaCore

struct QueryParameters {
  private var values: [String: [String]] = [:]

  init(_ query: String?) throws(APIError) {
    for pair in (query ?? "").split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = try Self.decode(parts[0])
      values[name, default: []].append(parts.count > 1 ? try Self.decode(parts[1]) : "")
    }
  }

  /// Nil where absent or empty.
  subscript(name: String) -> String? {
    values[name]?.last.flatMap { $0.isEmpty ? nil : $0 }
  }

  func all(_ name: String) -> [String] { values[name] ?? [] }
  func has(_ name: String) -> Bool { values[name] != nil }

  func integer(_ name: String) throws(APIError) -> Int? {
    guard let text = self[name] else { return nil }
    guard let number = Int(text) else {
      throw .badRequest("InvalidParameter", "\(name) must be a whole number, not \"\(text)\".")
    }
    return number
  }

  func id(_ name: String) throws(APIError) -> RowID? {
    guard let text = self[name] else { return nil }
    guard let number = Int64(text), RowID(number).isValid else {
      throw .badRequest("InvalidParameter", "\(name) must be an id, not \"\(text)\".")
    }
    return RowID(number)
  }

  func instant(_ name: String) throws(APIError) -> Instant? {
    guard let text = self[name] else { return nil }
    guard let instant = WireTime.parse(text) else {
      throw .badRequest(
        "InvalidParameter", "\(name) must be a time such as \(WireTime.example), not \"\(text)\".")
    }
    return instant
  }

  func office(_ name: String = "office") throws(APIError) -> OfficeID? {
    guard let code = self[name] else { return nil }
    guard OfficeID(code).isValid else {
      throw .badRequest("InvalidParameter", "\"\(code)\" is no office code.")
    }
    return OfficeID(code)
  }

  /// Whether `sort_order=asc`; nil where nothing is said.
  func ascending(_ name: String = "sort_order") throws(APIError) -> Bool? {
    switch self[name]?.lowercased() {
    case nil: return nil
    case "asc": return true
    case "desc": return false
    case let other?:
      throw .badRequest("InvalidParameter", "\(name) must be asc or desc, not \"\(other)\".")
    }
  }

  /// The ids of `ids=1,2,3`, each once, at most ``APILimits/bulkRows``.
  func ids(_ name: String = "ids") throws(APIError) -> [RowID] {
    let parts = (self[name] ?? "").split { $0 == "," || $0 == " " }
    guard parts.count <= APILimits.bulkRows else {
      throw .tooManyValues("\(name) holds \(parts.count) ids; at most \(APILimits.bulkRows) go.")
    }
    var ids: [RowID] = []
    for part in parts {
      guard let number = Int64(part), RowID(number).isValid else {
        throw .badRequest("InvalidParameter", "\(name): \"\(part)\" is not an id.")
      }
      let id = RowID(number)
      if !ids.contains(id) { ids.append(id) }
    }
    return ids
  }

  /// Nil where absent. An empty one has no row: as no filter it would find all of them.
  func externalID() throws(APIError) -> String? {
    guard has("external_id") else { return nil }
    guard let id = self["external_id"] else {
      throw .badRequest(
        "InvalidParameter", "external_id is empty; give an id, or leave it out for all.")
    }
    return id
  }

  /// The ids of `external_ids=a,b`, each once, at most ``APILimits/bulkRows``; nil where absent.
  func externalIDs() throws(APIError) -> [String]? {
    guard let text = self["external_ids"] else { return nil }
    var ids: [String] = []
    for id in text.split(separator: ",").map(String.init) where !ids.contains(id) {
      guard ids.count < APILimits.bulkRows else {
        throw .tooManyValues("external_ids holds more than \(APILimits.bulkRows) ids.")
      }
      ids.append(id)
    }
    return ids
  }

  /// `true` or `false`; nil where absent.
  func flag(_ name: String) throws(APIError) -> Bool? {
    switch self[name]?.lowercased() {
    case nil: return nil
    case "true": return true
    case "false": return false
    case let other?:
      throw .badRequest("InvalidParameter", "\(name) must be true or false, not \"\(other)\".")
    }
  }

  /// The parts of `include=users,groups`.
  var includes: Set<String> {
    Set((self["include"] ?? "").split { $0 == "," || $0 == " " }.map(String.init))
  }

  /// `sort=-created_at` or `sort_order=desc`, for lists that go by time.
  func isNewestFirst() throws(APIError) -> Bool {
    let isDescending = try ascending() == false
    return isDescending || self["sort"]?.hasPrefix("-") == true
  }

  private static func decode(_ text: Substring) throws(APIError) -> String {
    let spaced = text.replacing("+", with: " ")
    guard let plain = String(spaced).removingPercentEncoding else {
      throw .badRequest("InvalidParameter", "The query string holds a wrong %-escape: \(text)")
    }
    return plain
  }
}
