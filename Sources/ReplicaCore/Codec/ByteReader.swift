// Reads the canonical byte form; every malformed input is a typed error, never a trap.

/// Why bytes could not be read.
package enum CodecError: Error, Hashable, Sendable {
  case truncated
  case overlongInteger
  case invalidUTF8
  case unknownTag(UInt8)
  case trailingBytes(Int)
  case countOverLimit(UInt64)
  case nonCanonical(String)
}

/// A cursor over bytes, the reverse of ``ByteWriter``.
package struct ByteReader: Sendable {
  private let bytes: [UInt8]
  package private(set) var position: Int
  private let end: Int

  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
    position = 0
    end = bytes.count
  }

  package var remaining: Int { end - position }
  package var isAtEnd: Bool { position == end }

  package mutating func byte() throws(CodecError) -> UInt8 {
    guard position < end else { throw .truncated }
    defer { position += 1 }
    return bytes[position]
  }

  package mutating func varint() throws(CodecError) -> UInt64 {
    var result: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      let next = try byte()
      guard shift < 63 || next <= 1 else { throw .overlongInteger }
      result |= UInt64(next & 0x7F) << shift
      if next & 0x80 == 0 {
        guard next != 0 || shift == 0 else { throw .overlongInteger }
        return result
      }
      shift += 7
      guard shift <= 63 else { throw .overlongInteger }
    }
  }

  package mutating func signed() throws(CodecError) -> Int64 {
    let value = try varint()
    return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
  }

  package mutating func raw(_ count: Int) throws(CodecError) -> [UInt8] {
    guard count >= 0, remaining >= count else { throw .truncated }
    defer { position += count }
    return Array(bytes[position..<position + count])
  }

  package mutating func blob() throws(CodecError) -> [UInt8] {
    let count = try varint()
    guard count <= UInt64(remaining) else { throw .truncated }
    return try raw(Int(count))
  }

  package mutating func text() throws(CodecError) -> String {
    let count = try varint()
    guard count <= UInt64(remaining) else { throw .truncated }
    let slice = bytes[position..<position + Int(count)]
    guard let value = String(validating: slice, as: UTF8.self) else { throw .invalidUTF8 }
    position += Int(count)
    return value
  }

  /// An element count: never more than the bytes left, so a lying count cannot allocate.
  package mutating func count() throws(CodecError) -> Int {
    let value = try varint()
    guard value <= UInt64(remaining) else { throw .countOverLimit(value) }
    return Int(value)
  }

  package func finish() throws(CodecError) {
    guard isAtEnd else { throw .trailingBytes(remaining) }
  }
}
