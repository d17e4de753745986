// The rules of a roster, as an admin writes them in a file.

package import ReplicaCore

/// An office as the roster knows it; their order is the roster order, which settles ties.
package struct RosterOffice: Hashable, Sendable, Codable {
  package var code: OfficeID
  /// IANA zone of its shifts, where they name none.
  package var zone: String?
  /// E-mail of the lead, where the shift names none.
  package var lead: String?
  package var languages: [String]

  package init(
    _ code: OfficeID, zone: String? = nil, lead: String? = nil, languages: [String] = []
  ) {
    self.code = code
    self.zone = zone
    self.lead = lead
    self.languages = languages
  }

  private enum CodingKeys: String, CodingKey { case code, zone, lead, languages }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    code = try container.decode(OfficeID.self, forKey: .code)
    zone = try container.decodeIfPresent(String.self, forKey: .zone)
    lead = try container.decodeIfPresent(String.self, forKey: .lead)
    languages = try container.decodeIfPresent([String].self, forKey: .languages) ?? []
  }
}

/// Who works when. `cluster/rosters` has examples of the file.
package struct RosterRules: Hashable, Sendable {
  package var name: String
  package var offices: [RosterOffice]
  package var groups: [GroupRules]
  package var holidays: [Holiday]
  package var overrides: [RosterOverride]
  /// Minutes of staffed time within which the incoming office must accept.
  package var acceptWithin: Int
  /// The office that may cover when nobody accepts.
  package var fallback: OfficeID?
  /// Hours that home may be closed before a staying ticket wakes.
  package var maxStay: Int
  package var handover: Handover
  package var promise: CoveragePromise

  package init(
    name: String = "", offices: [RosterOffice] = [], groups: [GroupRules],
    holidays: [Holiday] = [], overrides: [RosterOverride] = [], acceptWithin: Int = 15,
    fallback: OfficeID? = nil, maxStay: Int = 12, handover: Handover = .usual,
    promise: CoveragePromise = .none
  ) {
    self.name = name
    self.offices = offices
    self.groups = groups
    self.holidays = holidays
    self.overrides = overrides
    self.acceptWithin = acceptWithin
    self.fallback = fallback
    self.maxStay = maxStay
    self.handover = handover
    self.promise = promise
  }

  /// The rules for a group by name: its own, else the default group's; nil where there is none.
  package func rules(forGroup name: String) -> GroupRules? {
    groups.first { $0.name == name } ?? groups.first { $0.name == GroupRules.defaultName }
  }

  /// Every office named in shifts or listed, in roster order: as listed, then as first named.
  package var officeOrder: [OfficeID] {
    var seen: Set<OfficeID> = []
    let named =
      offices.map(\.code) + groups.flatMap { $0.shifts.map(\.office) }
      + overrides.flatMap { [$0.office] + ($0.with.map { [$0] } ?? []) }
    return named.filter { seen.insert($0).inserted }
  }

  /// The zone of an office: as listed, else that of its first shift with one.
  package func zone(of office: OfficeID) -> String? {
    offices.first { $0.code == office }?.zone
      ?? groups.lazy.flatMap(\.shifts).first { $0.office == office && $0.zone != nil }?.zone
  }

  /// Every zone that a publication must carry, sorted.
  package var zones: [String] {
    let named =
      offices.compactMap(\.zone) + groups.flatMap { $0.shifts.compactMap(\.zone) }
      + overrides.compactMap(\.zone)
    return Set(named).sorted()
  }
}

extension RosterRules: Codable {
  private enum CodingKeys: String, CodingKey {
    case name, offices, groups, shifts, holidays, overrides, fallback, handover, promise
    case acceptWithin = "accept_within"
    case maxStay = "max_stay"
  }

  /// `shifts` at the top of the file are those of the default group.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func value<T: Decodable>(_ key: CodingKeys, _ fallback: T) throws -> T {
      try container.decodeIfPresent(T.self, forKey: key) ?? fallback
    }
    name = try value(.name, "")
    offices = try value(.offices, [])
    groups = try value(.groups, [])
    holidays = try value(.holidays, [])
    overrides = try value(.overrides, [])
    acceptWithin = try value(.acceptWithin, 15)
    fallback = try container.decodeIfPresent(OfficeID.self, forKey: .fallback)
    maxStay = try value(.maxStay, 12)
    handover = try value(.handover, .usual)
    promise = try value(.promise, .none)
    let shifts: [Shift] = try value(.shifts, [])
    if !shifts.isEmpty {
      if let index = groups.firstIndex(where: { $0.name == GroupRules.defaultName }) {
        groups[index].shifts = shifts + groups[index].shifts
      } else {
        groups.insert(GroupRules(shifts: shifts), at: 0)
      }
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(offices, forKey: .offices)
    try container.encode(groups, forKey: .groups)
    try container.encode(holidays, forKey: .holidays)
    try container.encode(overrides, forKey: .overrides)
    try container.encode(acceptWithin, forKey: .acceptWithin)
    try container.encodeIfPresent(fallback, forKey: .fallback)
    try container.encode(maxStay, forKey: .maxStay)
    try container.encode(handover, forKey: .handover)
    try container.encode(promise, forKey: .promise)
  }
}
