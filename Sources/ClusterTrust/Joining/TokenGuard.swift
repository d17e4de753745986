// A 256-bit secret cannot be guessed; this keeps anybody from trying loudly.

package import ReplicaCore

/// Counts attempts per address: ``TrustLimits/attempts`` in any ``TrustLimits/attemptWindow``.
package struct TokenGuard: Hashable, Sendable {
  private var attempts: [String: [Instant]] = [:]

  package init() {}

  /// Whether an attempt from this address (without its port) may be looked at now. A refused attempt
  /// does not count, so whoever waits is let in again. At most ``TrustLimits/guardedAddresses``
  /// addresses are remembered; beyond that the one longest silent is forgotten.
  package mutating func allows(_ address: String, now: Instant) -> Bool {
    let recent = (attempts[address] ?? []).filter { Self.counts($0, now) }
    guard recent.count < TrustLimits.attempts else {
      attempts[address] = recent
      return false
    }
    if attempts[address] == nil, attempts.count >= TrustLimits.guardedAddresses { makeRoom(now) }
    attempts[address] = recent + [now]
    return true
  }

  /// How many addresses are remembered.
  package var addressCount: Int { attempts.count }

  private mutating func makeRoom(_ now: Instant) {
    attempts = attempts.filter { $0.value.contains { Self.counts($0, now) } }
    guard attempts.count >= TrustLimits.guardedAddresses else { return }
    let silent = attempts.min {
      ($0.value.last ?? .zero, $0.key) < ($1.value.last ?? .zero, $1.key)
    }
    if let silent { attempts[silent.key] = nil }
  }

  /// A clock that jumped back must not lock anybody out for the length of the jump.
  private static func counts(_ attempt: Instant, _ now: Instant) -> Bool {
    abs(now - attempt) < TrustLimits.attemptWindow
  }
}
