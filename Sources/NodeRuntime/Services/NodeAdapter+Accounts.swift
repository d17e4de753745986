// Tokens, passwords and presence for the API.

internal import AgentAPI
internal import ClusterTrust
internal import HelpdeskDomain
internal import ReplicaCore
internal import ReplicaStore

extension NodeAdapter {
  func createToken(
    _ request: TokenRequest, as actor: Actor
  ) async throws(DeskFailure) -> TokenReport {
    var random = SystemRandomNumberGenerator()
    let token = APIToken.generate(using: &random)
    let command = DeskCommand.createToken(
      user: request.user, hash: token.hash.description, label: request.label,
      expiresAt: request.expiresAt)
    do {
      let accepted = try await parts.door.submit(command, as: actor)
      return TokenReport(
        id: accepted.created?.rawValue ?? 0, userID: request.user.rawValue, token: token.text,
        label: request.label, expiresAt: request.expiresAt.map { WireTime($0) })
    } catch { throw DeskAdapter.failure(error) }
  }

  func token(_ id: RowID) async throws(DeskFailure) -> TokenEntry? {
    let uses = parts.accounts.uses
    return try await read { view in
      try view.token(id).map { try Self.entry($0, uses, view) }
    }
  }

  func tokens(_ query: TokenQuery) async throws(DeskFailure) -> Page<TokenEntry> {
    let uses = parts.accounts.uses
    return try await read { view in
      let page = try view.tokens(of: query.user, query.page)
      return Page(
        rows: try page.rows.map { try Self.entry($0, uses, view) }, hasMore: page.hasMore,
        afterCursor: page.afterCursor, beforeCursor: page.beforeCursor, count: page.count)
    }
  }

  private static func entry(
    _ token: TokenRecord, _ uses: TokenUse, _ view: ReadView
  ) throws -> TokenEntry {
    TokenEntry(
      id: token.id, user: token.user, label: token.label ?? "", revoked: token.revoked,
      createdAt: token.createdAt, expiresAt: token.expiresAt,
      lastUsedAt: try uses.lastUse(token.id, in: view))
  }

  func passwordHash(
    _ password: String, email: String?
  ) async throws(DeskFailure) -> String {
    if let refusal = PasswordPolicy.refusal(of: password, email: email) {
      throw Self.refused("password", refusal.message)
    }
    do throws(PasswordError) {
      return try await parts.accounts.passwords.hash(password).encoded
    } catch { throw Self.refused("password", error.message) }
  }

  var passwordRequirements: [String] { PasswordPolicy.requirements }

  func changePassword(
    from previous: String, to new: String, from address: String, as actor: Actor
  ) async throws {
    guard let user = try await read({ try $0.user(actor.user) }) else {
      throw DeskFailure.refused(.notFound(kind: "user", id: actor.user.description))
    }
    if let refusal = PasswordPolicy.refusal(of: new, email: user.email) {
      throw Self.refused("password", refusal.message)
    }
    do throws(AuthenticationFailure) {
      _ = try await parts.accounts.accounts.check(
        previous, of: user, account: user.email?.lowercased() ?? "user \(user.id)",
        ClientNetwork.of(address))
    } catch {
      guard error.retryAfter == nil else { throw error }
      throw Self.refused(
        "previous_password",
        "is not the password there is now; if it is lost, an admin sets a new one.")
    }
    guard previous != new else {
      throw Self.refused("password", PasswordRefusal.unchanged.message)
    }
    let hash = try await passwordHash(new, email: user.email)
    do {
      _ = try await parts.door.submit(.setPassword(user: user.id, hash: hash), as: actor)
    } catch { throw DeskAdapter.failure(error) }
  }

  private static func refused(_ field: String, _ message: String) -> DeskFailure {
    .refused(.invalid([FieldProblem(field, .invalidValue, "\(field): \(message)")]))
  }

  func confirm(_ users: [RowID]) async throws(DeskFailure) -> Instant {
    let until = parts.accounts.grace.confirm(users, now: parts.clock.now)
    await parts.accounts.grace.save(to: parts.store, now: parts.clock.now)
    return until
  }

  func presences() async -> [PresenceReport] {
    let membership = parts.book.membership
    return parts.presence.lines(now: parts.clock.now).compactMap { line in
      guard let member = membership.member(line.slot), member.isActive else { return nil }
      return PresenceReport(
        userID: line.entry.user.rawValue, node: member.node.rawValue,
        office: member.office.rawValue, ticketID: line.entry.state.ticket?.rawValue,
        activity: line.entry.state.activity, ageSeconds: line.age / 1_000)
    }
  }

  func setPresence(_ state: PresenceState?, of actor: Actor) async {
    parts.presence.tell(actor.user, state, now: parts.clock.now)
  }
}
