// What is wrong with a roster file, where, and what to do about it.

/// One finding of ``RosterRules/validate(knowsZone:)``.
package struct RosterProblem: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case noGroups, noDefaultGroup, duplicateGroup, emptyGroup
    case invalidOffice, duplicateOffice, unknownOffice
    case missingZone, invalidZone, unknownZone
    case noDays, noStart, duplicateStart, startAtMidnightsEnd, noEnd, endAndLength, badLength
    case outOfRange, tooMany, unknownGroup, needlessHours, noPartner, needlessPartner
    case duplicateHoliday, emptyLead
  }

  package var kind: Kind
  /// Such as `groups[*].shifts[2]`.
  package var place: String
  package var what: String
  /// What to do.
  package var advice: String
  /// A warning does not keep the roster from being published.
  package var isWarning: Bool

  package init(
    _ kind: Kind, _ place: String, _ what: String, _ advice: String, isWarning: Bool = false
  ) {
    self.kind = kind
    self.place = place
    self.what = what
    self.advice = advice
    self.isWarning = isWarning
  }

  package var description: String { "\(place): \(what); \(advice)" }
}
