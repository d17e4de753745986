// Accounts and presence of the node with fixed answers.

import AgentAPI
import HelpdeskDomain
import ReplicaCore

extension MemoryNode {
  static let token = TokenEntry(
    id: RowID(30_007), user: MemoryAuthenticator.agent, label: "laptop", revoked: false,
    createdAt: MemoryDesk.now, expiresAt: nil, lastUsedAt: MemoryDesk.now)

  func createToken(_ request: TokenRequest, as actor: Actor) async -> TokenReport {
    TokenReport(
      id: 30_007, userID: request.user.rawValue, token: "secret", label: request.label,
      expiresAt: nil)
  }

  func token(_ id: RowID) async -> TokenEntry? { id == Self.token.id ? Self.token : nil }

  func tokens(_ query: TokenQuery) async -> Page<TokenEntry> {
    let found = query.user == nil || query.user == Self.token.user ? [Self.token] : []
    return Page(rows: found, hasMore: false, count: found.count)
  }

  func passwordHash(_ password: String, email: String?) async throws(DeskFailure) -> String {
    guard password.count >= 10 else {
      throw .refused(.invalid([FieldProblem("password", .invalidValue, "password: too short")]))
    }
    return "scrypt:\(password.count)"
  }

  var passwordRequirements: [String] { ["must be at least 10 characters"] }

  func changePassword(
    from previous: String, to new: String, from address: String, as actor: Actor
  ) async throws {
    guard previous == "correct horse" else {
      throw DeskFailure.refused(
        .invalid([FieldProblem("previous_password", .invalidValue, "previous_password: wrong")]))
    }
  }

  func confirm(_ users: [RowID]) async -> Instant { MemoryDesk.now + 1_000 }

  func presences() async -> [PresenceReport] {
    [
      PresenceReport(
        userID: MemoryAuthenticator.agent.rawValue, node: "paris-1", office: "paris",
        ticketID: 10_007, activity: .editing, ageSeconds: 4)
    ]
  }

  func setPresence(_ state: PresenceState?, of actor: Actor) async {}
}
