// How the API asks who is calling.

package import HelpdeskDomain
package import ReplicaCore

/// What a caller shows.
package enum Credential: Hashable, Sendable {
  case password(email: String, password: String)
  case token(email: String, token: String)
  case bearer(String)
}

/// The credential was not accepted.
package struct AuthenticationFailure: Error, Hashable, Sendable {
  /// What a caller may be told who showed a right secret; nothing is told about a wrong one.
  package enum Reason: Hashable, Sendable {
    /// The token was good until then.
    case expired(Instant)
    case revoked
    /// This node has heard of no other office since then for too long, and its operator has not
    /// confirmed the user.
    case unconfirmed(since: Instant)
  }

  /// Seconds until the next try is looked at; nil where the caller may try at once.
  package var retryAfter: Int?
  package var reason: Reason?

  package init(retryAfter: Int? = nil, reason: Reason? = nil) {
    self.retryAfter = retryAfter
    self.reason = reason
  }
}

/// Who was let in, and by what.
package struct SignIn: Hashable, Sendable {
  package enum Basis: Hashable, Sendable {
    /// The socket in the data directory.
    case operatorSocket
    case token(RowID)
    /// The stored hash that the password was verified against.
    case password(hash: String)
  }

  package var actor: Actor
  package var basis: Basis

  package init(actor: Actor, basis: Basis) {
    self.actor = actor
    self.basis = basis
  }
}

/// Knows the users and their secrets; keeps the growing delay after wrong ones.
package protocol Authenticator: Sendable {
  /// Lets the bearer of the credential in. `address` is where the request came from.
  func admit(_ credential: Credential, from address: String) async throws(AuthenticationFailure)
    -> SignIn
  /// Whether who was let in would be let in again now: active, of the same role, the token not
  /// revoked or expired, the password the same. Asked again and again while a stream is open.
  func stands(_ signIn: SignIn) async -> Bool
  /// The node's operator, who came in over the socket in the data directory: user
  /// ``RowID/none``, role admin, the node's own office.
  func operatorActor() async -> Actor
  /// The user as whom the operator wants to act, by e-mail; nil where there is no such user, or
  /// one that may not log in.
  func actor(actingAs email: String) async -> Actor?
}
