// Why a file of settings or a roster cannot be read, in words for the one who wrote it.

internal import TOMLKit

/// Names the place in the file, and what must stand there.
package enum FileFault {
  /// Such as `shifts[2].start: must be a text`.
  package static func words(_ error: any Error) -> String {
    switch error {
    case let fault as TOMLText.TextFault: fault.description
    case let fault as TOMLParseError:
      "line \(fault.source.begin.line), column \(fault.source.begin.column): \(fault.description)"
    case DecodingError.keyNotFound(let key, let context): missing(key, context)
    case DecodingError.typeMismatch(let type, let context),
      DecodingError.valueNotFound(let type, let context):
      place(context.codingPath) + "must be \(kind("\(type)"))"
    case DecodingError.dataCorrupted(let context):
      place(context.codingPath) + context.debugDescription
    default: "\(error)"
    }
  }

  /// The TOML library says the same of a value that is missing and of one of another kind, and puts
  /// the key at the end of the path itself.
  private static func missing(_ key: any CodingKey, _ context: DecodingError.Context) -> String {
    let isNamed = context.codingPath.last?.stringValue == key.stringValue
    let path = isNamed ? context.codingPath : context.codingPath + [key]
    let quoted = context.debugDescription.split(separator: "\"")
    guard isNamed, quoted.count > 1, quoted[0] == "A " else {
      return place(path) + "is missing"
    }
    return place(path) + "must be there, as \(kind(String(quoted[1])))"
  }

  private static func place(_ path: [any CodingKey]) -> String {
    let text = path.reduce("") { text, key in
      if let index = key.intValue { return "\(text)[\(index)]" }
      return text.isEmpty ? key.stringValue : "\(text).\(key.stringValue)"
    }
    return text.isEmpty ? "" : text + ": "
  }

  private static func kind(_ type: String) -> String {
    if type.hasPrefix("Array<") || type == "TOMLArray" || type.hasPrefix("[") {
      return "a list, such as [\"a\", \"b\"]"
    }
    return switch type {
    case "String": "a text in quotes"
    case "Bool": "true or false"
    case "Double", "Float": "a number"
    case _ where type.hasPrefix("Int") || type.hasPrefix("UInt"): "a whole number"
    case _ where type.hasPrefix("Dictionary<") || type == "TOMLTable": "a table"
    default: "another kind of value"
    }
  }
}
