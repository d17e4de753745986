// What peers send: frames and deltas.

import ReplicaCore
import SyncTransport

extension FuzzTarget {
  /// What was read can be written, and reads the same.
  static func frame(_ input: [UInt8]) throws(BrokenLaw) {
    try bulk(input)
    guard let message = try? FrameCodec.decode(input) else { return }
    let again: SyncMessage
    do {
      again = try FrameCodec.decode(try FrameCodec.encode(message))
    } catch { throw BrokenLaw("a message that was read cannot be written and read: \(error)") }
    try BrokenLaw.unless(again, message, "a frame reads as it was written")
    if case .batch(let batch) = message {
      for delta in batch.deltas { try canonical(body: delta.body, personal: delta.personal) }
    }
  }

  /// The same bytes as a frame of the exchange of files.
  private static func bulk(_ input: [UInt8]) throws(BrokenLaw) {
    guard let message = try? BulkCodec.decode(input) else { return }
    let again: BulkMessage
    do {
      again = try BulkCodec.decode(try BulkCodec.encode(message))
    } catch { throw BrokenLaw("a bulk message that was read cannot be written: \(error)") }
    try BrokenLaw.unless(again, message, "a bulk frame reads as it was written")
  }

  static func delta(_ input: [UInt8]) throws(BrokenLaw) {
    guard input.count >= 2 else { return }
    let rest = input.dropFirst(2)
    let length = min(Int(input[0]) | Int(input[1]) << 8, rest.count)
    try canonical(body: Array(rest.prefix(length)), personal: Array(rest.dropFirst(length)))
  }

  /// Deltas are hashed and signed: what is read is the one way to write it.
  private static func canonical(body: [UInt8], personal: [UInt8]) throws(BrokenLaw) {
    guard let delta = try? DeltaCodec.decode(body: body, personal: personal) else { return }
    let written = DeltaCodec.encode(delta)
    try BrokenLaw.unless(written.body, body, "a delta's body has one form")
    try BrokenLaw.unless(written.personal, personal, "personal values have one form")
    let header = try? DeltaCodec.decodeHeader(body: body)
    try BrokenLaw.unless(header, delta.header, "the header alone is that of the whole")
  }
}
