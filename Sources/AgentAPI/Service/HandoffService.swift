// What the API asks about shift boundaries beside the board.

package import ReplicaCore

/// Which stretch of which office's time a shift report is about.
package struct ShiftQuery: Hashable, Sendable {
  package enum Span: Hashable, Sendable {
    /// The duty slot of the office that runs now, else its last one.
    case current
    /// The duty slot before that.
    case previous
    /// The duty slot that holds an instant of roster time.
    case slot(Instant)
    /// From one instant of roster time to another.
    case time(Instant, Instant)
  }

  /// Nil: the node's office.
  package var office: OfficeID?
  package var span: Span

  package init(office: OfficeID?, span: Span) {
    self.office = office
    self.span = span
  }
}

/// Boundaries: what comes, what was.
package protocol HandoffService: Sendable {
  /// What arrives at the next boundary at which the office (nil: the node's) comes on duty.
  func arrivals(office: OfficeID?) async throws(DeskFailure) -> ArrivalReport
  /// What an office did in a shift, and what it dropped.
  func shiftReport(_ query: ShiftQuery) async throws(DeskFailure) -> ShiftReport
}
