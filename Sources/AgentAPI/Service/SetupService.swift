// Views, macros and schedules as the API needs them.

package import HelpdeskDomain
package import ReplicaCore

/// What a desk has set up, and the tickets of its views. Who may see what is decided here: shared
/// things by everybody who reads the desk, those of a group by its members and by leads, personal
/// ones by their owner alone; what one may not see is not there.
package protocol SetupService: Sendable {
  /// By position.
  func views(for actor: Actor) async throws(DeskFailure) -> [ViewRecord]
  func view(_ id: RowID, for actor: Actor) async throws(DeskFailure) -> ViewRecord?
  /// A page of the tickets that conditions find now, as the actor (`current_user`). Conditions
  /// that are not understood are refused as `invalid`.
  func tickets(_ query: ViewQuery, as actor: Actor) async throws(DeskFailure)
    -> Page<TicketRecord>
  func ticketCount(_ conditions: ViewConditions, as actor: Actor) async throws(DeskFailure) -> Int
  /// The newest comment of each ticket that has any.
  func lastComments(of tickets: [RowID]) async throws(DeskFailure) -> [RowID: CommentRecord]

  /// By position.
  func macros(for actor: Actor) async throws(DeskFailure) -> [MacroRecord]
  func macro(_ id: RowID, for actor: Actor) async throws(DeskFailure) -> MacroRecord?

  func schedules() async throws(DeskFailure) -> [ScheduleRecord]
  func schedule(_ id: RowID) async throws(DeskFailure) -> ScheduleRecord?
  func holidays(of schedule: RowID) async throws(DeskFailure) -> [HolidayRecord]
}
