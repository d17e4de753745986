// What an operator pastes: invite tokens.

import ReplicaCore

@testable import ClusterTrust

extension FuzzTarget {
  static func token(_ input: [UInt8]) throws(BrokenLaw) {
    let text: String
    if let first = input.first, first < 0x20 {
      text = sealed(Array(input.dropFirst()))
    } else {
      guard let given = String(validating: input, as: UTF8.self) else { return }
      text = given
    }
    guard let invite = try? Invite.parse(text, now: .zero) else { return }
    let again = try? Invite.parse(invite.token, now: .zero)
    try BrokenLaw.unless(again, invite, "a token reads as it was written")
  }

  /// A token around any content, its length and check sum right: chance would not find them.
  static func sealed(_ content: [UInt8]) -> String {
    var writer = ByteWriter()
    writer.blob(content)
    let sum = Digest.sha256(Array("heliotrope-token-1".utf8), content)
    writer.raw(sum.bytes.prefix(8))
    return "helio1." + Base64URL.encode(writer.bytes)
  }
}
