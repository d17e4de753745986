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
  /// A named place at which the shipped path dies or fails.
  case failpoint = "failpoint"
  case torn = "torn-write"
  case diskFull = "disk-full"
  case removal = "removal"
  case loss = "loss"
  case restoredBackup = "restored-backup"
  case clonedDatabase = "cloned-database"
  case duplication = "duplication"
  case clockJump = "clock-jump"
  case replay = "replay"
  case reorder = "reorder"
  /// An illegal delta; drawn for the rogue node, not among the kinds of a seed.
  case forge = "forge"
  /// A write into columns that only the guest's newer release knows; drawn for such a guest.
  case newerColumns = "newer-columns"
}

extension FaultKind {
  /// How often a kind that is switched on is drawn for a stretch with links, in percent.
  var percent: Int {
    switch self {
    case .failpoint: 40
    // Once for all: a removed node does not come back.
    case .removal: 4
    default: 14
    }
  }
}

/// A fault as it was drawn, before it happens.
struct PlannedFault {
  /// Its place in the plan; a run may leave faults out by number without moving the others.
  var number: Int
  var kind: FaultKind
}

/// A further node that writes what no decision of this release makes.
enum Guest {
  /// Its operator writes illegal deltas by hand, and signs them properly.
  case rogue
  /// It runs a newer release, with columns and entities that are not known here.
  case newer
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
  /// Percent of boundaries at which the incoming lead accepts in time, late, or not at all.
  let acceptInTime: Int
  let acceptLate: Int
  let coverEagerness: Int
  /// Percent of commands that go to the few newest tickets.
  let heat: Int
  /// Who works at a further node of the second office, if there is one.
  let guest: Guest?
  /// Credit and batches of the run's sessions, in bytes.
  let flow: SessionFlow
  /// Numbers of the faults that happen; nil: all that were drawn.
  var kept: Set<Int>?

  /// Three to seven; few more often, since every node takes in what every other one does.
  private static func officeCount(_ usesStore: Bool, _ random: inout SeededRandom) -> Int {
    random.pick(usesStore ? [3, 3, 3, 4, 5] : [3, 3, 3, 3, 4, 4, 5, 5, 6, 7]) ?? 3
  }

  /// Whether the offices at both ends talk to each other by day: a ring and some chords, so that
  /// deltas are relayed. After the heal everybody talks to everybody.
  func talksByDay(_ a: Int, _ b: Int) -> Bool {
    let apart = abs(a - b)
    guard offices.count > 3, b < offices.count, apart != 1, apart != offices.count - 1 else {
      return true
    }
    var chance = SeededRandom(seed ^ UInt64(a * 16 + b))
    return chance.chance(25)
  }

  var end: Instant { start + SimLimits.duration }

  init(seed: UInt64) {
    var random = SeededRandom(seed)
    self.seed = seed
    usesStore = seed % SimLimits.storeEvery == 0
    // Any minute of 2026, weeks of clock changes among them.
    start = Instant(seconds: 1_767_225_600 + random.between(0, 363 * 1_440) * 60)
    var left = Self.zones
    let skewed = random.chance(50)
    offices = (0..<Self.officeCount(usesStore, &random)).map { _ in
      let (code, zone) = left.remove(at: random.below(left.count))
      let skew = skewed ? random.between(-20_000, 20_000) : random.between(-500, 500)
      return Office(code: OfficeID(code), zone: zone, skew: skew)
    }
    acceptWithin = random.pick([3, 5, 10, 15]) ?? 15
    handover = random.pick([.start, .end, .afterStart(minutes: 30)]) ?? .usual
    faults = FaultKind.allCases.filter { $0 != .forge && $0 != .newerColumns && random.chance(55) }
    acceptInTime = random.pick([25, 50, 80]) ?? 50
    acceptLate = random.pick([30, 70]) ?? 30
    coverEagerness = random.pick([40, 80, 100]) ?? 80
    heat = random.pick([40, 70, 90]) ?? 70
    let drawn = random.below(100)
    guest = drawn < 40 ? .rogue : drawn < 65 ? .newer : nil
    flow =
      random.pick([
        SessionFlow(), SessionFlow(), SessionFlow(credit: 8_000, batch: 1_000),
        SessionFlow(credit: 20_000, batch: 6_000), SessionFlow(batch: Int(Limits.creditBytes)),
      ]) ?? SessionFlow()
  }

  /// The roster: an equal part of the day each with an hour to hand over in; the first office is
  /// the fallback.
  func rules() -> RosterRules {
    let templates = offices.map {
      RosterRules.TemplateOffice(
        $0.code, zone: $0.zone, offsets: KnownZones.offsets($0.zone) ?? .utc)
    }
    var rules = RosterRules.aroundTheClock("the day in equal parts", templates, 60, start)
    rules.acceptWithin = acceptWithin
    rules.handover = handover
    return rules
  }
}
