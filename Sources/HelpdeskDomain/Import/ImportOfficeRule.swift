// The log names no office: this stable rule spreads its incidents over offices.

package import ReplicaCore

/// Incident → home office, by the assignment group of its first snapshot.
///
/// A group named in `explicit` goes to its office. Any other goes to
/// `offices[FNV-1a-64(UTF-8 name) mod offices.count]`, offices in founding order. Where the first
/// snapshot knows no group, its location stands in, and then the incident number.
package struct ImportOfficeRule: Hashable, Sendable {
  package let explicit: [String: OfficeID]
  package let offices: [OfficeID]

  /// Nil where there is no office to choose from.
  package init?(offices: [OfficeID], explicit: [String: OfficeID] = [:]) {
    guard !offices.isEmpty else { return nil }
    self.offices = offices
    self.explicit = explicit
  }

  package func office(of first: IncidentSnapshot) -> OfficeID {
    office(named: first[.assignmentGroup] ?? first[.location] ?? first.number)
  }

  package func office(named name: String) -> OfficeID {
    explicit[name] ?? offices[Int(Self.hash(name) % UInt64(offices.count))]
  }

  /// Source: Fowler, Noll, Vo; draft-eastlake-fnv, 64-bit FNV-1a.
  static func hash(_ text: String) -> UInt64 {
    text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
  }
}
