// Hours of work on one date: one or several starts, and an end or a length.

/// The waves of a shift on a local date.
///
/// With an `end`, every wave lasts to that time on the wall clock, on the next day where it is not
/// after the start. With a length, a wave lasts so many real minutes, whatever the clock does.
package struct WorkHours: Hashable, Sendable {
  package var starts: [ClockTime]
  package var end: ClockTime?
  package var minutes: Int?

  package init(starts: [ClockTime], end: ClockTime) {
    self.starts = starts
    self.end = end
  }

  package init(starts: [ClockTime], minutes: Int) {
    self.starts = starts
    self.minutes = minutes
  }

  /// No hours at all.
  package init() { starts = [] }

  package var isEmpty: Bool { starts.isEmpty && end == nil && minutes == nil }

  /// The keys under which a shift or an override holds its hours. `hours` is read, `minutes` is
  /// what the canonical form writes.
  package enum Keys: String, CodingKey {
    case start, starts, end, hours, minutes
  }

  init<K: CodingKey>(
    from container: KeyedDecodingContainer<K>, _ key: (Keys) -> K
  ) throws {
    starts = try container.decodeIfPresent([ClockTime].self, forKey: key(.starts)) ?? []
    if let start = try container.decodeIfPresent(ClockTime.self, forKey: key(.start)) {
      starts.insert(start, at: 0)
    }
    end = try container.decodeIfPresent(ClockTime.self, forKey: key(.end))
    minutes = try container.decodeIfPresent(Int.self, forKey: key(.minutes))
    if container.contains(key(.hours)) {
      if let whole = try? container.decode(Int.self, forKey: key(.hours)) {
        minutes = whole > 1_000 || whole < -1_000 ? Int.max : whole * 60
      } else {
        let hours = try container.decode(Double.self, forKey: key(.hours))
        minutes = abs(hours) < 1_000 ? Int((hours * 60).rounded()) : Int.max
      }
    }
  }

  func encode<K: CodingKey>(
    to container: inout KeyedEncodingContainer<K>, _ key: (Keys) -> K
  ) throws {
    if !starts.isEmpty { try container.encode(starts, forKey: key(.starts)) }
    try container.encodeIfPresent(end, forKey: key(.end))
    try container.encodeIfPresent(minutes, forKey: key(.minutes))
  }
}
