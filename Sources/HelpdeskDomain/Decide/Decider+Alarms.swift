// A user takes notice of an alarm; every office is to see that somebody has.

internal import ReplicaCore

extension Decider {
  /// Ends nothing: the alarm stands until its cause is gone.
  func acknowledgeAlarm(_ cause: String, note: String?) throws(Refusal) -> Decision {
    try requireUser(.edit)
    var checks = FieldChecks()
    checks.name(cause, "cause")
    checks.bytes(note ?? "", "note", maximum: DeskLimits.noteBytes)
    try checks.finish()
    let known = view.rows(of: Desk.alarmAck, AlarmAckColumn.cause, .text(cause))
    // A second notice of the same person without a word says nothing new.
    let isRepeat = known.contains {
      view.row(Desk.alarmAck, $0).value(AlarmAckColumn.agent) == .integer(actor.user.rawValue)
    }
    guard note != nil || !isRepeat else { return decision([]) }
    let id = context.newID()
    var row = editor(Desk.alarmAck, id)
    row.set(AlarmAckColumn.cause, cause)
    row.set(AlarmAckColumn.agent, actor.user)
    row.set(AlarmAckColumn.office, actor.office)
    row.set(AlarmAckColumn.note, note)
    return decision([row.change()], created: id)
  }
}
