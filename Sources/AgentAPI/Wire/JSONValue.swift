// Bodies are read into plain JSON first, because absent, null and a value mean three things.

internal import Foundation

enum JSONValue: Hashable, Sendable, Decodable {
  case null
  case bool(Bool)
  case integer(Int64)
  case double(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  init(from decoder: any Decoder) throws {
    guard decoder.codingPath.count <= APILimits.jsonDepth else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "nested deeper than \(APILimits.jsonDepth) levels"))
    }
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Int64.self) {
      self = .integer(value)
    } else if let value = try? container.decode(Double.self) {
      self = .double(value)
    } else if let keys = try? decoder.container(keyedBy: AnyKey.self) {
      var members: [String: JSONValue] = [:]
      for key in keys.allKeys {
        members[key.stringValue] = try keys.decode(JSONValue.self, forKey: key)
      }
      self = .object(members)
    } else {
      var elements = try decoder.unkeyedContainer()
      var values: [JSONValue] = []
      while !elements.isAtEnd { values.append(try elements.decode(JSONValue.self)) }
      self = .array(values)
    }
  }

  /// What the value is, for a message.
  var kind: String {
    switch self {
    case .null: "null"
    case .bool: "true or false"
    case .integer, .double: "a number"
    case .string: "a text"
    case .array: "a list"
    case .object: "an object"
    }
  }

  /// The value itself where it is short, else what it is; for a message.
  var shown: String {
    switch self {
    case .bool(let flag): "\(flag)"
    case .integer(let number): "\(number)"
    case .double(let number): "\(number)"
    case .string(let text) where text.utf8.count <= 40: "\"\(text)\""
    case .null, .string, .array, .object: kind
    }
  }

  private struct AnyKey: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}

extension JSONValue {
  /// Reads a body. Throws 400 with the place of the fault.
  static func parse(_ bytes: [UInt8]) throws(APIError) -> JSONValue {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .badRequest(
        "InvalidUTF8",
        "The body is not UTF-8 (first wrong byte at offset \(JSONFault.wrongByte(bytes))).")
    }
    if text.allSatisfy(\.isWhitespace) {
      throw .badRequest("EmptyBody", "The body is empty; send a JSON object.")
    }
    do {
      return try JSONDecoder().decode(JSONValue.self, from: Data(bytes))
    } catch let error as DecodingError {
      throw .badRequest("InvalidJSON", JSONFault.describe(error, in: bytes))
    } catch {
      throw .badRequest("InvalidJSON", "The body is not JSON.")
    }
  }
}
