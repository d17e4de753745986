// A user takes notice of an alarm; every office is to see that somebody has.

internal import ReplicaCore

extension Decider {
  /// Ends nothing: the alarm stands until its cause is gone.
  func acknowledgeAlarm(_ cause: String, note: String?) throws(Refusal) -> Decision {
    try requireUser(.edit)
    var checks = FieldChecks()
    checks.name(cause, "cause")
    checks.characters(note ?? "", "note", maximum: DeskLimits.alarmNoteCharacters)
    try checks.finish()
    let own = view.rows(of: Desk.alarmAck, AlarmAckColumn.cause, .text(cause)).count {
      view.row(Desk.alarmAck, $0).value(AlarmAckColumn.agent) == .integer(actor.user.rawValue)
    }
    // A second notice of the same person without a word says nothing new.
    guard note != nil || own == 0 else { return decision([]) }
    guard own < DeskLimits.alarmNotes else {
      throw .invalid([
        FieldProblem(
          "note", .invalidValue,
          "note: you have taken notice of this alarm \(own) times, at most "
            + "\(DeskLimits.alarmNotes) are kept; write on the ticket, or in a hand-off note")
      ])
    }
    let id = context.newID()
    var row = editor(Desk.alarmAck, id)
    row.set(AlarmAckColumn.cause, cause)
    row.set(AlarmAckColumn.agent, actor.user)
    row.set(AlarmAckColumn.office, actor.office)
    row.set(AlarmAckColumn.note, note)
    return decision([row.change()], created: id)
  }
}
