// The offset changes of a zone are read from the system's zone file when a roster is published.
//
// Foundation on Linux carries its own copy of the zone rules and looks at neither the system's
// files nor TZDIR, so that a new tzdata would never reach a roster. The files are the authority.

package import ReplicaCore

extension ZoneOffsets {
  /// Reads a zone file in TZif form, version 2 or later; nil where it is malformed.
  ///
  /// Reading the file is the caller's part; see ``isSafeZoneName(_:)`` for its name.
  /// Source: RFC 9636.
  package init?(
    zoneFile bytes: [UInt8], from: Instant = RosterLimits.zonesFrom,
    until: Instant = RosterLimits.zonesUntil
  ) {
    guard let file = ZoneFile(bytes) else { return nil }
    self.init(file, from: from, until: until)
  }

  init(_ file: ZoneFile, from: Instant, until: Instant) {
    var initial = file.first
    var changes: [Change] = []
    var all = file.changes
    if let rule = file.rule {
      let last = all.last?.at ?? Int64.min
      let years = CivilDate(utc: from).year - 1...CivilDate(utc: until).year
      let later = years.flatMap { rule.changes(in: $0) }.filter { $0.at > last }
      all += later.map { ($0.at, $0.seconds) }
    }
    for change in all where change.at < until.seconds {
      if change.at <= from.seconds {
        initial = change.seconds
      } else {
        changes.append(Change(at: Instant(seconds: change.at), seconds: change.seconds))
      }
    }
    self.init(initial: initial, changes: changes)
  }

  /// Whether a zone name may be looked up as a file below the zone directory.
  package static func isSafeZoneName(_ name: String) -> Bool {
    (1...64).contains(name.utf8.count) && !name.hasPrefix("/") && !name.hasSuffix("/")
      && !name.contains("..")
      && name.utf8.allSatisfy {
        (0x41...0x5A).contains($0 & 0xDF) || (0x30...0x39).contains($0)
          || [0x2B, 0x2D, 0x2F, 0x5F].contains($0)
      }
  }
}

/// The changes that a zone file lists, and its rule for the time after them.
struct ZoneFile: Sendable {
  var first: Int
  var changes: [(at: Int64, seconds: Int)]
  var rule: PosixZoneRule?

  init(first: Int, changes: [(at: Int64, seconds: Int)], rule: PosixZoneRule?) {
    self.first = first
    self.changes = changes
    self.rule = rule
  }

  init?(_ bytes: [UInt8]) {
    // The first block has 32-bit times, for old readers; the second repeats it in 64 bits.
    guard let old = ZoneFileHeader(bytes, at: 0), bytes[4] >= 0x32,
      let header = ZoneFileHeader(bytes, at: 44 + old.length(timeBytes: 4))
    else { return nil }
    var position = header.start + 44
    guard position + header.length(timeBytes: 8) <= bytes.count, header.types > 0 else {
      return nil
    }
    let times = (0..<header.times).map { Int64(truncatingIfNeeded: word(position + $0 * 8, 8)) }
    position += header.times * 8
    let kinds = bytes[position..<position + header.times]
    position += header.times
    let offsets = (0..<header.types).map {
      Int(Int32(truncatingIfNeeded: word(position + $0 * 6, 4)))
    }
    guard kinds.allSatisfy({ $0 < header.types }), offsets.allSatisfy({ abs($0) < 93_600 }),
      zip(times, times.dropFirst()).allSatisfy({ $0 < $1 })
    else { return nil }
    first = offsets[0]
    changes = zip(times, kinds).map { ($0, offsets[Int($1)]) }
    let footer = bytes[(header.start + 44 + header.length(timeBytes: 8))...]
    guard footer.first == 0x0A, let end = footer.dropFirst().firstIndex(of: 0x0A) else {
      return nil
    }
    let text = String(decoding: footer.dropFirst().prefix(upTo: end), as: UTF8.self)
    if !text.isEmpty {
      guard let rule = PosixZoneRule(text) else { return nil }
      self.rule = rule
    }

    func word(_ start: Int, _ width: Int) -> UInt64 {
      bytes[start..<start + width].reduce(0) { $0 << 8 | UInt64($1) }
    }
  }
}

private struct ZoneFileHeader {
  var start: Int
  var utcFlags: Int
  var standardFlags: Int
  var leaps: Int
  var times: Int
  var types: Int
  var letters: Int

  init?(_ bytes: [UInt8], at start: Int) {
    guard start >= 0, bytes.count >= start + 44,
      bytes[start..<start + 4].elementsEqual("TZif".utf8)
    else { return nil }
    let counts = (0..<6).map { index in
      bytes[start + 20 + index * 4..<start + 24 + index * 4].reduce(0) { $0 << 8 | Int($1) }
    }
    guard counts.allSatisfy({ $0 <= 100_000 }) else { return nil }
    self.start = start
    (utcFlags, standardFlags, leaps) = (counts[0], counts[1], counts[2])
    (times, types, letters) = (counts[3], counts[4], counts[5])
  }

  func length(timeBytes: Int) -> Int {
    times * (timeBytes + 1) + types * 6 + letters + leaps * (timeBytes + 4) + standardFlags
      + utcFlags
  }
}
