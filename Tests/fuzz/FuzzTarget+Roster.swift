// What an operator publishes: roster files.

import HelpdeskDomain
import NodeRuntime
import ReplicaCore

extension FuzzTarget {
  /// A roster that is accepted has one canonical form, and covers every instant of two weeks.
  static func roster(_ input: [UInt8]) throws(BrokenLaw) {
    guard let text = String(validating: input, as: UTF8.self),
      let rules = try? TOMLText(text).decode(RosterRules.self)
    else { return }
    _ = rules.validate { _ in true }
    let now = Instant(milliseconds: 1_790_000_000_000)
    guard
      let content = try? RosterContent.compose(
        rules, number: 1, now: now, isEmergency: true, offsets: { _ in .utc })
    else { return }
    do {
      let again = try RosterContent(canonical: try content.canonicalJSON())
      try BrokenLaw.unless(again, content, "a publication reads as it was written")
    } catch let broken as BrokenLaw { throw broken } catch {
      throw BrokenLaw("an accepted roster cannot be written and read: \(error)")
    }
    try covers(content, from: now)
  }

  private static func covers(_ content: RosterContent, from now: Instant) throws(BrokenLaw) {
    let hlc = HLC(milliseconds: UInt64(now.milliseconds))
    let book = DutyBook([
      RosterPublication(id: RowID(10_001), hlc: hlc, slot: Slot(1), content: content)
    ])
    for group in content.rules.groups.prefix(3) {
      let table = book.table(forGroup: group.name)
      var instant = now
      let end = now + 14 * 86_400_000
      for _ in 0..<2_000 where instant < end {
        let slot = table.slot(at: instant)
        guard slot.start <= instant, instant < slot.end else {
          throw BrokenLaw("the slot at \(instant) does not hold it")
        }
        instant = slot.end
      }
    }
  }
}
