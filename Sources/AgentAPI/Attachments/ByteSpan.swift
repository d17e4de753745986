// The part of a file that a request asks for (RFC 9110 §14): one range, or all of it.

/// Bytes from `start`, `count` of them.
struct ByteSpan: Equatable {
  var start: UInt64
  var count: UInt64

  enum Answer: Equatable {
    case whole
    case part(ByteSpan)
    /// The range lies outside of the file.
    case unsatisfiable
  }

  /// What a Range header asks of a file of `size` bytes. Several ranges, other units and what
  /// cannot be read are answered with the whole, as the RFC allows.
  static func asked(_ header: String?, size: UInt64) -> Answer {
    guard let header, header.hasPrefix("bytes=") else { return .whole }
    let parts = header.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.utf8.allSatisfy(isDigit) }) else {
      return .whole
    }
    switch (UInt64(parts[0]), UInt64(parts[1])) {
    case (nil, nil): return .whole
    case (nil, let last?):
      guard parts[0].isEmpty else { return .whole }
      guard last > 0, size > 0 else { return .unsatisfiable }
      let count = min(last, size)
      return .part(ByteSpan(start: size - count, count: count))
    case (let first?, let last):
      guard last != nil || parts[1].isEmpty else { return .whole }
      guard first < size else { return .unsatisfiable }
      let end = min(last ?? size - 1, size - 1)
      guard first <= end else { return .whole }
      return .part(ByteSpan(start: first, count: end - first + 1))
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
