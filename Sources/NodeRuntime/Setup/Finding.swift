// What `helio doctor` looks at and how it judged.

/// One check of the doctor.
package struct Finding: Hashable, Sendable, Codable {
  package enum Level: String, Hashable, Sendable, Codable {
    case fine
    case warning
    case bad
  }

  /// A short stable name, such as `key_permissions`.
  package var check: String
  package var level: Level
  package var message: String
  /// The command or act that mends it; empty where all is fine.
  package var hint: String

  package init(_ check: String, _ level: Level, _ message: String, hint: String = "") {
    self.check = check
    self.level = level
    self.message = message
    self.hint = hint
  }
}
