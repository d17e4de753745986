// How the API asks who is calling.

package import HelpdeskDomain

/// What a caller shows.
package enum Credential: Hashable, Sendable {
  case password(email: String, password: String)
  case token(email: String, token: String)
  case bearer(String)
}

/// The credential was not accepted.
package struct AuthenticationFailure: Error, Hashable, Sendable {
  /// Seconds until the next try is looked at; nil where the caller may try at once.
  package var retryAfter: Int?

  package init(retryAfter: Int? = nil) { self.retryAfter = retryAfter }
}

/// Knows the users and their secrets; keeps the growing delay after wrong passwords.
package protocol Authenticator: Sendable {
  /// The actor behind the credential. `address` is where the request came from.
  func actor(for credential: Credential, from address: String) async throws(AuthenticationFailure)
    -> Actor
  /// The node's operator, who came in over the socket in the data directory: user
  /// ``RowID/none``, role admin, the node's own office.
  func operatorActor() async -> Actor
  /// The user as whom the operator wants to act, by e-mail; nil where there is no such user, or
  /// one that may not log in.
  func actor(actingAs email: String) async -> Actor?
}
