// Accounts given out by somebody who had been disabled by then, as alarms.

internal import AgentAPI
internal import HelpdeskDomain
internal import ReplicaCore
internal import ReplicaStore
internal import Synchronization

/// What the last look found; looking reads all accounts, so it is done once a minute.
final class LateBook: Sendable {
  private struct State {
    var lookedAt: Instant?
    var found: [LateAccount] = []
  }

  private let state = Mutex(State())

  /// Whether to look again; counts as a look.
  func isDue(_ now: Instant, every milliseconds: Int64) -> Bool {
    state.withLock { state in
      if let last = state.lookedAt, abs(now - last) < milliseconds { return false }
      state.lookedAt = now
      return true
    }
  }

  func set(_ found: [LateAccount]) { state.withLock { $0.found = found } }

  var alarms: [AlarmReport] {
    state.withLock { $0.found }.map { late in
      let isToken = late.row.entity == Desk.token
      let remedy = isToken ? token(late) : user(late)
      return AlarmReport(
        id: "late-\(isToken ? "token" : "user")-\(late.row.id)", kind: "late_account",
        ticketID: nil, groupID: nil, office: nil, raisedAt: WireTime(late.at),
        message: "User \(late.author) had been disabled and, where that was not known yet, "
          + remedy)
    }
  }

  private func token(_ late: LateAccount) -> String {
    let id = late.row.id
    return "made token \(id) of user \(late.user): `helio token revoke \(id)`, or leave it if it "
      + "is in order."
  }

  private func user(_ late: LateAccount) -> String {
    "gave user \(late.user) a role or a password: `helio user disable \(late.user)`, or give both "
      + "anew if they are in order."
  }
}
