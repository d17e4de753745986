// How duty passes from window to window: the scan that gives every instant exactly one office.

/// A duty slot as planned, before publications cut one another off. Milliseconds since 1970.
struct PlannedSlot: Hashable, Sendable {
  /// Index into the roster order; nil where no window follows any more.
  var office: Int?
  var start: Int64
  var end: Int64
  /// Where the slot begins with a gap, the end of the gap.
  var staffedStart: Int64
  /// End of the office's window.
  var windowEnd: Int64
  var crew: Int?

  static func empty(from start: Int64, to end: Int64) -> PlannedSlot {
    PlannedSlot(office: nil, start: start, end: end, staffedStart: start, windowEnd: end)
  }
}

/// Windows and slots from one instant to another.
struct DutyTimeline: Sendable {
  /// Everything that ends before this is settled. Milliseconds since 1970.
  private(set) var trusted: Int64
  /// By office in roster order; ordered by time.
  private(set) var windows: [[Span]]
  /// Contiguous from the start of the plan, up to `trusted` at the latest.
  private(set) var slots: [PlannedSlot] = []

  init(offices: Int, trusted: Int64) {
    self.trusted = trusted
    windows = Array(repeating: [], count: offices)
  }

  /// Windows, and with a handover rule slots too. `isLast`: nothing comes after `trusted`, so that
  /// what is left until there is one last slot.
  init(
    _ planners: [WavePlanner], offices: Int, handover: Handover?, from: Int64, trusted: Int64,
    isLast: Bool
  ) {
    self.init(offices: offices, trusted: trusted)
    let waves = DutyTimeline.waves(planners, offices: offices, from: from, trusted: trusted)
    windows = waves.map { DutyTimeline.union($0, cutAt: isLast ? trusted : .max) }
    guard let handover else { return }
    var scan = DutyScan(windows: windows, handover: handover, from: from, until: trusted)
    slots = scan.run()
    if isLast {
      let end = slots.last?.end ?? from
      if end < trusted { slots.append(.empty(from: end, to: trusted)) }
    }
    for index in slots.indices {
      guard let office = slots[index].office else { continue }
      let at = slots[index].staffedStart
      // The crew that came last is the one that takes over.
      let next = waves[office].partitioned { $0.span.start > at }
      let wave = waves[office][..<next].last { $0.span.contains(at) }
      slots[index].crew = wave?.crew
    }
  }

  private static func waves(
    _ planners: [WavePlanner], offices: Int, from: Int64, trusted: Int64
  ) -> [[Wave]] {
    // A local date begins at most 26 h from the UTC date, and a wave lasts at most a day or,
    // by the wall clock over a change, a little more.
    let first = Int(from / 86_400_000) - 3
    let last = Int(trusted / 86_400_000) + 2
    var byOffice: [[Wave]] = Array(repeating: [], count: offices)
    var waves: [Wave] = []
    for planner in planners {
      for day in first...last {
        waves.removeAll(keepingCapacity: true)
        planner.waves(on: day, into: &waves)
        for wave in waves where wave.span.end > from { byOffice[wave.office].append(wave) }
      }
    }
    return byOffice.map { waves in
      waves.sorted { ($0.span.start, $0.span.end, $0.crew) < ($1.span.start, $1.span.end, $1.crew) }
    }
  }

  private static func union(_ waves: [Wave], cutAt limit: Int64) -> [Span] {
    var windows: [Span] = []
    for wave in waves where wave.span.start < limit {
      let end = min(wave.span.end, limit)
      if let last = windows.last, wave.span.start <= last.end {
        windows[windows.count - 1].end = max(last.end, end)
      } else {
        windows.append(Span(start: wave.span.start, end: end))
      }
    }
    return windows
  }
}

/// Gives duty from window to window.
///
/// The office on duty keeps it until a window that began strictly later reaches its handover
/// instant, or until its own window ends; then the open window that began last follows, and of
/// several the first in roster order. Where none is open, the next to begin follows, and the gap
/// is part of its slot.
private struct DutyScan {
  let windows: [[Span]]
  let handover: Handover
  let until: Int64
  /// All windows by (start, roster order).
  private let queue: [(office: Int, span: Span)]
  private var time: Int64

  init(windows: [[Span]], handover: Handover, from: Int64, until: Int64) {
    self.windows = windows
    self.handover = handover
    self.until = until
    time = from
    queue = windows.enumerated().flatMap { office, spans in spans.map { (office, $0) } }
      .sorted { ($0.span.start, $0.office) < ($1.span.start, $1.office) }
  }

  mutating func run() -> [PlannedSlot] {
    var slots: [PlannedSlot] = []
    var holder = lastBegun(at: time)
    while time < until {
      let start = time
      if holder == nil {
        let next = queue.partitioned { $0.span.start >= start }
        guard next < queue.count else { break }
        holder = queue[next]
      }
      guard let current = holder else { break }
      let staffed = max(start, current.span.start)
      let end = boundary(current, from: staffed)
      guard end.at <= until, end.at > start else { break }
      slots.append(
        PlannedSlot(
          office: current.office, start: start, end: end.at, staffedStart: staffed,
          windowEnd: current.span.end))
      time = end.at
      holder = end.successor
    }
    return slots
  }

  private func boundary(
    _ current: (office: Int, span: Span), from staffed: Int64
  ) -> (at: Int64, successor: (office: Int, span: Span)?) {
    let wait: Int64? =
      switch handover {
      case .start: 0
      case .end: nil
      case .afterStart(let minutes): Int64(minutes) * 60_000
      }
    if let wait {
      // Those that can take over began after the holder, and reach their instant in this slot.
      let after = max(current.span.start, staffed - wait)
      for other in queue[queue.partitioned { $0.span.start > after }...] {
        let at = other.span.start + wait
        if at >= current.span.end { break }
        if at < other.span.end { return (at, other) }
      }
    }
    return (current.span.end, lastBegun(at: current.span.end))
  }

  /// The open window that began last; of several the first in roster order.
  private func lastBegun(at instant: Int64) -> (office: Int, span: Span)? {
    var best: (office: Int, span: Span)?
    for (office, spans) in windows.enumerated() {
      guard let span = spans.span(at: instant) else { continue }
      if span.start > best?.span.start ?? .min { best = (office, span) }
    }
    return best
  }
}
