// Batches travel compressed; the receiver knows the size before it allocates.

internal import CZlib

/// RFC 1950 streams through the system's zlib, whole buffers at a time.
enum Zlib {
  /// The compressed form at zlib's fastest level; nil where it would not be smaller.
  static func deflate(_ plain: [UInt8]) -> [UInt8]? {
    var length = compressBound(uLong(plain.count))
    var status = Z_OK
    let packed = [UInt8](unsafeUninitializedCapacity: Int(length)) { buffer, count in
      status = compress2(
        buffer.baseAddress, &length, plain, uLong(plain.count), Z_BEST_SPEED)
      count = status == Z_OK ? Int(length) : 0
    }
    return status == Z_OK && packed.count < plain.count ? packed : nil
  }

  /// Exactly `size` bytes out of all of `packed`; anything else is an error. The caller has
  /// checked `size` against its limit; no more than that is allocated.
  static func inflate(_ packed: [UInt8], size: Int) throws(WireError) -> [UInt8] {
    var status = Z_OK
    var length = uLong(size)
    var consumed = uLong(packed.count)
    // A buffer of 0 bytes has no address, and zlib wants one.
    let plain = [UInt8](unsafeUninitializedCapacity: max(size, 1)) { buffer, count in
      status = uncompress2(buffer.baseAddress, &length, packed, &consumed)
      count = status == Z_OK ? Int(length) : 0
    }
    switch status {
    case Z_OK where plain.count == size && consumed == packed.count: return plain
    case Z_OK: throw .badCompression("it inflates to \(plain.count) bytes, not to \(size)")
    case Z_BUF_ERROR: throw .badCompression("it is cut short, or inflates beyond \(size) bytes")
    case Z_DATA_ERROR: throw .badCompression("the zlib stream is broken or incomplete")
    default: throw .badCompression("zlib error \(status)")
    }
  }
}
