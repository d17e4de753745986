// Values of conditions and actions, as the compatible API writes them.

internal import Foundation
package import ReplicaCore

/// A JSON value without objects; a fraction is kept as its text.
package enum PlainJSON: Hashable, Sendable, Codable {
  case null
  case flag(Bool)
  case number(Int64)
  case text(String)
  case list([PlainJSON])

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else if let flag = try? container.decode(Bool.self) {
      self = .flag(flag)
    } else if let number = try? container.decode(Int64.self) {
      self = .number(number)
    } else if let fraction = try? container.decode(Double.self) {
      self = .text("\(fraction)")
    } else {
      self = .list(try container.decode([PlainJSON].self))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .flag(let flag): try container.encode(flag)
    case .number(let number): try container.encode(number)
    case .text(let text): try container.encode(text)
    case .list(let elements): try container.encode(elements)
    }
  }

  /// What it says, one text for each element; null says nothing and is the empty text.
  package var texts: [String] {
    switch self {
    case .null: [""]
    case .flag(let flag): [flag ? "true" : "false"]
    case .number(let number): ["\(number)"]
    case .text(let text): [text]
    case .list(let elements): elements.flatMap(\.texts)
    }
  }

  /// The one text that it says; nil for a list of several or none.
  package var single: String? { texts.count == 1 ? texts[0] : nil }

  /// As a cell of a custom field holds it.
  package var cell: Value {
    switch self {
    case .null: .null
    case .flag(let flag): .integer(flag ? 1 : 0)
    case .number(let number): .integer(number)
    case .text(let text): text.isEmpty ? .null : .text(text)
    case .list: .text(CanonicalJSON.text(self))
    }
  }
}

/// JSON with sorted keys and no spaces, in which what a desk sets up is stored: equal contents
/// give equal bytes.
enum CanonicalJSON {
  static func text(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "null"
  }

  /// Nil where the text is not JSON of this form.
  static func read<T: Decodable>(_ type: T.Type, _ text: String) -> T? {
    try? JSONDecoder().decode(type, from: Data(text.utf8))
  }
}
