// One message, one frame: the outermost layer, common to all types.

internal import FoundationEssentials
package import ReplicaCore
internal import SwiftProtobuf

/// Messages to frame bytes (without the length prefix) and back.
package enum FrameCodec {
  /// The frame of `message`; throws where it would be over a limit of the receiver.
  package static func encode(_ message: SyncMessage) throws(WireError) -> [UInt8] {
    var v1 = WireFrameV1()
    v1.body = try body(of: message)
    var frame = WireFrame()
    frame.version = .v1(v1)
    let bytes = try serialize(frame)
    guard bytes.count <= LinkLimits.frameBytes else {
      throw .frameTooLarge(bytes: bytes.count, limit: LinkLimits.frameBytes)
    }
    return bytes
  }

  /// The message in a frame; never traps, whatever the bytes.
  package static func decode(_ bytes: [UInt8]) throws(WireError) -> SyncMessage {
    guard bytes.count <= LinkLimits.frameBytes else {
      throw .frameTooLarge(bytes: bytes.count, limit: LinkLimits.frameBytes)
    }
    guard !bytes.isEmpty else { throw .emptyFrame }
    let frame: WireFrame = try parse(bytes)
    guard case .v1(let v1) = frame.version else { throw .unknownVersion }
    guard let body = v1.body else { throw .unknownMessage }
    return try message(of: body)
  }

  static func encodeJoin(_ body: WireJoinFrameV1.OneOf_Body) throws(WireError) -> [UInt8] {
    var v1 = WireJoinFrameV1()
    v1.body = body
    var frame = WireJoinFrame()
    frame.version = .v1(v1)
    let bytes = try serialize(frame)
    guard bytes.count <= LinkLimits.joinFrameBytes else {
      throw .frameTooLarge(bytes: bytes.count, limit: LinkLimits.joinFrameBytes)
    }
    return bytes
  }

  static func decodeJoin(_ bytes: [UInt8]) throws(WireError) -> WireJoinFrameV1.OneOf_Body {
    let frame: WireJoinFrame = try parse(bytes)
    guard case .v1(let v1) = frame.version else { throw .unknownVersion }
    guard let body = v1.body else { throw .unknownMessage }
    return body
  }

  static func serialize(_ message: some SwiftProtobuf.Message) throws(WireError) -> [UInt8] {
    do {
      return try message.serializedBytes()
    } catch {
      throw .malformed("it cannot be written: \(error)")
    }
  }

  static func parse<Body: SwiftProtobuf.Message>(_ bytes: [UInt8]) throws(WireError) -> Body {
    var options = BinaryDecodingOptions()
    options.messageDepthLimit = 6
    do {
      return try Body(serializedBytes: bytes, options: options)
    } catch {
      throw .malformed("\(error)")
    }
  }
}

extension Data {
  /// The bytes as the core keeps them.
  var array: [UInt8] { Array(self) }
}
