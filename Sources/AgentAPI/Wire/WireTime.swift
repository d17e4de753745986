// Times on the wire are whole seconds in UTC: 2026-09-18T23:25:58Z.

internal import HelpdeskDomain
package import ReplicaCore

/// A time as JSON shows it.
package struct WireTime: Hashable, Sendable, Codable, CustomStringConvertible {
  package var instant: Instant

  package init(_ instant: Instant) { self.instant = instant }

  /// Nil for the end of time, which stands where nothing is planned.
  package init?(planned instant: Instant) {
    guard instant < RosterLimits.latest else { return nil }
    self.init(instant)
  }

  package init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let instant = Self.parse(text) else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath, debugDescription: "not a time: write \(Self.example)"))
    }
    self.init(instant)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  package var description: String { Self.text(instant) }

  static let example = "2026-09-18T23:25:58Z"
  /// What is read and written.
  static var seconds: ClosedRange<Int64> { Instant.writableSeconds }

  /// The instant in ISO 8601, UTC, whole seconds.
  package static func text(_ instant: Instant) -> String { instant.iso8601 }

  /// Reads ISO 8601 with an offset, with or without seconds and their fraction, or a plain date
  /// (midnight UTC).
  package static func parse(_ text: String) -> Instant? { Instant(iso8601: text) }
}
