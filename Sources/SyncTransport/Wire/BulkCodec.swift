// Messages of a bulk connection to frame bytes and back; every number is checked before it is used.

internal import FoundationEssentials
package import ReplicaCore
internal import SwiftProtobuf

/// The frames of `helio-bulk/1`.
package enum BulkCodec {
  /// The frame of `message`, without its length. Throws where it would be over the limit.
  package static func encode(_ message: BulkMessage) throws(WireError) -> [UInt8] {
    var v1 = WireBulkFrameV1()
    switch message {
    case .request(let range):
      v1.request = .with {
        $0.hash = Data(range.key.hash.bytes)
        $0.size = range.key.size
        $0.offset = range.offset
        $0.length = UInt32(clamping: range.length)
      }
    case .chunk(let hash, let offset, let bytes):
      v1.chunk = .with {
        $0.hash = Data(hash.bytes)
        $0.offset = offset
        $0.bytes = Data(bytes)
      }
    case .refused(let hash, let reason):
      v1.refused = .with {
        $0.hash = Data(hash.bytes)
        $0.reason = UInt32(reason.rawValue)
      }
    }
    var frame = WireBulkFrame()
    frame.v1 = v1
    let bytes = try FrameCodec.serialize(frame)
    guard bytes.count <= LinkLimits.frameBytes else {
      throw .frameTooLarge(bytes: bytes.count, limit: LinkLimits.frameBytes)
    }
    return bytes
  }

  /// The message in a frame; never traps, whatever the bytes.
  package static func decode(_ bytes: [UInt8]) throws(WireError) -> BulkMessage {
    guard bytes.count <= LinkLimits.frameBytes else {
      throw .frameTooLarge(bytes: bytes.count, limit: LinkLimits.frameBytes)
    }
    guard !bytes.isEmpty else { throw .emptyFrame }
    let frame: WireBulkFrame = try FrameCodec.parse(bytes)
    guard case .v1(let v1) = frame.version else { throw .unknownVersion }
    switch v1.body {
    case .request(let wire): return .request(try range(wire))
    case .chunk(let wire):
      guard wire.bytes.count <= Limits.bulkChunkBytes else {
        throw .tooMany(
          what: "bytes of a file", count: wire.bytes.count, limit: Limits.bulkChunkBytes)
      }
      return .chunk(
        hash: try Columns.digest(wire.hash.array, "a chunk's hash"), offset: wire.offset,
        bytes: wire.bytes.array)
    case .refused(let wire):
      guard let reason = UInt8(exactly: wire.reason).flatMap(BulkRefusal.init(rawValue:)) else {
        throw .malformed("a refusal has the unknown reason \(wire.reason)")
      }
      return .refused(hash: try Columns.digest(wire.hash.array, "a refusal's hash"), reason)
    case nil: throw .unknownMessage
    }
  }

  private static func range(_ wire: WireBlobRequest) throws(WireError) -> BlobRange {
    let hash = try Columns.digest(wire.hash.array, "a request's hash")
    let key = BlobKey(hash: hash, size: wire.size)
    let range = BlobRange(key: key, offset: wire.offset, length: Int(wire.length))
    guard range.isSound else {
      throw .malformed(
        "a request asks for \(wire.length) bytes at \(wire.offset) of a file of \(wire.size)")
    }
    return range
  }
}
