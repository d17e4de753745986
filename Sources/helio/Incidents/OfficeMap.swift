// Which office an assignment group belongs to, where the importer's own rule shall not decide.

internal import Foundation
internal import ReplicaCore

/// Assignment group → office code.
enum OfficeMap {
  /// Reads `Group 70=paris,Group 20=singapore`, or the file of that name with one pair per line
  /// (empty lines and lines that begin with # say nothing).
  static func read(_ text: String) throws(Failure) -> [String: String] {
    guard FileManager.default.fileExists(atPath: text) else {
      guard text.contains("=") else {
        throw Failure(
          .usage, "\"\(text)\" is neither a file nor a list of GROUP=office.",
          hint: "Write --office-map 'Group 70=paris,Group 20=singapore', or name a file.")
      }
      return try parse(text.split(separator: ",").map(String.init))
    }
    let lines = try TextFile.read(text).split(whereSeparator: \.isNewline).map(String.init)
    return try parse(lines.filter { !$0.hasPrefix("#") })
  }

  static func parse(_ pairs: [String]) throws(Failure) -> [String: String] {
    var map: [String: String] = [:]
    for pair in pairs {
      let trimmed = pair.trimmingCharacters(in: .whitespaces)
      if trimmed.isEmpty { continue }
      // Office codes hold no "=", group names may.
      guard let sign = trimmed.lastIndex(of: "=") else { throw wrong(trimmed, "it has no =") }
      let group = trimmed[..<sign].trimmingCharacters(in: .whitespaces)
      let office = trimmed[trimmed.index(after: sign)...].trimmingCharacters(in: .whitespaces)
      guard !group.isEmpty else { throw wrong(trimmed, "it names no group") }
      guard OfficeID(office).isValid else {
        throw wrong(trimmed, "an office code has 1 to 32 characters of a-z, 0-9 and -")
      }
      if let other = map[group], other != office {
        throw wrong(trimmed, "the group is mapped to \(other) already")
      }
      map[group] = office
    }
    return map
  }

  private static func wrong(_ pair: String, _ why: String) -> Failure {
    Failure(
      .usage, "The office map's \"\(pair)\" cannot be used: \(why).",
      hint: "Write GROUP=office, such as Group 70=paris.")
  }
}
