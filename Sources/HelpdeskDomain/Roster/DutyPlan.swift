// The windows and duty slots of one group under one publication, worked out as far as asked for.

internal import ReplicaCore
internal import Synchronization

/// Remembers what it worked out; what it answers depends on the publication and group alone.
final class DutyPlan: Sendable {
  let offices: [OfficeID]
  /// Those that have hours at all.
  let staffed: Set<OfficeID>
  /// Each of these is planned by itself; several only for the hours of offices over all groups.
  private let planners: [WavePlanner]
  /// Nil: only windows are asked for, no slots.
  private let handover: Handover?
  /// Milliseconds since 1970.
  private let from: Int64
  let horizon: Int64
  private let memo: Mutex<DutyTimeline>

  /// How long before the publication takes effect the plan begins, so that the first slot is the
  /// one that would run had the roster always been in force.
  private static let warmUp: Int64 = 8 * 86_400_000
  /// How far ahead of the asked instant the plan is worked out at once.
  private static let ahead: Int64 = 60 * 86_400_000

  init(_ content: RosterContent, planners: [WavePlanner], handover: Handover?) {
    offices = content.rules.officeOrder
    self.planners = planners
    self.handover = handover
    horizon = max(0, min(content.horizon, RosterLimits.farthestHorizon).milliseconds)
    let effective = min(max(0, content.effectiveAt.milliseconds), horizon)
    from = max(0, effective - DutyPlan.warmUp)
    staffed = Set(planners.flatMap { planner in planner.staffed.map { planner.offices[$0] } })
    memo = Mutex(DutyTimeline(offices: content.rules.officeOrder.count, trusted: 0))
  }

  var hasShifts: Bool { planners.contains(where: \.hasShifts) }

  func crew(_ index: Int) -> Crew? { planners.first?.crews[index] }

  /// The slot that holds an instant before the horizon.
  func slot(at instant: Int64) -> PlannedSlot {
    memo.withLock { timeline in
      while true {
        prepare(&timeline, for: instant)
        let index = timeline.slots.partitioned { $0.end > instant }
        if index < timeline.slots.count {
          let slot = timeline.slots[index]
          if slot.windowEnd < timeline.trusted || timeline.trusted == horizon {
            return slot.start <= instant ? slot : PlannedSlot.empty(from: 0, to: from)
          }
        }
        if timeline.trusted == horizon { return .empty(from: horizon, to: .max) }
        grow(&timeline, to: timeline.trusted + 1)
      }
    }
  }

  /// The window of an office that holds an instant.
  func window(of office: OfficeID, at instant: Int64) -> Span? {
    guard let index = offices.firstIndex(of: office) else { return nil }
    return memo.withLock { timeline in
      while true {
        prepare(&timeline, for: instant)
        let span = timeline.windows[index].span(at: instant)
        guard let span else { return nil }
        if span.end < timeline.trusted || timeline.trusted == horizon { return span }
        grow(&timeline, to: timeline.trusted + 1)
      }
    }
  }

  /// The first window of an office that begins after an instant, looked for 60 days ahead.
  func nextWindow(of office: OfficeID, after instant: Int64) -> Span? {
    windows(of: office, from: instant, to: instant + DutyPlan.ahead).first { $0.start > instant }
  }

  /// The windows of an office that touch a stretch of time, whole (the last may go on beyond what
  /// was worked out where it reaches past `to`).
  func windows(of office: OfficeID, from: Int64, to: Int64) -> [Span] {
    guard let index = offices.firstIndex(of: office) else { return [] }
    return memo.withLock { timeline in
      prepare(&timeline, for: min(to, horizon))
      let windows = timeline.windows[index]
      let first = windows.partitioned { $0.end > from }
      return Array(windows[first...].prefix { $0.start < to })
    }
  }

  /// The windows of an office, with the one that ended last before `from`, up to `to`.
  func windowsWithPrevious(of office: OfficeID, from: Int64, to: Int64) -> [Span] {
    guard let index = offices.firstIndex(of: office) else { return [] }
    return memo.withLock { timeline in
      prepare(&timeline, for: min(to, horizon))
      let windows = timeline.windows[index]
      let first = max(0, windows.partitioned { $0.end > from } - 1)
      return Array(windows[first...].prefix { $0.start < to || $0.end <= from })
    }
  }

  /// Works out enough that what lies around an instant is settled.
  private func prepare(_ timeline: inout DutyTimeline, for instant: Int64) {
    if timeline.trusted < min(horizon, instant &+ DutyPlan.ahead / 2) {
      grow(&timeline, to: instant &+ DutyPlan.ahead)
    }
  }

  private func grow(_ timeline: inout DutyTimeline, to wanted: Int64) {
    // Doubling keeps the work of asking day after day in proportion.
    let doubled = timeline.trusted == 0 ? 0 : timeline.trusted + (timeline.trusted - from)
    let trusted = min(horizon, max(wanted, doubled, from + DutyPlan.ahead))
    timeline = DutyTimeline(
      planners, offices: offices.count, handover: handover, from: from, trusted: trusted,
      isLast: trusted == horizon)
  }
}
