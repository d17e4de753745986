// Who is a member: an office that was removed owns nothing.

package import ReplicaCore

/// The offices of the cluster as the membership log says.
package struct OfficeDirectory: Hashable, Sendable {
  package var founding: OfficeID
  /// With at least one node that was not removed.
  package var active: Set<OfficeID>
  /// How many membership records are known: it grows with every change of the two above.
  package var records: Int

  package init(founding: OfficeID, active: Set<OfficeID>, records: Int = 0) {
    self.founding = founding
    self.active = active
    self.records = records
  }

  package func isActive(_ office: OfficeID) -> Bool { active.contains(office) }

  /// The home office, else the founding one, else the first that is left.
  package func resting(home: OfficeID) -> OfficeID {
    if active.contains(home) { return home }
    if active.contains(founding) { return founding }
    return active.min() ?? founding
  }
}
