// A roster covers every instant once, and whoever reads the publication gets the same slots.

internal import HelpdeskDomain
internal import ReplicaCore

/// Invariant 21 over all publications that a replica holds.
struct DutyCheck {
  let book: DutyBook

  /// Reads the publications anew: what another replica worked out is not used.
  init(_ reading: some DeskReading) {
    book = DutyBooks().book(of: reading.rows(of: Desk.roster)) {
      reading.row(RowRef(Desk.roster, $0))
    }
  }

  /// The slots at instants of a run and beside offset changes of the roster's zones; they must touch
  /// and each must hold its instant.
  func slots(over run: ClosedRange<Instant>, _ random: inout SeededRandom) throws -> [DutySlot] {
    let changes = book.publications.flatMap { $0.content.zones.values.flatMap(\.changes) }
      .map(\.at).sorted()
    var instants = stride(
      from: run.lowerBound.milliseconds, to: run.upperBound.milliseconds, by: 7_200_000
    ).map { Instant(milliseconds: $0) }
    for _ in 0..<3 {
      guard let change = random.pick(changes) else { break }
      instants += [change + -3_600_000, change + -1, change, change + 3_600_000]
    }
    var found: [DutySlot] = []
    for (_, table) in book.allTables {
      for instant in instants {
        let slot = table.slot(at: instant)
        let next = table.slot(at: slot.end)
        guard slot.start <= instant, instant < slot.end, next.start == slot.end,
          table.slot(at: next.start + -1) == slot
        else {
          throw Violation(
            21, "at \(instant) the slot is \(slot.start) to \(slot.end), the next \(next.start)")
        }
        found.append(slot)
      }
    }
    return found
  }
}
