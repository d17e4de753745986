// What an admission says about the office it is for.

package import ReplicaCore

/// Why an office was not described.
package enum OfficePlaceError: Error, Hashable, Sendable {
  case code(String)
  case zone(String)
  case language(String)
  case tooManyLanguages(Int)

  /// What is wrong, and against what rule.
  package var message: String {
    switch self {
    case .code(let code):
      "The office code '\(code)' is not 1 to \(OfficeID.maximumLength) characters of a-z, 0-9, '-'."
    case .zone(let zone):
      "'\(zone)' is not the name of a time zone, such as Europe/Paris (at most "
        + "\(TrustLimits.zoneCharacters) characters of A-Z, a-z, 0-9, '/', '_', '+' and '-')."
    case .language(let language):
      "'\(language)' is not a language tag, such as en, fr or zh-Hans (2 to 35 characters)."
    case .tooManyLanguages(let count):
      "An office has at most \(TrustLimits.languages) languages; \(count) were given."
    }
  }
}

/// An office's code, time zone and languages. The zone's existence is checked where zones are known.
package struct OfficePlace: Hashable, Sendable {
  package let office: OfficeID
  /// An IANA name, such as `Europe/Paris`.
  package let zone: String
  /// BCP 47 tags, in the order of preference.
  package let languages: [String]

  package init(
    office: OfficeID, zone: String, languages: [String] = []
  ) throws(OfficePlaceError) {
    guard office.isValid else { throw .code(office.rawValue) }
    guard Self.isZone(zone) else { throw .zone(zone) }
    guard languages.count <= TrustLimits.languages else {
      throw .tooManyLanguages(languages.count)
    }
    for language in languages where !Self.isLanguage(language) { throw .language(language) }
    self.office = office
    self.zone = zone
    self.languages = languages
  }

  private static func isZone(_ text: String) -> Bool {
    (1...TrustLimits.zoneCharacters).contains(text.utf8.count)
      && text.utf8.allSatisfy { isAlphanumeric($0) || [0x2F, 0x5F, 0x2B, 0x2D].contains($0) }
  }

  private static func isLanguage(_ text: String) -> Bool {
    (2...35).contains(text.utf8.count)
      && text.utf8.allSatisfy { isAlphanumeric($0) || $0 == 0x2D }
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }
}
