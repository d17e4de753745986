// What a publication says, in the one text form that is signed and carried everywhere.

internal import Foundation
package import ReplicaCore

/// The rules of a roster with all that UTC slots follow from.
package struct RosterContent: Hashable, Sendable {
  /// From 1; each publication names one more than the greatest its author knew.
  package var number: Int64
  /// In roster time.
  package var effectiveAt: Instant
  /// May take effect without notice.
  package var isEmergency: Bool
  package var rules: RosterRules
  /// Every zone the rules name, with its offset changes.
  package var zones: [String: ZoneOffsets]
  /// From here on the offset changes are not known and the roster does not hold.
  package var horizon: Instant

  package init(
    number: Int64, effectiveAt: Instant, isEmergency: Bool = false, rules: RosterRules,
    zones: [String: ZoneOffsets], horizon: Instant = RosterLimits.zonesUntil
  ) {
    self.number = number
    self.effectiveAt = effectiveAt
    self.isEmergency = isEmergency
    self.rules = rules
    self.zones = zones
    self.horizon = horizon
  }
}

/// Why a roster cannot be published, or read.
package enum RosterRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  case problems([RosterProblem])
  case tooSoon(effectiveAt: Instant, earliest: Instant)
  case beyondHorizon(effectiveAt: Instant, horizon: Instant)
  case badNumber(Int64)
  /// The text is not a publication in canonical form.
  case unreadable(String)

  package var description: String {
    switch self {
    case .problems(let problems):
      "the roster has problems: " + problems.map(\.description).joined(separator: "; ")
    case .tooSoon(let effectiveAt, let earliest):
      """
      effective at \(effectiveAt.utcText) is less than 24 hours after publication; choose \
      \(earliest.utcText) or later, or mark it an emergency
      """
    case .beyondHorizon(let effectiveAt, let horizon):
      """
      effective at \(effectiveAt.utcText) is not before \(horizon.utcText), where the known clock \
      changes end; choose an earlier instant
      """
    case .badNumber(let number):
      "roster number \(number) is not above 0; use one more than the roster in force"
    case .unreadable(let reason):
      "not a roster publication: \(reason); publish the roster file again"
    }
  }
}

extension RosterContent {
  /// Makes a publication of rules; `offsets` looks a zone up, for the only time.
  ///
  /// `now` is the roster time of the publication.
  package static func compose(
    _ rules: RosterRules, number: Int64, now: Instant, effectiveAt: Instant? = nil,
    isEmergency: Bool = false, offsets: (String) -> ZoneOffsets?
  ) throws(RosterRefusal) -> RosterContent {
    var zones: [String: ZoneOffsets] = [:]
    for zone in rules.zones where ZoneOffsets.isSafeZoneName(zone) { zones[zone] = offsets(zone) }
    let problems = rules.validate { zones[$0] != nil }.filter { !$0.isWarning }
    guard problems.isEmpty else { throw .problems(problems) }
    let content = RosterContent(
      number: number,
      effectiveAt: effectiveAt
        ?? (isEmergency ? now : now + RosterLimits.notice + RosterLimits.noticeMargin),
      isEmergency: isEmergency, rules: rules, zones: zones)
    try content.check(publishedAt: now)
    return content
  }

  /// What `decide` holds a publication against, made here or elsewhere.
  package func check(publishedAt now: Instant) throws(RosterRefusal) {
    guard number > 0 else { throw .badNumber(number) }
    let earliest = isEmergency ? .zero : now + RosterLimits.notice
    guard effectiveAt >= earliest else {
      throw .tooSoon(effectiveAt: effectiveAt, earliest: earliest)
    }
    guard effectiveAt < horizon, horizon <= RosterLimits.farthestHorizon else {
      throw .beyondHorizon(effectiveAt: effectiveAt, horizon: horizon)
    }
    let problems = rules.validate { zones[$0] != nil }.filter { !$0.isWarning }
    guard problems.isEmpty else { throw .problems(problems) }
  }

  /// JSON with sorted keys and no spaces: the same bytes on every node.
  package func canonicalJSON() throws(RosterRefusal) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    } catch {
      throw .unreadable("\(error)")
    }
  }

  /// Reads the canonical form.
  package init(canonical text: String) throws(RosterRefusal) {
    do {
      self = try JSONDecoder().decode(RosterContent.self, from: Data(text.utf8))
    } catch {
      throw .unreadable("\(error)")
    }
  }
}

extension RosterContent: Codable {
  private enum CodingKeys: String, CodingKey {
    case number, emergency, rules, zones, horizon
    case effectiveAt = "effective_at"
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    number = try container.decode(Int64.self, forKey: .number)
    effectiveAt = Instant(
      milliseconds: try container.decode(Int64.self, forKey: .effectiveAt))
    isEmergency = try container.decodeIfPresent(Bool.self, forKey: .emergency) ?? false
    rules = try container.decode(RosterRules.self, forKey: .rules)
    zones = try container.decode([String: ZoneOffsets].self, forKey: .zones)
    horizon = Instant(milliseconds: try container.decode(Int64.self, forKey: .horizon))
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(number, forKey: .number)
    try container.encode(effectiveAt.milliseconds, forKey: .effectiveAt)
    try container.encode(isEmergency, forKey: .emergency)
    try container.encode(rules, forKey: .rules)
    try container.encode(zones, forKey: .zones)
    try container.encode(horizon.milliseconds, forKey: .horizon)
  }
}

/// A published roster.
package struct RosterPublication: Hashable, Sendable {
  /// Its row; facts name the roster they were made under by it.
  package var id: RowID
  package var version: RosterVersion
  package var content: RosterContent

  /// `hlc` and `slot` are those of the delta that published it.
  package init(id: RowID, hlc: HLC, slot: Slot, content: RosterContent) {
    self.id = id
    version = RosterVersion(number: content.number, hlc: hlc, slot: slot)
    self.content = content
  }
}
