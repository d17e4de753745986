// The roster of one group.

package import ReplicaCore

/// What is promised to customers about staffing.
package enum CoveragePromise: String, Hashable, Sendable, Codable {
  case none
  /// Somebody is on duty at every minute.
  case always = "24/7"
}

/// The shifts of a group, and where it differs from the roster's rules.
package struct GroupRules: Hashable, Sendable {
  /// The group that every group not listed follows.
  package static let defaultName = "*"

  /// The group's name, or ``defaultName``.
  package var name: String
  package var shifts: [Shift]
  /// Minutes.
  package var acceptWithin: Int?
  package var fallback: OfficeID?
  /// Hours.
  package var maxStay: Int?
  package var handover: Handover?
  package var promise: CoveragePromise?

  package init(
    _ name: String = GroupRules.defaultName, shifts: [Shift], acceptWithin: Int? = nil,
    fallback: OfficeID? = nil, maxStay: Int? = nil, handover: Handover? = nil,
    promise: CoveragePromise? = nil
  ) {
    self.name = name
    self.shifts = shifts
    self.acceptWithin = acceptWithin
    self.fallback = fallback
    self.maxStay = maxStay
    self.handover = handover
    self.promise = promise
  }
}

extension GroupRules: Codable {
  private enum CodingKeys: String, CodingKey {
    case name, shifts, fallback, handover, promise
    case acceptWithin = "accept_within"
    case maxStay = "max_stay"
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    name = try container.decodeIfPresent(String.self, forKey: .name) ?? GroupRules.defaultName
    shifts = try container.decodeIfPresent([Shift].self, forKey: .shifts) ?? []
    acceptWithin = try container.decodeIfPresent(Int.self, forKey: .acceptWithin)
    fallback = try container.decodeIfPresent(OfficeID.self, forKey: .fallback)
    maxStay = try container.decodeIfPresent(Int.self, forKey: .maxStay)
    handover = try container.decodeIfPresent(Handover.self, forKey: .handover)
    promise = try container.decodeIfPresent(CoveragePromise.self, forKey: .promise)
  }
}
