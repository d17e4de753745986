// What a seed stands for: the offices, their clocks, their diligence and what will go wrong.

internal import HelpdeskDomain
internal import ReplicaCore

/// The kinds of faults; each seed switches a random part of them on ("swarm testing", Groce et
/// al. 2012), so that none hides another.
package enum FaultKind: String, CaseIterable, Sendable {
  case cutPair = "cut"
  case cutNode = "cut-node"
  case oneWay = "one-way"
  case flap = "flap"
  case slow = "slow"
  case lostLink = "lost-link"
  case restart = "restart"
  case crash = "crash"
  case crashInCommit = "crash-in-commit"
  case clockJump = "clock-jump"
  case replay = "replay"
  case reorder = "reorder"
  /// An illegal delta; drawn for the rogue node, not among the kinds of a seed.
  case forge = "forge"
}

/// A fault as it was drawn, before it happens.
struct PlannedFault {
  /// Its place in the plan; a run may leave faults out by number without moving the others.
  var number: Int
  var kind: FaultKind
}

/// One stretch of time in which links are up; between two, every office works alone.
struct LinkWindow {
  var start: Instant
  var end: Instant
}

/// Everything drawn from a seed before the run begins.
struct SeedPlan {
  /// An office with its IANA zone and how far its node's clock is off, in milliseconds.
  struct Office {
    var code: OfficeID
    var zone: String
    var skew: Int64
  }

  static let zones = [
    ("paris", "Europe/Paris"), ("denver", "America/Denver"), ("chengdu", "Asia/Shanghai"),
    ("tokyo", "Asia/Tokyo"), ("sydney", "Australia/Sydney"), ("kolkata", "Asia/Kolkata"),
    ("saopaulo", "America/Sao_Paulo"), ("london", "Europe/London"),
    ("auckland", "Pacific/Auckland"), ("losangeles", "America/Los_Angeles"),
  ]

  let seed: UInt64
  let usesStore: Bool
  let start: Instant
  let offices: [Office]
  let acceptWithin: Int
  let handover: Handover
  let faults: [FaultKind]
  let commands: Int
  /// Percent of boundaries at which the incoming lead accepts in time, late, or not at all.
  let acceptInTime: Int
  let acceptLate: Int
  let coverEagerness: Int
  /// Percent of commands that go to the few newest tickets.
  let heat: Int
  let hasRogue: Bool
  /// Numbers of the faults that happen; nil: all that were drawn.
  var kept: Set<Int>?

  var end: Instant { start + SimLimits.duration }

  init(seed: UInt64) {
    var random = SeededRandom(seed)
    self.seed = seed
    usesStore = seed % SimLimits.storeEvery == 0
    // Any minute of 2026, weeks of clock changes among them.
    start = Instant(seconds: 1_767_225_600 + random.between(0, 363 * 1_440) * 60)
    var left = Self.zones
    let skewed = random.chance(50)
    offices = (0..<3).map { _ in
      let (code, zone) = left.remove(at: random.below(left.count))
      let skew = skewed ? random.between(-20_000, 20_000) : random.between(-500, 500)
      return Office(code: OfficeID(code), zone: zone, skew: skew)
    }
    acceptWithin = random.pick([3, 5, 10, 15]) ?? 15
    handover = random.pick([.start, .end, .afterStart(minutes: 30)]) ?? .usual
    faults = FaultKind.allCases.filter { $0 != .forge && random.chance(55) }
    commands = usesStore ? SimLimits.storeCommands : SimLimits.memoryCommands
    acceptInTime = random.pick([25, 50, 80]) ?? 50
    acceptLate = random.pick([30, 70]) ?? 30
    coverEagerness = random.pick([40, 80, 100]) ?? 80
    heat = random.pick([40, 70, 90]) ?? 70
    hasRogue = random.chance(45)
  }

  /// The roster: eight hours each with an hour to hand over in; the first office is the fallback.
  func rules() -> RosterRules {
    let templates = offices.map {
      RosterRules.TemplateOffice(
        $0.code, zone: $0.zone, offsets: KnownZones.offsets($0.zone) ?? .utc)
    }
    var rules = RosterRules.threeByEight(
      templates[0], templates[1], templates[2], reference: start)
    rules.acceptWithin = acceptWithin
    rules.handover = handover
    return rules
  }
}
