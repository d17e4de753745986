// What an agent may choose as a password; length does more than rules about signs (NIST SP 800-63B).

internal import Foundation

/// Why a chosen password was refused.
package enum PasswordRefusal: Error, Hashable, Sendable, CaseIterable {
  case tooShort
  case tooLong
  /// It is the mail address, or the part of it before the @.
  case isAddress
  /// One sign, over and over.
  case oneSign
  /// It is the one that it should replace.
  case unchanged

  /// What is wrong, against which rule, and what to do.
  package var message: String {
    switch self {
    case .tooShort:
      "A password has at least \(PasswordPolicy.length.lowerBound) characters. Choose another."
    case .tooLong:
      "A password has at most \(PasswordPolicy.length.upperBound) characters. Choose another."
    case .isAddress: "A password is not one's mail address. Choose another."
    case .oneSign: "A password is more than one sign repeated. Choose another."
    case .unchanged: "That is the password there is already. Choose another."
    }
  }
}

/// The rules for new passwords. They are asked where the password is in clear: at the node that
/// hashes it. What was hashed under other rules goes on working.
package enum PasswordPolicy {
  /// In characters as people count them.
  static let length = TrustLimits.chosenPasswordCharacters

  /// The rules in words, one each.
  package static var requirements: [String] {
    [
      "must be at least \(length.lowerBound) characters",
      "must be at most \(length.upperBound) characters",
      "must be different from the email address",
      "must be more than one character repeated",
    ]
  }

  /// Why the password is refused for the user of an address; nil where it may be taken.
  package static func refusal(of password: String, email: String?) -> PasswordRefusal? {
    let plain = password.precomposedStringWithCanonicalMapping
    guard plain.count >= length.lowerBound else { return .tooShort }
    guard plain.count <= length.upperBound else { return .tooLong }
    if Set(plain).count == 1 { return .oneSign }
    guard let email = email?.lowercased() else { return nil }
    let name = email.prefix { $0 != "@" }
    return plain.lowercased() == email || plain.lowercased() == name ? .isAddress : nil
  }
}
