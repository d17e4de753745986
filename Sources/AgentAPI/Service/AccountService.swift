// Passwords and API tokens as the API needs them.

package import HelpdeskDomain
package import ReplicaCore

/// Whose tokens to list.
package struct TokenQuery: Hashable, Sendable {
  /// Nil: everybody's.
  package var user: RowID?
  package var page: PageRequest

  package init(user: RowID?, page: PageRequest) {
    self.user = user
    self.page = page
  }
}

/// A stored token; the token itself is nowhere.
package struct TokenEntry: Hashable, Sendable {
  package var id: RowID
  package var user: RowID
  package var label: String
  package var revoked: Bool
  package var createdAt: Instant
  package var expiresAt: Instant?
  /// The hour in which it last let somebody in at this node; other nodes keep their own.
  package var lastUsedAt: Instant?

  package init(
    id: RowID, user: RowID, label: String, revoked: Bool, createdAt: Instant,
    expiresAt: Instant?, lastUsedAt: Instant?
  ) {
    self.id = id
    self.user = user
    self.label = label
    self.revoked = revoked
    self.createdAt = createdAt
    self.expiresAt = expiresAt
    self.lastUsedAt = lastUsedAt
  }
}

/// The accounts of the desk. Who may ask for whose is checked by the routes; changes are judged by
/// the rules of the desk.
package protocol AccountService: Sendable {
  /// A new API token: stores its hash, returns it in clear this once.
  func createToken(_ request: TokenRequest, as actor: Actor) async throws(DeskFailure)
    -> TokenReport
  func token(_ id: RowID) async throws(DeskFailure) -> TokenEntry?
  /// Tokens, revoked ones too, by id.
  func tokens(_ query: TokenQuery) async throws(DeskFailure) -> Page<TokenEntry>
  /// The stored form of a password (scrypt), for a user command. Refuses what the policy refuses;
  /// `email` is the address of the user whose it shall be.
  func passwordHash(_ password: String, email: String?) async throws(DeskFailure) -> String
  /// The rules for new passwords, in words.
  var passwordRequirements: [String] { get }
  /// A user's own change: the previous password is asked for, and guessing it is made as slow as a
  /// sign-in. `address` is where the request came from.
  func changePassword(
    from previous: String, to new: String, from address: String, as actor: Actor
  ) async throws
  /// The operator of this machine answers for users while it is cut off. Returns until when.
  func confirm(_ users: [RowID]) async throws(DeskFailure) -> Instant
}
