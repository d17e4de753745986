// Counts requests per minute of each user, and of each address that was not let in, so that one
// client cannot take the node for itself.

internal import HelpdeskDomain
internal import ReplicaCore
internal import Synchronization

/// Fixed windows of a minute per user, or per address of strangers.
final class RateLimiter: Sendable {
  enum Caller: Hashable {
    case user(RowID)
    case stranger(String)
  }

  struct Standing: Hashable {
    var limit: Int
    var remaining: Int
    /// Whole seconds until the counter starts anew.
    var resetSeconds: Int
    var isOver: Bool
  }

  private struct Window {
    var start: ContinuousClock.Instant
    var count: Int
  }

  let limit: Int
  private let windows = Mutex<[Caller: Window]>([:])

  init(perMinute limit: Int) { self.limit = limit }

  func count(_ caller: Caller, now: ContinuousClock.Instant = .now) -> Standing {
    windows.withLock { windows in
      if windows.count >= APILimits.countedUsers {
        windows = windows.filter { now - $0.value.start < .seconds(60) }
        // Strangers have as many addresses as they like; users are few.
        if windows.count >= APILimits.countedUsers {
          windows = windows.filter { if case .user = $0.key { true } else { false } }
        }
      }
      var window = windows[caller] ?? Window(start: now, count: 0)
      if now - window.start >= .seconds(60) { window = Window(start: now, count: 0) }
      window.count += 1
      windows[caller] = window
      let passed = Int((now - window.start).components.seconds)
      return Standing(
        limit: limit, remaining: max(0, limit - window.count), resetSeconds: max(1, 60 - passed),
        isOver: window.count > limit)
    }
  }
}
