// Logs come gzipped; they are unpacked as they are read (RFC 1952, several members too).

internal import CZlib

/// Unpacks another source. Knows a file that breaks off from one that ends.
final class GzipSource: ByteSource {
  /// The first two bytes of every gzip file.
  static let magic: [UInt8] = [0x1F, 0x8B]
  /// Bytes of one piece.
  static let pieceBytes = 256 << 10
  /// Window bits of the greatest window; 16 more tell zlib to expect gzip.
  private static let windowBits: Int32 = 15 + 16

  private var packed: any ByteSource
  private let name: String
  /// On the heap, since zlib checks that the stream stays where it was.
  private let stream: UnsafeMutablePointer<z_stream>
  private var input: [UInt8] = []
  private var position = 0
  /// Within a member, its end not yet seen.
  private var isInMember = false
  private var unpacked: Int64 = 0

  var consumed: Int64 { packed.consumed }

  init(_ packed: any ByteSource, name: String) throws(Failure) {
    self.packed = packed
    self.name = name
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let status = inflateInit2_(
      stream, Self.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else {
      throw Failure(.failed, "zlib cannot be used (code \(status)).", hint: "Update zlib1g.")
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  func next() throws(Failure) -> [UInt8]? {
    while true {
      if position == input.count {
        guard let piece = try packed.next() else {
          guard !isInMember else {
            throw broken("breaks off after \(unpacked) unpacked bytes")
          }
          return nil
        }
        input = piece
        position = 0
      }
      let piece = try inflateOnce()
      if !piece.isEmpty {
        unpacked += Int64(piece.count)
        return piece
      }
    }
  }

  private func inflateOnce() throws(Failure) -> [UInt8] {
    isInMember = true
    let offset = position
    var status: Int32 = Z_OK
    var left = 0
    let piece = input.withUnsafeMutableBufferPointer { source in
      [UInt8](unsafeUninitializedCapacity: Self.pieceBytes) { target, count in
        stream.pointee.next_in = source.baseAddress.map { $0 + offset }
        stream.pointee.avail_in = UInt32(source.count - offset)
        stream.pointee.next_out = target.baseAddress
        stream.pointee.avail_out = UInt32(target.count)
        status = inflate(stream, Z_NO_FLUSH)
        left = Int(stream.pointee.avail_in)
        count = target.count - Int(stream.pointee.avail_out)
      }
    }
    position = input.count - left
    switch status {
    case Z_OK, Z_BUF_ERROR: break
    case Z_STREAM_END:
      isInMember = false
      inflateReset(stream)
    default:
      throw broken("is damaged after \(unpacked) unpacked bytes (zlib code \(status))")
    }
    return piece
  }

  private func broken(_ what: String) -> Failure {
    Failure(
      .failed, "The gzip file \(name) \(what).",
      hint: "What was before that is imported. Get the whole file and run the same command again: "
        + "rows that are there already add nothing.")
  }
}
