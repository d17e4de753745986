// Says where a body stops being JSON, so that a person can find it.

internal import Foundation

enum JSONFault {
  /// The place and the reason. JSONDecoder tells no place on Linux, JSONSerialization does.
  static func describe(_ error: DecodingError, in bytes: [UInt8]) -> String {
    let path: [any CodingKey]
    let reason: String
    switch error {
    case .typeMismatch(_, let context), .valueNotFound(_, let context),
      .keyNotFound(_, let context), .dataCorrupted(let context):
      path = context.codingPath
      reason = context.debugDescription
    @unknown default:
      path = []
      reason = "it could not be read"
    }
    if !path.isEmpty {
      let place = path.map(\.stringValue).joined(separator: ".")
      return "The body is not valid JSON at \(place.prefix(100)): \(reason)"
    }
    do {
      _ = try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
      return "The body is not valid JSON: \(reason)"
    } catch {
      let told = (error as NSError).userInfo[NSDebugDescriptionErrorKey] as? String ?? reason
      guard let match = told.firstMatch(of: #/ around character (\d+)\.?/#),
        let offset = Int(match.output.1), offset <= bytes.count
      else { return "The body is not valid JSON: \(told)" }
      let before = bytes[..<offset]
      let line = before.count { $0 == UInt8(ascii: "\n") } + 1
      let column = offset - (before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0) + 1
      let what = told.replacing(match.output.0, with: "")
      return "The body is not valid JSON at line \(line), column \(column): \(what)."
    }
  }

  /// The offset of the first byte that is not UTF-8.
  static func wrongByte(_ bytes: [UInt8]) -> Int {
    var offset = 0
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    while true {
      switch decoder.decode(&iterator) {
      case .scalarValue(let scalar): offset += UTF8.width(scalar)
      case .emptyInput, .error: return offset
      }
    }
  }
}
