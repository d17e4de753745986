// Who is calling: passwords and tokens against the replica, offline like everything else.

internal import AgentAPI
internal import ClusterTrust
internal import HelpdeskDomain
internal import ReplicaCore
internal import ReplicaStore
internal import Synchronization

/// Checks credentials on the local replica and slows down guessing.
final class AgentAccounts: Authenticator {
  /// After so many wrong passwords in a row the wait begins; it doubles each time.
  private static let freeTries = 5
  private static let longestWait: Int64 = 15 * 60_000

  private struct Failures {
    var count = 0
    var until = Instant.zero
  }

  private struct State {
    var failures: [String: Failures] = [:]
    /// Passwords that scrypt accepted lately: digest of (hash, password) → time.
    var accepted: [Digest: Instant] = [:]
  }

  private let state = Mutex(State())
  private let store: ReplicaStore
  private let office: @Sendable () -> OfficeID
  private let now: @Sendable () -> Instant

  init(
    store: ReplicaStore, office: @escaping @Sendable () -> OfficeID,
    now: @escaping @Sendable () -> Instant
  ) {
    self.store = store
    self.office = office
    self.now = now
  }

  func operatorActor() async -> Actor {
    Actor(user: .none, role: .admin, office: office(), authority: nil, via: .cli)
  }

  func actor(actingAs email: String) async -> Actor? {
    guard let user = await record({ try $0.user(email: email) }) else { return nil }
    var actor = try? actor(user)
    actor?.via = .cli
    return actor
  }

  func actor(
    for credential: Credential, from address: String
  ) async throws(AuthenticationFailure) -> Actor {
    switch credential {
    case .bearer(let token): return try await byToken(token, email: nil)
    case .token(let email, let token): return try await byToken(token, email: email)
    case .password(let email, let password):
      return try await byPassword(email, password, key: email.lowercased())
    }
  }

  /// 256 random bits are not guessed, so a wrong token costs no wait: one broken script must not
  /// lock out everybody else behind the same address.
  private func byToken(
    _ text: String, email: String?
  ) async throws(AuthenticationFailure) -> Actor {
    guard let token = APIToken(text) else { throw AuthenticationFailure() }
    let found = await record { try $0.token(hash: token.hash.description) }
    guard let found, !found.revoked, found.expiresAt.map({ now() < $0 }) ?? true,
      let user = await record({ try $0.user(found.user) })
    else { throw AuthenticationFailure() }
    if let email, user.email?.lowercased() != email.lowercased() {
      throw AuthenticationFailure()
    }
    return try actor(user)
  }

  private func byPassword(
    _ email: String, _ password: String, key: String
  ) async throws(AuthenticationFailure) -> Actor {
    try waitOver(key)
    let user = await record { try $0.user(email: email) }
    // An unknown address costs as much time as a known one.
    let hash = user?.passwordHash.flatMap { PasswordHash(encoded: $0) } ?? PasswordHash.decoy
    guard verified(hash, password), let user, user.passwordHash != nil else { throw failed(key) }
    state.withLock { $0.failures[key] = nil }
    return try actor(user)
  }

  /// scrypt takes a tenth of a second; a client that sends Basic with each request pays it once
  /// in five minutes.
  private func verified(_ hash: PasswordHash, _ password: String) -> Bool {
    let digest = Digest.sha256(Array(hash.encoded.utf8), [0], Array(password.utf8))
    let now = now()
    let fresh = state.withLock { state in
      state.accepted = state.accepted.filter { now - $0.value < 300_000 }
      return state.accepted[digest] != nil
    }
    if fresh { return true }
    guard hash.verifies(password) else { return false }
    state.withLock { $0.accepted[digest] = now }
    return true
  }

  private func actor(_ user: UserRecord) throws(AuthenticationFailure) -> Actor {
    guard user.active else { throw AuthenticationFailure() }
    return Actor(
      user: user.id, role: user.role, office: user.office ?? office(), authority: user.roleDot)
  }

  private func record<T: Sendable>(
    _ read: @escaping @Sendable (ReadView) throws -> T?
  ) async -> T? {
    try? await store.read(read)
  }

  private func waitOver(_ key: String) throws(AuthenticationFailure) {
    let wait = state.withLock { ($0.failures[key]?.until ?? .zero) - now() }
    if wait > 0 { throw AuthenticationFailure(retryAfter: Int((wait + 999) / 1_000)) }
  }

  private func failed(_ key: String) -> AuthenticationFailure {
    let now = now()
    let wait = state.withLock { state -> Int64 in
      var failures = state.failures[key] ?? Failures()
      failures.count += 1
      let over = failures.count - Self.freeTries
      let wait = over < 0 ? 0 : min(Self.longestWait, 1_000 << Int64(min(over, 20)))
      failures.until = now + wait
      if state.failures.count > 10_000 { state.failures = [:] }
      state.failures[key] = failures
      return wait
    }
    return AuthenticationFailure(retryAfter: wait == 0 ? nil : Int(wait / 1_000))
  }
}
