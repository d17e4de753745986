// Makes gzip files for the tests.

internal import CZlib

/// One gzip member with these bytes.
func gzip(_ bytes: [UInt8]) -> [UInt8] {
  let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  stream.initialize(to: z_stream())
  defer { stream.deallocate() }
  // 16 more than the greatest window asks for the gzip format.
  deflateInit2_(
    stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
    Int32(MemoryLayout<z_stream>.size))
  defer { deflateEnd(stream) }
  var input = bytes
  return input.withUnsafeMutableBufferPointer { source in
    [UInt8](unsafeUninitializedCapacity: source.count + 1_024) { target, count in
      stream.pointee.next_in = source.baseAddress
      stream.pointee.avail_in = UInt32(source.count)
      stream.pointee.next_out = target.baseAddress
      stream.pointee.avail_out = UInt32(target.count)
      deflate(stream, Z_FINISH)
      count = target.count - Int(stream.pointee.avail_out)
    }
  }
}

/// Bytes that hardly compress, the same in every run.
func noise(_ count: Int) -> [UInt8] {
  var state: UInt64 = 0x9E37_79B9_7F4A_7C15
  return (0..<count).map { _ in
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return UInt8(truncatingIfNeeded: state)
  }
}
