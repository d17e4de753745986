// A file's bytes are known by their hash: the same bytes are kept and sent once.

/// Names the bytes of one attached file.
package struct BlobKey: Hashable, Sendable, CustomStringConvertible {
  /// SHA-256 of the whole.
  package var hash: Digest
  /// Bytes of the whole.
  package var size: UInt64

  package init(hash: Digest, size: UInt64) {
    self.hash = hash
    self.size = size
  }

  package var description: String { "\(hash) (\(size) bytes)" }
}

/// A piece of a file that one node asks another for.
package struct BlobRange: Hashable, Sendable {
  package var key: BlobKey
  package var offset: UInt64
  /// 1 to ``Limits/bulkChunkBytes`` bytes.
  package var length: Int

  package init(key: BlobKey, offset: UInt64, length: Int) {
    self.key = key
    self.offset = offset
    self.length = length
  }

  /// Whether such a range can be asked for at all.
  package var isSound: Bool {
    length > 0 && length <= Limits.bulkChunkBytes && key.size <= Limits.attachmentBytes
      && offset <= key.size && UInt64(length) <= key.size - offset
  }
}

extension Digest {
  /// From lowercase or uppercase hex; nil where that is not 64 digits.
  package init?(hex: String) {
    let digits = Array(hex.utf8)
    guard digits.count == 2 * Self.length else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let high = Self.nibble(digits[index]), let low = Self.nibble(digits[index + 1]) else {
        return nil
      }
      bytes.append(high << 4 | low)
    }
    self.init(bytes)
  }

  private static func nibble(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
