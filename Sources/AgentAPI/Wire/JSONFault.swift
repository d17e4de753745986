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
    if let offset = tooDeep(bytes) {
      return at(offset, bytes, "nested deeper than \(APILimits.jsonDepth) levels")
    }
    if !path.isEmpty {
      return "The body is not valid JSON at \(place(path).prefix(100)): \(reason)"
    }
    do {
      _ = try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
      return "The body is not valid JSON: \(reason)"
    } catch {
      let told = (error as NSError).userInfo[NSDebugDescriptionErrorKey] as? String ?? reason
      guard let match = told.firstMatch(of: #/ around character (\d+)\.?/#),
        let offset = Int(match.output.1), offset <= bytes.count
      else {
        // Without a place it is about the end: something is missing there.
        return at(bytes.count, bytes, told.hasSuffix(".") ? String(told.dropLast()) : told)
      }
      return at(offset, bytes, told.replacing(match.output.0, with: ""))
    }
  }

  private static func at(_ offset: Int, _ bytes: [UInt8], _ what: String) -> String {
    let before = bytes[..<offset]
    let line = before.count { $0 == UInt8(ascii: "\n") } + 1
    let column = offset - (before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0) + 1
    return "The body is not valid JSON at line \(line), column \(column): \(what)."
  }

  /// Such as `tickets[0].subject`.
  private static func place(_ path: [any CodingKey]) -> String {
    path.reduce(into: "") { place, key in
      if let index = key.intValue {
        place += "[\(index)]"
      } else {
        place += place.isEmpty ? key.stringValue : ".\(key.stringValue)"
      }
    }
  }

  /// Where an array or object begins that is nested deeper than allowed; nil where none is.
  private static func tooDeep(_ bytes: [UInt8]) -> Int? {
    var (depth, isText, isEscaped) = (0, false, false)
    for (offset, byte) in bytes.enumerated() {
      if isEscaped {
        isEscaped = false
        continue
      }
      switch byte {
      case UInt8(ascii: "\\") where isText: isEscaped = true
      case UInt8(ascii: "\""): isText.toggle()
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        if isText { continue }
        depth += 1
        if depth > APILimits.jsonDepth { return offset }
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        if !isText { depth -= 1 }
      default: break
      }
    }
    return nil
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
