// Why a peer's certificate says nothing about who it is.

/// A closed list; any of these refuses the peer before an application byte.
package enum PeerCertificateError: Error, Hashable, Sendable {
  /// More than ``TrustLimits/certificateBytes``.
  case tooLarge(Int)
  /// Not one X.509 v3 certificate in DER, or with an extension twice.
  case unreadable
  /// The key is not on P-256.
  case wrongKeyType
  /// Not signed with its own key, or issuer and subject differ.
  case notSelfSigned
  case nameMissing
  /// More than one subject alternative name.
  case nameDouble
  /// The name is not a URI of the form ``NodeAddress/uri``.
  case nameMalformed
  /// Not for both server and client authentication.
  case usageMissing

  /// A stable word for logs and scripts.
  package var code: String {
    switch self {
    case .tooLarge: "certificate_too_large"
    case .unreadable: "certificate_unreadable"
    case .wrongKeyType: "certificate_key_type"
    case .notSelfSigned: "certificate_not_self_signed"
    case .nameMissing: "certificate_name_missing"
    case .nameDouble: "certificate_name_double"
    case .nameMalformed: "certificate_name_malformed"
    case .usageMissing: "certificate_usage_missing"
    }
  }

  /// What is wrong, and against what rule.
  package var message: String {
    switch self {
    case .tooLarge(let count):
      "The certificate has \(count) bytes; the limit is \(TrustLimits.certificateBytes)."
    case .unreadable: "The peer's certificate is not a well-formed X.509 v3 certificate."
    case .wrongKeyType: "The certificate's key is not ECDSA P-256."
    case .notSelfSigned: "The certificate is not signed with its own key."
    case .nameMissing: "The certificate has no subject alternative name."
    case .nameDouble: "The certificate has more than one subject alternative name."
    case .nameMalformed:
      "The certificate's name is not heliotrope://<cluster>/office/<o>/node/<n>/slot/<s>."
    case .usageMissing: "The certificate is not for both server and client authentication."
    }
  }
}
