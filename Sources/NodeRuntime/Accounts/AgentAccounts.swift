// Who is calling: passwords and tokens against the replica, offline like everything else.

internal import AgentAPI
internal import ClusterTrust
internal import Foundation
internal import HelpdeskDomain
internal import ReplicaCore
internal import ReplicaStore
internal import Synchronization

/// Checks credentials on the local replica and slows down guessing.
///
/// Every request reads user and token anew, so a revocation counts from the moment at which its delta
/// is applied here. What is remembered of a right password is bound to the stored hash, and falls
/// with it.
final class AgentAccounts: Authenticator {
  static let guardKey = "sign_in_guard"
  /// How long a password that scrypt accepted need not be hashed again, in milliseconds.
  private static let acceptance: Int64 = 300_000
  private static let acceptances = 10_000
  private static let saveEvery: Int64 = 10_000

  struct Parts: Sendable {
    var store: ReplicaStore
    var office: @Sendable () -> OfficeID
    var now: @Sendable () -> Instant
    var passwords: PasswordDesk
    var uses: TokenUse
    var grace: SignInGrace
  }

  private struct State {
    var guarding: SignInGuard
    var isDirty = false
    var savedAt = Instant.zero
    /// Passwords that scrypt accepted lately: digest of (account, hash, password) → time.
    var accepted: [Digest: Instant] = [:]
  }

  private enum Attempt {
    /// Accepted a moment ago.
    case known
    /// The same check is under way; it was counted when it began.
    case joined
    case counted
  }

  private let state: Mutex<State>
  private let parts: Parts
  /// Makes the digests of passwords worthless outside of this process.
  private let pepper: [UInt8]

  init(_ parts: Parts, guarding: SignInGuard = SignInGuard()) {
    self.parts = parts
    state = Mutex(State(guarding: guarding))
    pepper = (0..<32).map { _ in UInt8.random(in: 0...255) }
  }

  /// The delays that were growing when the node was stopped.
  static func load(from store: ReplicaStore) async -> SignInGuard {
    let value = (try? await store.read { try $0.local(guardKey) }) ?? nil
    guard let bytes = value?.bytes else { return SignInGuard() }
    return (try? JSONDecoder().decode(SignInGuard.self, from: Data(bytes))) ?? SignInGuard()
  }

  /// Writes down what a restart should not forget; called by the beat.
  func save() async {
    let now = parts.now()
    let kept = state.withLock { state -> SignInGuard? in
      guard state.isDirty, abs(now - state.savedAt) >= Self.saveEvery else { return nil }
      state.isDirty = false
      state.savedAt = now
      return state.guarding.worth(keeping: now)
    }
    if let kept, let bytes = try? JSONEncoder().encode(kept) {
      try? await parts.store.write { $0.setLocal(Self.guardKey, .bytes([UInt8](bytes))) }
    }
  }

  // MARK: Operator

  func operatorActor() async -> Actor {
    Actor(user: .none, role: .admin, office: parts.office(), authority: nil, via: .cli)
  }

  /// The operator answers for whom they act as, so the grace of the node is not asked.
  func actor(actingAs email: String) async -> Actor? {
    guard let user = await record({ try $0.user(email: email) }) else { return nil }
    var actor = actor(user)
    actor?.via = .cli
    return actor
  }

  // MARK: Letting in

  func admit(
    _ credential: Credential, from address: String
  ) async throws(AuthenticationFailure) -> SignIn {
    let network = ClientNetwork.of(address)
    switch credential {
    case .bearer(let token): return try await byToken(token, email: nil, network)
    case .token(let email, let token): return try await byToken(token, email: email, network)
    case .password(let email, let password):
      let user = await record { try $0.user(email: email) }
      let hash = try await check(password, of: user, account: email.lowercased(), network)
      guard let user, let actor = actor(user) else { throw AuthenticationFailure() }
      try checkGrace(user)
      return SignIn(actor: actor, basis: .password(hash: hash.encoded))
    }
  }

  /// A right token is let in whatever others behind the same address do: 256 random bits are not
  /// found by trying. Wrong ones are told to wait, and are not looked up where they have no form.
  private func byToken(
    _ text: String, email: String?, _ network: String
  ) async throws(AuthenticationFailure) -> SignIn {
    var found: (TokenRecord, UserRecord)?
    if let secret = APIToken(text) {
      found = await record { view in
        guard let token = try view.token(hash: secret.hash.description),
          let user = try view.user(token.user)
        else { return nil }
        return (token, user)
      }
    }
    guard let (token, user) = found,
      email.map({ user.email?.lowercased() == $0.lowercased() }) ?? true
    else { throw wrongToken(network) }
    if token.revoked { throw AuthenticationFailure(reason: .revoked) }
    if let end = token.expiresAt, parts.now() >= end {
      throw AuthenticationFailure(reason: .expired(end))
    }
    guard let actor = actor(user) else { throw AuthenticationFailure() }
    try checkGrace(user)
    parts.uses.note(token.id, at: parts.now())
    return SignIn(actor: actor, basis: .token(token.id))
  }

  private func wrongToken(_ network: String) -> AuthenticationFailure {
    let now = parts.now()
    let wait = state.withLock { state in
      state.isDirty = true
      return state.guarding.wrongToken(from: network, now: now)
    }
    return AuthenticationFailure(retryAfter: Self.seconds(wait))
  }

  /// Throws unless the password is the user's; for a user who is not known the work is the same.
  ///
  /// - Returns: the hash that it was verified against.
  func check(
    _ password: String, of user: UserRecord?, account: String, _ network: String
  ) async throws(AuthenticationFailure) -> PasswordHash {
    let stored = user?.passwordHash.flatMap { PasswordHash(encoded: $0) }
    let hash = stored ?? .decoy
    // The account is in it since all who do not exist share one hash: without it two of them would
    // share one check, which would tell them from users who exist.
    let digest = Digest.sha256(
      pepper, Array(account.utf8), [0], Array(hash.encoded.utf8), [0], Array(password.utf8))
    let attempt = try begin(account, network, digest)
    var isRight = attempt == .known
    if !isRight {
      do throws(PasswordDesk.Busy) {
        isRight = try await parts.passwords.verify(password, hash, digest: digest)
      } catch {
        takeBack(attempt, account, network)
        throw AuthenticationFailure(retryAfter: 1)
      }
    }
    // A right password of somebody disabled is answered, and counted, like a wrong one.
    guard isRight, stored != nil, let user, actor(user) != nil else {
      throw failed(account, network)
    }
    finish(account, network, digest, attempt)
    return hash
  }

  private func begin(
    _ account: String, _ network: String, _ digest: Digest
  ) throws(AuthenticationFailure) -> Attempt {
    let now = parts.now()
    let isUnderWay = parts.passwords.isChecking(digest)
    let (wait, attempt) = state.withLock { state -> (Int64, Attempt) in
      let wait = state.guarding.wait(account: account, address: network, now: now)
      if wait > 0 { return (wait, .known) }
      if let since = state.accepted[digest], abs(now - since) < Self.acceptance {
        return (0, .known)
      }
      if isUnderWay { return (0, .joined) }
      state.guarding.began(account: account, address: network, now: now)
      state.isDirty = true
      return (0, .counted)
    }
    guard wait == 0 else { throw AuthenticationFailure(retryAfter: Self.seconds(wait)) }
    return attempt
  }

  private func takeBack(_ attempt: Attempt, _ account: String, _ network: String) {
    guard attempt == .counted else { return }
    let now = parts.now()
    state.withLock { $0.guarding.takenBack(account: account, address: network, now: now) }
  }

  private func failed(_ account: String, _ network: String) -> AuthenticationFailure {
    let now = parts.now()
    let wait = state.withLock { state in
      state.guarding.wait(account: account, address: network, now: now)
    }
    return AuthenticationFailure(retryAfter: Self.seconds(wait))
  }

  private func finish(
    _ account: String, _ network: String, _ digest: Digest, _ attempt: Attempt
  ) {
    let now = parts.now()
    state.withLock { state in
      switch attempt {
      case .counted:
        state.guarding.succeeded(account: account, address: network, now: now)
        state.isDirty = true
      case .known, .joined: state.guarding.befriend(account: account, address: network, now: now)
      }
      guard attempt != .known else { return }
      if state.accepted.count >= Self.acceptances {
        state.accepted = state.accepted.filter { abs(now - $0.value) < Self.acceptance }
        if state.accepted.count >= Self.acceptances { state.accepted = [:] }
      }
      state.accepted[digest] = now
    }
  }

  private static func seconds(_ wait: Int64) -> Int? {
    wait > 0 ? Int((wait + 999) / 1_000) : nil
  }

  // MARK: Standing

  func stands(_ signIn: SignIn) async -> Bool {
    let actor = signIn.actor
    guard actor.user != .none else { return signIn.basis == .operatorSocket }
    let now = parts.now()
    let found = await record { view -> (UserRecord, TokenRecord?)? in
      guard let user = try view.user(actor.user) else { return nil }
      guard case .token(let id) = signIn.basis else { return (user, nil) }
      return (user, try view.token(id))
    }
    guard let (user, token) = found, user.active, user.role == actor.role,
      user.roleDot == actor.authority
    else { return false }
    switch signIn.basis {
    case .operatorSocket: return true
    case .password(let hash):
      return user.passwordHash == hash && parts.grace.admits(user.id, now: now)
    case .token:
      guard let token, !token.revoked, token.expiresAt.map({ now < $0 }) ?? true else {
        return false
      }
      return parts.grace.admits(user.id, now: now)
    }
  }

  /// Nil for who may not sign in.
  private func actor(_ user: UserRecord) -> Actor? {
    guard user.active else { return nil }
    return Actor(
      user: user.id, role: user.role, office: user.office ?? parts.office(),
      authority: user.roleDot)
  }

  private func checkGrace(_ user: UserRecord) throws(AuthenticationFailure) {
    guard !parts.grace.admits(user.id, now: parts.now()) else { return }
    throw AuthenticationFailure(reason: .unconfirmed(since: parts.grace.heard ?? .zero))
  }

  private func record<T: Sendable>(
    _ read: @escaping @Sendable (ReadView) throws -> T?
  ) async -> T? {
    (try? await parts.store.read(read)) ?? nil
  }
}
