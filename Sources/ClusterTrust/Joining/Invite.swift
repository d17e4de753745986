// One line of text that lets one machine join one office once.

package import ReplicaCore

/// Why a token was not read. Nothing was sent anywhere.
package enum InviteError: Error, Hashable, Sendable {
  /// It does not begin with `helio1.`.
  case notAToken
  /// A token of another version, such as `helio2.`.
  case wrongVersion(String)
  /// The end is missing.
  case truncated
  /// A character was changed, lost or added.
  case altered
  case expired(Instant)

  /// What is wrong and what to do.
  package var message: String {
    switch self {
    case .notAToken: "This is not an invite token; one begins with 'helio1.'. Copy it again."
    case .wrongVersion(let version):
      "The token has version '\(version)'; this program reads helio1. Use the same release of helio "
        + "on both machines."
    case .truncated: "The end of the token is missing. Copy the whole line again."
    case .altered: "The token was altered on the way (its check sum is wrong). Copy it again."
    case .expired(let expiry):
      "The token expired at \(expiry.utcText). Check this machine's clock; if it is right, make "
        + "a new one: helio invite."
    }
  }
}

/// An invite, as its token's text carries it.
package struct Invite: Hashable, Sendable {
  package let id: InviteID
  package let cluster: ClusterID
  package let clusterName: String
  /// Where the issuer can be dialled, best first.
  package let endpoints: [Endpoint]
  /// The issuer's key: the only one to which anything secret is sent.
  package let issuer: KeyHash
  package let expiry: Instant
  let secret: InviteSecret

  private static let prefix = "helio1."
  private static let checksumByteCount = 8

  init(
    id: InviteID, cluster: ClusterID, clusterName: String, endpoints: [Endpoint],
    issuer: KeyHash, expiry: Instant, secret: InviteSecret
  ) {
    self.id = id
    self.cluster = cluster
    self.clusterName = clusterName
    self.endpoints = endpoints
    self.issuer = issuer
    self.expiry = expiry
    self.secret = secret
  }

  /// The text to hand over: `helio1.` and base64url of length, content and check sum.
  package var token: String {
    var content = ByteWriter()
    content.text(cluster.rawValue)
    content.text(clusterName)
    content.varint(UInt64(endpoints.count))
    for endpoint in endpoints {
      content.text(endpoint.host)
      content.varint(UInt64(endpoint.port))
    }
    content.raw(issuer.digest.bytes)
    content.raw(id.bytes)
    content.signed(expiry.milliseconds)
    content.raw(secret.bytes)
    var writer = ByteWriter()
    writer.blob(content.bytes)
    writer.raw(Self.checksum(content.bytes))
    return Self.prefix + Base64URL.encode(writer.bytes)
  }

  /// Reads a token's text; spaces and line ends around it are ignored.
  package static func parse(_ text: String, now: Instant) throws(InviteError) -> Invite {
    let text = text.trimmingWhitespace
    guard text.utf8.count <= TrustLimits.inviteCharacters else { throw .altered }
    guard text.hasPrefix(prefix) else {
      let version = text.prefix { $0 != "." }
      guard version.hasPrefix("helio"), version.count > 5, version.count < 12,
        version.dropFirst(5).allSatisfy(\.isNumber), version.count < text.count
      else { throw prefix.hasPrefix(text) && !text.isEmpty ? .truncated : .notAToken }
      throw .wrongVersion(String(version))
    }
    let bytes = try bytes(of: text.dropFirst(prefix.count))
    let invite: Invite
    do throws(CodecError) {
      var reader = ByteReader(bytes)
      let content = try reader.blob()
      let checksum = try reader.raw(checksumByteCount)
      try reader.finish()
      guard checksum == Self.checksum(content) else { throw .nonCanonical("check sum") }
      invite = try Invite(content: content)
    } catch { throw .altered }
    guard now < invite.expiry else { throw .expired(invite.expiry) }
    return invite
  }

  /// The bytes behind the text, where none is missing at the end.
  private static func bytes(of body: Substring) throws(InviteError) -> [UInt8] {
    // A text cut anywhere may end in the middle of a group of four: look at the whole groups.
    let whole = body.prefix(body.utf8.count / 4 * 4)
    guard let head = Base64URL.decode(whole) else { throw .altered }
    var reader = ByteReader(head)
    guard let length = try? reader.varint(), length <= UInt64(TrustLimits.inviteCharacters) else {
      throw head.count < 3 ? .truncated : .altered
    }
    let needed = reader.position + Int(length) + checksumByteCount
    let given = body.utf8.count * 3 / 4
    guard given >= needed else { throw .truncated }
    guard given == needed, let bytes = Base64URL.decode(body) else { throw .altered }
    return bytes
  }

  private init(content: [UInt8]) throws(CodecError) {
    var reader = ByteReader(content)
    let cluster = try reader.cluster()
    let name = try reader.text()
    guard Founding.isName(name) else { throw .nonCanonical("the cluster's name") }
    let count = try reader.count()
    guard (1...TrustLimits.endpoints).contains(count) else {
      throw .countOverLimit(UInt64(count))
    }
    var endpoints: [Endpoint] = []
    for _ in 0..<count {
      let host = try reader.text()
      guard let port = UInt16(exactly: try reader.varint()),
        let endpoint = Endpoint(host: host, port: port)
      else { throw .nonCanonical("an endpoint") }
      endpoints.append(endpoint)
    }
    let issuer = try reader.keyHash()
    let id = try reader.inviteID()
    let expiry = try reader.instant()
    guard let secret = InviteSecret(try reader.raw(InviteSecret.byteCount)) else {
      throw .truncated
    }
    try reader.finish()
    self.init(
      id: id, cluster: cluster, clusterName: name, endpoints: endpoints, issuer: issuer,
      expiry: expiry, secret: secret)
  }

  /// Not a secret and not a defence: it tells a slip of the hand from a wrong token.
  private static func checksum(_ content: [UInt8]) -> [UInt8] {
    Array(
      Digest.sha256(Array("heliotrope-token-1".utf8), content).bytes.prefix(checksumByteCount))
  }
}

extension String {
  fileprivate var trimmingWhitespace: String {
    let start = drop { $0.isWhitespace }
    var end = start
    while let last = end.last, last.isWhitespace { end.removeLast() }
    return String(end)
  }
}
