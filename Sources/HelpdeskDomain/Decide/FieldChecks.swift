// Checks input field by field and collects every problem, so that a person can mend all at once.

internal import ReplicaCore

/// Collects problems of one command's input.
struct FieldChecks {
  private(set) var problems: [FieldProblem] = []

  mutating func add(_ field: String, _ code: FieldProblem.Code, _ message: String) {
    problems.append(FieldProblem(field, code, message))
  }

  /// Throws where anything was found.
  func finish() throws(Refusal) {
    guard problems.isEmpty else { throw .invalid(problems) }
  }

  /// Text that must say something, at most `maximum` characters.
  mutating func name(_ text: String, _ field: String, maximum: Int = DeskLimits.nameCharacters) {
    if text.allSatisfy(\.isWhitespace) {
      add(field, .blankValue, "\(field): cannot be blank; give it a text")
    }
    characters(text, field, maximum: maximum)
  }

  mutating func characters(_ text: String, _ field: String, maximum: Int) {
    let count = text.unicodeScalars.count
    guard count > maximum else { return }
    add(
      field, .tooLong,
      "\(field): has \(count) characters, at most \(maximum) are allowed; shorten it")
  }

  mutating func bytes(_ text: String, _ field: String, maximum: Int) {
    let count = text.utf8.count
    guard count > maximum else { return }
    add(
      field, .tooLong,
      "\(field): has \(count) bytes, at most \(maximum) are allowed; shorten or split it")
  }

  mutating func optional(
    _ change: Change<String>, _ field: String, maximum: Int = DeskLimits.nameCharacters
  ) {
    if case .set(let text) = change { characters(text, field, maximum: maximum) }
  }

  /// One of a list of words; returns the lower-case word where it is. Who wants none, where there may
  /// be none (`orNull`), is told how to say so.
  mutating func word(
    _ text: String, _ field: String, of allowed: [String], orNull: Bool = false
  ) -> String? {
    let word = text.lowercased()
    if allowed.contains(word) { return word }
    add(
      field, .invalidValue,
      "\(field): '\(text.prefix(64))' is not one of \(allowed.joined(separator: ", "))"
        + (orNull ? "; null clears it" : ""))
    return nil
  }

  mutating func missing(_ field: String, _ kind: String, _ id: RowID) {
    add(field, .recordNotFound, "\(field): there is no \(kind) \(id) on this node")
  }

  /// The address in lower case; nil, with a problem, where it cannot be one.
  mutating func email(_ text: String, _ field: String = "email") -> String? {
    let address = text.trimmed.lowercased()
    let parts = address.split(separator: "@", omittingEmptySubsequences: false)
    let isPlain = address.unicodeScalars.allSatisfy {
      !$0.properties.isWhitespace && $0.value > 0x20 && $0.value != 0x7F
    }
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, isPlain else {
      add(field, .invalidValue, "\(field): '\(text.prefix(64))' is not properly formatted")
      return nil
    }
    characters(address, field, maximum: DeskLimits.emailCharacters)
    return address
  }

  /// Tags in their normal form, without repeats.
  mutating func tags(_ raw: [String], _ field: String = "tags") -> [Value] {
    var result: [Value] = []
    var known: Set<String> = []
    for text in raw {
      let tag = TagForm.normal(text)
      guard !tag.isEmpty, known.insert(tag).inserted else { continue }
      characters(tag, field, maximum: DeskLimits.tagCharacters)
      result.append(.text(tag))
    }
    if result.count > DeskLimits.tags {
      add(
        field, .tooLong,
        "\(field): has \(result.count) tags, at most \(DeskLimits.tags) are allowed")
    }
    return result
  }
}

/// The normal form of a tag: lower case, outer spaces dropped, inner ones as underscores.
package enum TagForm {
  package static func normal(_ text: String) -> String {
    String(text.trimmed.lowercased().map { $0.isWhitespace ? "_" : $0 })
  }
}

extension String {
  /// Without white space at both ends.
  var trimmed: String {
    guard let first = firstIndex(where: { !$0.isWhitespace }),
      let last = lastIndex(where: { !$0.isWhitespace })
    else { return "" }
    return String(self[first...last])
  }
}
