// Alarms come and go while somebody turns the pages of their list.

internal import HelpdeskDomain
internal import ReplicaCore

/// Where an alarm stands in the list: by when it was raised, then by id.
struct AlarmPlace: ListPlace {
  let raisedAt: Int64
  let id: String

  init(_ alarm: AlarmReport) {
    raisedAt = alarm.raisedAt.instant.milliseconds
    id = alarm.id
  }

  init?(cursor: String) {
    let parts = cursor.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let raisedAt = Int64(parts[0]) else { return nil }
    self.raisedAt = raisedAt
    id = String(parts[1])
  }

  var cursor: String { "\(raisedAt).\(id)" }

  static func < (left: AlarmPlace, right: AlarmPlace) -> Bool {
    (left.raisedAt, left.id) < (right.raisedAt, right.id)
  }
}
