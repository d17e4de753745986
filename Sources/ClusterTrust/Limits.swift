// The limits of trust, in one place.

/// Sizes are bytes, times are milliseconds, unless said otherwise.
package enum TrustLimits {
  /// A certificate of a peer; ours are about 600 bytes.
  package static let certificateBytes = 8_192
  /// One record of the membership log.
  package static let recordBytes = 4_096
  /// Records in a membership log: many times the 9,999 slots there are.
  package static let records = 65_536
  /// Records with a bad signature kept as evidence; they are never relayed.
  package static let forgedRecords = 64
  /// Characters of a cluster's name.
  package static let clusterNameCharacters = 64
  /// Characters of a time zone's name.
  package static let zoneCharacters = 64
  /// Languages of one office.
  package static let languages = 16
  /// Offices named in one delegation.
  package static let delegatedOffices = 256
  /// Ends of issuer chains named in one removal.
  package static let removalHeads = 32
  /// Addresses of the issuer named in one invite.
  package static let endpoints = 8
  /// Characters of a whole invite token.
  package static let inviteCharacters = 4_096
  /// The longest an invite may stay open: 7 days.
  package static let inviteLifetime: Int64 = 7 * 24 * 3_600 * 1_000
  /// Redeeming attempts per address in one window.
  package static let attempts = 10
  /// The window in which attempts are counted.
  package static let attemptWindow: Int64 = 60_000
  /// Addresses whose attempts are remembered at once.
  package static let guardedAddresses = 4_096
  /// A whole answer to a join request, membership log included.
  package static let joinAnswerBytes = 32 << 20
  /// Characters that a password, or the root key's passphrase, has at least.
  package static let minimumPasswordCharacters = 8
  /// Characters of a password that an agent chooses.
  package static let chosenPasswordCharacters = 10...128
  /// Bytes of UTF-8 that a password has at most.
  package static let passwordBytes = 1_024
  /// A key file; a P-256 key in PEM has about 240 bytes.
  package static let keyFileBytes = 16_384
  /// Names in one certificate of the agents' HTTPS.
  package static let apiNames = 64
  /// How long before the end of that certificate somebody is told: 60 days.
  package static let apiExpiryWarning: Int64 = 60 * 24 * 3_600 * 1_000
}
