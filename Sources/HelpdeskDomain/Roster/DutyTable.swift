// The duty slots of one group over all publications: every instant has exactly one.

package import ReplicaCore

/// Slots by instant. The first question after an instant works out some weeks; then each is a
/// search.
package final class DutyTable: Sendable {
  /// The stretch in which one publication is in force.
  struct Segment: Sendable {
    var start: Instant
    var end: Instant
    var version: RosterVersion
    var roster: RowID
    var policy: DutyPolicy
    var effectiveAt: Instant
    /// Nil where no roster holds.
    var plan: DutyPlan?
    /// The offices' hours over all groups.
    var officeHours: DutyPlan?
  }

  /// Contiguous from ``Instant/zero`` to ``RosterLimits/latest``.
  let segments: [Segment]

  /// Of every publication, those included that never come into force.
  private let byVersion: [RosterVersion: Segment]

  init(segments: [Segment], all: [Segment]) {
    self.segments = segments
    byVersion = Dictionary(all.map { ($0.version, $0) }, uniquingKeysWith: { first, _ in first })
  }

  func segment(at instant: Instant) -> Segment {
    let index = segments.partitioned { $0.start > instant }
    return segments[max(0, index - 1)]
  }

  func segment(of version: RosterVersion) -> Segment? {
    byVersion[version]
  }

  /// The slot that holds an instant; before 1970 that of 1970.
  package func slot(at instant: Instant) -> DutySlot {
    let instant = DutyTable.clamped(instant)
    let segment = segment(at: instant)
    guard let plan = segment.plan, instant.milliseconds < plan.horizon else {
      return DutyTable.unrostered(segment, at: instant)
    }
    let planned = plan.slot(at: instant.milliseconds)
    guard let office = planned.office else {
      let start = max(segment.start, Instant(milliseconds: planned.start))
      let end = min(segment.end, Instant(milliseconds: planned.end))
      return DutySlot(
        version: segment.version, roster: segment.roster, office: nil, start: start, end: end,
        staffedStart: start, windowEnd: end, languages: [], policy: segment.policy)
    }
    let crew = planned.crew.flatMap(plan.crew)
    return DutySlot(
      version: segment.version, roster: segment.roster, office: plan.offices[office],
      start: max(segment.start, Instant(milliseconds: planned.start)),
      end: min(segment.end, Instant(milliseconds: planned.end)),
      staffedStart: max(segment.start, Instant(milliseconds: planned.staffedStart)),
      windowEnd: Instant(milliseconds: planned.windowEnd), lead: crew?.lead,
      languages: crew?.languages ?? [], policy: segment.policy)
  }

  static func clamped(_ instant: Instant) -> Instant {
    min(max(instant, .zero), RosterLimits.latest + -1)
  }

  private static func unrostered(_ segment: Segment, at instant: Instant) -> DutySlot {
    let horizon = segment.plan.map { Instant(milliseconds: $0.horizon) } ?? segment.start
    let start = max(segment.start, horizon)
    return DutySlot(
      version: segment.version, roster: segment.roster, office: nil, start: start,
      end: segment.end, staffedStart: start, windowEnd: segment.end, languages: [],
      policy: segment.policy)
  }

  /// The slots that touch a stretch of time, in order; the first and last may reach past it.
  package func slots(from: Instant, to: Instant) -> [DutySlot] {
    var slots: [DutySlot] = []
    var instant = max(from, .zero)
    while instant < to {
      let slot = slot(at: instant)
      slots.append(slot)
      instant = slot.end
      if instant >= RosterLimits.latest { break }
    }
    return slots
  }

  /// The window of an office that holds an instant, by the publication in force then: in this
  /// group, else over all groups. Where no roster holds, every office is always open.
  package func window(of office: OfficeID, at instant: Instant) -> OfficeWindow? {
    DutyTable.window(of: office, at: instant, in: segment(at: instant))
  }

  static func window(
    of office: OfficeID, at instant: Instant, in segment: Segment
  ) -> OfficeWindow? {
    guard let plan = segment.plan, instant.milliseconds < plan.horizon else {
      return OfficeWindow(office: office, start: segment.start, end: RosterLimits.latest)
    }
    let span =
      plan.window(of: office, at: instant.milliseconds)
      ?? segment.officeHours?.window(of: office, at: instant.milliseconds)
    return span.map {
      OfficeWindow(
        office: office, start: Instant(milliseconds: $0.start),
        end: Instant(milliseconds: $0.end))
    }
  }

  /// When an office opens next after an instant; nil where it does not within 60 days.
  package func opening(of office: OfficeID, after instant: Instant) -> Instant? {
    let instant = DutyTable.clamped(instant)
    let segment = segment(at: instant)
    let starts = [segment.plan, segment.officeHours].compactMap {
      $0?.nextWindow(of: office, after: instant.milliseconds)?.start
    }
    return starts.min().map { Instant(milliseconds: $0) }
  }
}
