// Which stretch of roster time a shift report is about.

internal import AgentAPI
internal import HelpdeskDomain
internal import ReplicaCore

extension DutyReading {
  /// How many slots back a shift is looked for.
  private static let slotsBack = 100

  /// From where to where; throws what the one who asks should do instead.
  func span(
    _ span: ShiftQuery.Span, of office: OfficeID, at now: Instant
  ) throws(DeskFailure) -> (from: Instant, to: Instant) {
    let found: (from: Instant, to: Instant)
    switch span {
    case .time(let from, let to): found = (from, to)
    case .slot(let instant): found = try slot(of: office, holding: instant)
    case .current: found = try lastSlot(of: office, before: now)
    case .previous:
      let current = try lastSlot(of: office, before: now)
      found = try lastSlot(of: office, before: current.from + -1)
    }
    guard found.from < now else {
      throw Self.invalid("lies in the future: the shift begins at \(WireTime(found.from))")
    }
    return found
  }

  private func slot(
    of office: OfficeID, holding instant: Instant
  ) throws(DeskFailure) -> (from: Instant, to: Instant) {
    let slots = book.allTables.map { $0.table.slot(at: instant) }.filter { $0.office == office }
    guard let slot = slots.max(by: { $0.start < $1.start }) else {
      throw Self.invalid(
        "\(office) was not on duty at \(WireTime(instant)); `/ownership?at=` says who was")
    }
    return (slot.start, slot.end)
  }

  /// The slot of the office that began last, over all groups.
  private func lastSlot(
    of office: OfficeID, before instant: Instant
  ) throws(DeskFailure) -> (from: Instant, to: Instant) {
    var last: DutySlot?
    for (_, table) in book.allTables {
      var slot = table.slot(at: instant)
      for _ in 0..<Self.slotsBack {
        if slot.office == office {
          if slot.start > last?.start ?? .zero { last = slot }
          break
        }
        guard slot.start > .zero else { break }
        slot = table.slot(at: slot.start + -1)
      }
    }
    guard let last else {
      throw Self.invalid(
        "the roster gives \(office) no duty slot before \(WireTime(instant)); give from and to")
    }
    return (last.start, last.end)
  }

  private static func invalid(_ words: String) -> DeskFailure {
    .refused(.invalid([FieldProblem("slot", .invalidValue, "slot: \(words)")]))
  }
}
