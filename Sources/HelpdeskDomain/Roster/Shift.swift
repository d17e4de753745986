// A weekly shift of one office.

package import ReplicaCore

/// Hours that an office works on some weekdays.
package struct Shift: Hashable, Sendable {
  package var office: OfficeID
  /// IANA zone; nil: the office's.
  package var zone: String?
  /// The local dates on which its waves begin.
  package var days: Set<Weekday>
  package var hours: WorkHours
  /// E-mail of the shift's lead; nil: the office's.
  package var lead: String?
  /// Language tags; empty: the office's.
  package var languages: [String]

  package init(
    office: OfficeID, zone: String? = nil, days: Set<Weekday> = Set(Weekday.allCases),
    hours: WorkHours, lead: String? = nil, languages: [String] = []
  ) {
    self.office = office
    self.zone = zone
    self.days = days
    self.hours = hours
    self.lead = lead
    self.languages = languages
  }
}

extension Shift: Codable {
  private enum CodingKeys: String, CodingKey {
    case office, zone, days, start, starts, end, hours, minutes, lead, languages

    init(_ key: WorkHours.Keys) {
      switch key {
      case .start: self = .start
      case .starts: self = .starts
      case .end: self = .end
      case .hours: self = .hours
      case .minutes: self = .minutes
      }
    }
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    office = try container.decode(OfficeID.self, forKey: .office)
    zone = try container.decodeIfPresent(String.self, forKey: .zone)
    let names = try container.decodeIfPresent([String].self, forKey: .days) ?? ["daily"]
    days = []
    for name in names {
      guard let named = Weekday.days(in: name) else {
        throw malformed(
          decoder, "\"\(name)\" names no weekdays; write \"mon\", \"mon-fri\" or \"daily\"")
      }
      days.formUnion(named)
    }
    hours = try WorkHours(from: container, CodingKeys.init)
    lead = try container.decodeIfPresent(String.self, forKey: .lead)
    languages = try container.decodeIfPresent([String].self, forKey: .languages) ?? []
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(office, forKey: .office)
    try container.encodeIfPresent(zone, forKey: .zone)
    if days.count < 7 { try container.encode(days.sorted().map(\.code), forKey: .days) }
    try hours.encode(to: &container, CodingKeys.init)
    try container.encodeIfPresent(lead, forKey: .lead)
    if !languages.isEmpty { try container.encode(languages, forKey: .languages) }
  }
}
