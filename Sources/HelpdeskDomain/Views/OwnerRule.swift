// Whose tickets are an office's at an instant, in terms that an index can be asked in.

package import ReplicaCore

/// Which tickets an office owns at an instant. Made once from the roster and the recorded acts, so
/// that a list need not work out the owner of each ticket.
package struct OwnerRule: Hashable, Sendable {
  /// Roster time.
  package var at: Instant
  /// Groups (``RowID/none``: no group) whose awake tickets the office owns.
  package var groups: [RowID] = []
  /// Groups whose awake tickets rest with their home, since nobody is on duty.
  package var resting: [RowID] = []
  /// Home offices whose resting tickets the office owns.
  package var homes: [OfficeID] = []
  /// Homes that are closed for long, with the group for which they are: what stays there is awake.
  package var closed: [Closed] = []
  /// Tickets whose owner does not follow from where they belong, and those of them that the office
  /// owns.
  package var exceptions: [RowID] = []
  package var owned: [RowID] = []

  package struct Closed: Hashable, Sendable {
    package var group: RowID
    package var home: OfficeID

    package init(group: RowID, home: OfficeID) {
      self.group = group
      self.home = home
    }
  }

  package init(at: Instant) { self.at = at }
}

extension OwnershipView {
  /// The office that holds a ticket of this view's group by the greatest of its running grants;
  /// nil where none runs.
  package func holder(of grants: [OwnershipGrant], group: RowID) -> OfficeID? {
    var running: OwnershipGrant?
    for grant in grants where grant.counts(in: slot, group: group) && isRunning(grant) {
      if let best = running, OwnershipGrant.precedes(grant, best) { continue }
      running = grant
    }
    return running?.office
  }

  /// The office that owns awake tickets without an act of their own or a cover; nil where they
  /// rest with their home.
  package var awakeOffice: OfficeID? {
    slot.office.flatMap { offices.isActive($0) ? $0 : nil }
  }
}

extension DutyBook {
  /// The start of the oldest office window that is open at an instant, under any publication: a
  /// grant that runs then was made no earlier.
  package func oldestOpenWindow(at instant: Instant) -> Instant {
    var oldest = instant
    for (_, table) in allTables {
      for publication in publications {
        guard let segment = table.segment(of: publication.version) else { continue }
        for office in publication.content.rules.officeOrder {
          guard let window = DutyTable.window(of: office, at: instant, in: segment) else {
            continue
          }
          oldest = min(oldest, window.start)
        }
      }
      if table.slot(at: instant).office == nil { return .zero }
    }
    return oldest
  }
}
