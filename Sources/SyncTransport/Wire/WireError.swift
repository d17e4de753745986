// What can be wrong with a frame, as a value: no input may trap.

/// Why a frame is not taken, or not sent.
package enum WireError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The length prefix (or the frame to send) is over the limit. Bytes.
  case frameTooLarge(bytes: Int, limit: Int)
  case emptyFrame
  /// Not the protobuf message it should be.
  case malformed(String)
  /// No version that this node speaks is in the frame.
  case unknownVersion
  /// The version is known, the message in it is not.
  case unknownMessage
  /// A batch says that it inflates beyond the limit. Bytes.
  case batchTooLarge(bytes: Int, limit: Int)
  /// The zlib stream is broken, or inflates to another size than the frame says.
  case badCompression(String)
  /// A list has more entries than its limit.
  case tooMany(what: String, count: Int, limit: Int)
  /// One delta is over its limit. Bytes.
  case deltaTooLarge(bytes: Int, limit: Int)

  /// One word for metrics.
  package var code: String {
    switch self {
    case .frameTooLarge: "frame_too_large"
    case .emptyFrame: "empty_frame"
    case .malformed: "malformed"
    case .unknownVersion: "unknown_version"
    case .unknownMessage: "unknown_message"
    case .batchTooLarge: "batch_too_large"
    case .badCompression: "bad_compression"
    case .tooMany: "too_many"
    case .deltaTooLarge: "delta_too_large"
    }
  }

  package var description: String {
    switch self {
    case .frameTooLarge(let bytes, let limit):
      "a frame of \(bytes) bytes is over the limit of \(limit) bytes"
    case .emptyFrame:
      "a frame of 0 bytes holds no message"
    case .malformed(let what):
      "the frame is malformed: \(what)"
    case .unknownVersion:
      "the frame holds no protocol version that this node speaks (it speaks 1)"
    case .unknownMessage:
      "the frame holds no message that protocol version 1 knows"
    case .batchTooLarge(let bytes, let limit):
      "a batch of \(bytes) bytes uncompressed is over the limit of \(limit) bytes"
    case .badCompression(let what):
      "the batch does not decompress: \(what)"
    case .tooMany(let what, let count, let limit):
      "\(count) \(what) in one frame are over the limit of \(limit)"
    case .deltaTooLarge(let bytes, let limit):
      "a delta of \(bytes) bytes is over the limit of \(limit) bytes"
    }
  }
}
