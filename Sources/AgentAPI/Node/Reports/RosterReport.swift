// Rosters and what they cover.

/// A roster as it is sent in.
package struct RosterUpload: Hashable, Sendable {
  package enum Format: String, Hashable, Sendable { case toml, json }

  package var text: String
  package var format: Format
  /// Takes effect at once and not a day later.
  package var emergency: Bool

  package init(text: String, format: Format, emergency: Bool) {
    self.text = text
    self.format = format
    self.emergency = emergency
  }
}

/// A publication.
package struct RosterReport: Hashable, Sendable, Codable {
  package var id: Int64
  package var number: Int64
  package var publishedAt: WireTime
  package var effectiveAt: WireTime
  package var emergency: Bool
  package var offices: [String]
  package var groups: [String]
  /// The publication in its canonical JSON, as a text.
  package var publication: String
  /// What the publisher should know, such as a gap in the coverage.
  package var warnings: [String]

  package init(
    id: Int64, number: Int64, publishedAt: WireTime, effectiveAt: WireTime, emergency: Bool,
    offices: [String], groups: [String], publication: String, warnings: [String]
  ) {
    self.id = id
    self.number = number
    self.publishedAt = publishedAt
    self.effectiveAt = effectiveAt
    self.emergency = emergency
    self.offices = offices
    self.groups = groups
    self.publication = publication
    self.warnings = warnings
  }
}

/// The hours of a week in which somebody is there.
package struct CoverageReport: Hashable, Sendable, Codable {
  package struct Span: Hashable, Sendable, Codable {
    package var from: WireTime
    package var to: WireTime
    /// The offices that are there; empty in a gap.
    package var offices: [String]

    package init(from: WireTime, to: WireTime, offices: [String]) {
      self.from = from
      self.to = to
      self.offices = offices
    }
  }

  package struct Day: Hashable, Sendable, Codable {
    /// UTC date, `2026-03-18`.
    package var date: String
    package var coveredMinutes: Int

    package init(date: String, coveredMinutes: Int) {
      self.date = date
      self.coveredMinutes = coveredMinutes
    }
  }

  package struct Group: Hashable, Sendable, Codable {
    package var group: String
    package var days: [Day]
    package var coveredMinutes: Int
    package var gaps: [Span]
    package var overlaps: [Span]

    package init(
      group: String, days: [Day], coveredMinutes: Int, gaps: [Span], overlaps: [Span]
    ) {
      self.group = group
      self.days = days
      self.coveredMinutes = coveredMinutes
      self.gaps = gaps
      self.overlaps = overlaps
    }
  }

  /// `2026-W12`.
  package var week: String
  package var groups: [Group]

  package init(week: String, groups: [Group]) {
    self.week = week
    self.groups = groups
  }
}
