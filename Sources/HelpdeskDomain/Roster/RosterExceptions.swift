// What differs from the weekly hours on single dates.

package import ReplicaCore

/// A local date on which an office does not work, in any group.
package struct Holiday: Hashable, Sendable, Codable {
  package var office: OfficeID
  package var date: CivilDate
  package var name: String

  package init(office: OfficeID, date: CivilDate, name: String) {
    self.office = office
    self.date = date
    self.name = name
  }

  private enum CodingKeys: String, CodingKey { case office, date, name }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    office = try container.decode(OfficeID.self, forKey: .office)
    date = try container.decode(CivilDate.self, forKey: .date)
    name = try container.decodeIfPresent(String.self, forKey: .name) ?? ""
  }
}

/// A change to an office's hours on one local date; it counts on holidays too.
package struct RosterOverride: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
    /// The hours of the date are these and no others.
    case replaced
    /// These hours come on top.
    case added
    /// The wave with this start is off; without a start, the whole date.
    case cancelled
    /// The office and `with` work each other's hours (those of `withDate` for those of `date`).
    case swap
  }

  package var office: OfficeID
  package var date: CivilDate
  package var kind: Kind
  /// The group it is for; nil: all.
  package var group: String?
  package var hours: WorkHours
  /// The zone of `hours`; nil: the office's.
  package var zone: String?
  package var with: OfficeID?
  /// Nil: the same date.
  package var withDate: CivilDate?
  package var note: String?

  package init(
    office: OfficeID, date: CivilDate, kind: Kind, group: String? = nil,
    hours: WorkHours = WorkHours(), zone: String? = nil, with: OfficeID? = nil,
    withDate: CivilDate? = nil, note: String? = nil
  ) {
    self.office = office
    self.date = date
    self.kind = kind
    self.group = group
    self.hours = hours
    self.zone = zone
    self.with = with
    self.withDate = withDate
    self.note = note
  }
}

extension RosterOverride: Codable {
  private enum CodingKeys: String, CodingKey {
    case office, date, kind, group, zone, with, note, start, starts, end, hours, minutes
    case withDate = "with_date"

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
    date = try container.decode(CivilDate.self, forKey: .date)
    kind = try container.decode(Kind.self, forKey: .kind)
    group = try container.decodeIfPresent(String.self, forKey: .group)
    hours = try WorkHours(from: container, CodingKeys.init)
    zone = try container.decodeIfPresent(String.self, forKey: .zone)
    with = try container.decodeIfPresent(OfficeID.self, forKey: .with)
    withDate = try container.decodeIfPresent(CivilDate.self, forKey: .withDate)
    note = try container.decodeIfPresent(String.self, forKey: .note)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(office, forKey: .office)
    try container.encode(date, forKey: .date)
    try container.encode(kind, forKey: .kind)
    try container.encodeIfPresent(group, forKey: .group)
    try hours.encode(to: &container, CodingKeys.init)
    try container.encodeIfPresent(zone, forKey: .zone)
    try container.encodeIfPresent(with, forKey: .with)
    try container.encodeIfPresent(withDate, forKey: .withDate)
    try container.encodeIfPresent(note, forKey: .note)
  }
}
