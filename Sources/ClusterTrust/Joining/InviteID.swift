// An invite is named by a random number, so that nothing is counted or guessed.

/// 128 random bits.
package struct InviteID: Hashable, Comparable, Sendable, CustomStringConvertible {
  package static let byteCount = 16
  package let bytes: [UInt8]

  /// Nil where there are not 16 bytes.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count == Self.byteCount else { return nil }
    self.bytes = bytes
  }

  init(using random: inout some RandomNumberGenerator) { bytes = random.bytes(Self.byteCount) }

  /// 32 hexadecimal digits.
  package var description: String {
    bytes.map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }

  package static func < (left: InviteID, right: InviteID) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }
}
