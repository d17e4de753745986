// Agents log in offline too: what is replicated of a password is its scrypt hash.

internal import Crypto
internal import CryptoExtras
internal import Foundation

/// Why a password was not taken.
package enum PasswordError: Error, Hashable, Sendable {
  case tooShort
  case tooLong
  case cryptoFailed

  /// What is wrong and what to do.
  package var message: String {
    switch self {
    case .tooShort:
      "A password has at least \(TrustLimits.minimumPasswordCharacters) characters. Choose another."
    case .tooLong: "A password has at most \(TrustLimits.passwordBytes) bytes. Choose another."
    case .cryptoFailed: "The password could not be hashed; 16 MiB of free memory are needed."
    }
  }
}

/// `scrypt$14$8$1$<salt>$<hash>` (log2 N, r, p; base64url), from RFC 7914.
///
/// Making and verifying take about 50 ms and 16 MiB each: the caller's matter where to run them.
package struct PasswordHash: Hashable, Sendable, CustomStringConvertible {
  /// What is stored and replicated.
  package let encoded: String
  private let cost: Cost
  private let salt: [UInt8]
  private let hash: [UInt8]

  private struct Cost: Hashable, Sendable {
    var logN: Int
    var r: Int
    var p: Int

    static let current = Cost(logN: 14, r: 8, p: 1)
    /// What is accepted from elsewhere; beyond it a replicated hash could exhaust the memory.
    var isAcceptable: Bool { (14...17).contains(logN) && r == 8 && (1...4).contains(p) }
  }

  private init(cost: Cost, salt: [UInt8], hash: [UInt8]) {
    self.cost = cost
    self.salt = salt
    self.hash = hash
    encoded =
      "scrypt$\(cost.logN)$\(cost.r)$\(cost.p)$\(Base64URL.encode(salt))$\(Base64URL.encode(hash))"
  }

  /// Hashes a new password under a fresh salt.
  package static func make(
    _ password: String, using random: inout some RandomNumberGenerator
  ) throws(PasswordError) -> PasswordHash {
    guard password.count >= TrustLimits.minimumPasswordCharacters else { throw .tooShort }
    guard let bytes = prepared(password) else { throw .tooLong }
    let salt = random.bytes(16)
    guard let hash = derive(bytes, salt, .current) else { throw .cryptoFailed }
    return PasswordHash(cost: .current, salt: salt, hash: hash)
  }

  /// Reads the stored form; nil where it is not one, or asks for more work than is accepted.
  package init?(encoded: String) {
    let parts = encoded.split(separator: "$", omittingEmptySubsequences: false)
    guard parts.count == 6, parts[0] == "scrypt", let logN = Int(parts[1]), let r = Int(parts[2]),
      let p = Int(parts[3]), let salt = Base64URL.decode(parts[4]),
      let hash = Base64URL.decode(parts[5])
    else { return nil }
    let cost = Cost(logN: logN, r: r, p: p)
    guard cost.isAcceptable, salt.count == 16, hash.count == 32 else { return nil }
    self.init(cost: cost, salt: salt, hash: hash)
    guard self.encoded == encoded else { return nil }
  }

  /// For who is not known: takes the time of a real check and accepts nothing.
  package static let decoy = PasswordHash(
    cost: .current, salt: [UInt8](repeating: 0, count: 16), hash: [UInt8](repeating: 0, count: 32))

  /// Whether the password is the one; compares in constant time.
  package func verifies(_ password: String) -> Bool {
    // The empty password was never taken, but is derived like any other.
    let bytes = Self.prepared(password) ?? [0]
    guard let derived = Self.derive(bytes, salt, cost) else { return false }
    return ConstantTime.equal(derived, hash)
  }

  /// Whether it was made at a lower cost than new ones are.
  package var needsRehash: Bool { cost != .current }

  /// Never the hash: logs are read by many.
  package var description: String { "(password hash)" }

  /// NFC (RFC 8265), so that é typed on any system is the same; nil for a length that is refused.
  static func prepared(_ password: String) -> [UInt8]? {
    let bytes = [UInt8](password.precomposedStringWithCanonicalMapping.utf8)
    guard password.count >= TrustLimits.minimumPasswordCharacters,
      bytes.count <= TrustLimits.passwordBytes
    else { return nil }
    return bytes
  }

  private static func derive(_ password: [UInt8], _ salt: [UInt8], _ cost: Cost) -> [UInt8]? {
    let key = try? KDF.Scrypt.deriveKey(
      from: password, salt: salt, outputByteCount: 32, rounds: 1 << cost.logN, blockSize: cost.r,
      parallelism: cost.p)
    return key?.withUnsafeBytes { [UInt8]($0) }
  }
}
