// Where a ticket belongs: the only part of a ticket, with its grants, that ownership reads.

package import ReplicaCore

/// The value of a ticket's placement register.
package struct Placement: Hashable, Sendable {
  package enum Mode: String, Hashable, Sendable, Codable {
    /// Passes from office to office with the roster.
    case movesOn = "m"
    /// Stays with its home office until it wakes.
    case stays = "s"
  }

  /// ``RowID/none`` where the ticket has no group.
  package var group: RowID
  package var home: OfficeID
  package var mode: Mode
  /// Roster time at which a staying ticket wakes.
  package var wake: Instant?
  /// One more than the weights of the sibling writes that this one replaces; see
  /// ``epoch(of:)``.
  package var weight: UInt64

  package init(
    group: RowID, home: OfficeID, mode: Mode = .movesOn, wake: Instant? = nil, weight: UInt64 = 1
  ) {
    self.group = group
    self.home = home
    self.mode = mode
    self.wake = wake
    self.weight = weight
  }
}

extension Placement {
  /// The value as one text: mode, group, home, wake (milliseconds or `-`), weight, by spaces.
  package var text: String {
    let wake = wake.map { "\($0.milliseconds)" } ?? "-"
    return "\(mode.rawValue) \(group) \(home) \(wake) \(weight)"
  }

  package var value: Value { .text(text) }

  /// Nil where the text is no placement. Further words, of a later version, are left unread.
  package init?(_ text: String) {
    let words = text.split(separator: " ")
    guard words.count >= 5, let mode = Mode(rawValue: String(words[0])),
      let group = Int64(words[1]), group >= 0, OfficeID(String(words[2])).isValid,
      let weight = UInt64(words[4]), weight > 0
    else { return nil }
    var wake: Instant?
    if words[3] != "-" {
      guard let milliseconds = Int64(words[3]) else { return nil }
      wake = Instant(milliseconds: milliseconds)
    }
    self.init(
      group: RowID(group), home: OfficeID(String(words[2])), mode: mode, wake: wake,
      weight: weight)
  }

  package init?(_ value: Value?) {
    guard let text = value?.text, let placement = Placement(text) else { return nil }
    self = placement
  }
}

extension Placement {
  /// The epoch of a ticket's token: the sum of the weights of all siblings, shown or hidden.
  ///
  /// It grows with every placement write that a node applies, in whatever order they come, and is
  /// a function of the set of writes: a write that replaces siblings weighs one more than they
  /// did together, and one that replaces none adds its weight. The stamp of the shown write would
  /// not do: a write by another office than the owner, or under a slow clock, has a lower one.
  package static func epoch(of register: RegisterState) -> UInt64 {
    sum(register.live + register.hidden)
  }

  /// The weight of a write that replaces these siblings of the register.
  package static func weight(replacing dots: [Dot], in register: RegisterState) -> UInt64 {
    let replaced = Set(dots)
    let total = sum((register.live + register.hidden).filter { replaced.contains($0.stamp.dot) })
    return total == .max ? .max : total + 1
  }

  private static func sum(_ writes: [Write]) -> UInt64 {
    writes.reduce(0) { total, write in
      let (sum, overflow) = total.addingReportingOverflow(Placement(write.value)?.weight ?? 1)
      return overflow ? .max : sum
    }
  }
}
