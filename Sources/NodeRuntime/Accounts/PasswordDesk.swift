// scrypt costs 50 ms and 16 MiB a time: few run at once, away from the event loops.

internal import ClusterTrust
internal import Foundation
internal import ReplicaCore
internal import Synchronization

/// Hashes and verifies passwords, a bounded number at a time.
final class PasswordDesk: Sendable {
  /// Nothing more is taken in now.
  struct Busy: Error {}

  /// Checks that may be in work or in the queue; at 50 ms each the last waits seconds.
  private static let places = 64

  private struct Check {
    var waiting: [CheckedContinuation<Bool, Never>] = []
  }

  private struct State {
    var taken = 0
    /// Checks under way, by digest of account, hash and password: who asks the same waits for that
    /// answer.
    var checks: [Digest: Check] = [:]
  }

  private let state = Mutex(State())
  private let workers = OperationQueue()

  /// - Parameter atOnce: how many run side by side; half of the machine, unless said otherwise.
  init(atOnce: Int = ProcessInfo.processInfo.activeProcessorCount / 2) {
    workers.maxConcurrentOperationCount = max(1, atOnce)
  }

  /// The scrypt hash of a new password; waits for its turn.
  func hash(_ password: String) async throws(PasswordError) -> PasswordHash {
    let result = await withCheckedContinuation {
      (answer: CheckedContinuation<Result<PasswordHash, PasswordError>, Never>) in
      workers.addOperation { answer.resume(returning: Self.made(password)) }
    }
    return try result.get()
  }

  private static func made(_ password: String) -> Result<PasswordHash, PasswordError> {
    var random = SystemRandomNumberGenerator()
    do throws(PasswordError) {
      return .success(try PasswordHash.make(password, using: &random))
    } catch { return .failure(error) }
  }

  /// Whether this very check is under way: then another try at it is no further guess.
  func isChecking(_ digest: Digest) -> Bool { state.withLock { $0.checks[digest] != nil } }

  /// Whether the password is the one of the hash; `digest` names the two. Throws ``Busy``.
  func verify(_ password: String, _ hash: PasswordHash, digest: Digest) async throws(Busy) -> Bool {
    let isFirst = state.withLock { state -> Bool? in
      if state.checks[digest] != nil { return false }
      guard state.taken < Self.places else { return nil }
      state.taken += 1
      state.checks[digest] = Check()
      return true
    }
    guard let isFirst else { throw Busy() }
    return await withCheckedContinuation { answer in
      let joined = state.withLock { state in
        guard state.checks[digest] != nil else { return false }
        state.checks[digest]?.waiting.append(answer)
        return true
      }
      if joined, isFirst { start(password, hash, digest) }
      // The check ended between the two looks: then this one runs by itself.
      if !joined { workers.addOperation { answer.resume(returning: hash.verifies(password)) } }
    }
  }

  private func start(_ password: String, _ hash: PasswordHash, _ digest: Digest) {
    workers.addOperation { [self] in
      let isRight = hash.verifies(password)
      let check = state.withLock { state in
        state.taken -= 1
        return state.checks.removeValue(forKey: digest)
      }
      for answer in check?.waiting ?? [] { answer.resume(returning: isRight) }
    }
  }
}
