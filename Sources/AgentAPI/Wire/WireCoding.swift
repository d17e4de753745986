// Reports travel with snake_case names; these coders say so once, for the node and for the CLI.

package import Foundation

package enum WireCoding {
  /// Writes `ticketID` as `ticket_id`; keys in alphabetical order.
  package static func encoder() -> JSONEncoder {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return encoder
  }

  /// Reads what ``encoder()`` writes.
  package static func decoder() -> JSONDecoder {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .custom { path in
      WireKey(stringValue: camelCase(path.last?.stringValue ?? ""))
    }
    return decoder
  }

  private static func camelCase(_ name: String) -> String {
    let words = name.split(separator: "_").map(String.init)
    guard let first = words.first else { return name }
    return first
      + words.dropFirst().map { $0 == "id" ? "ID" : $0.prefix(1).uppercased() + $0.dropFirst() }
      .joined()
  }

  private struct WireKey: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}
