// API tokens are shown once, when they are made.

package import ReplicaCore

package struct TokenRequest: Hashable, Sendable {
  package var user: RowID
  package var label: String
  package var expiresAt: Instant?

  package init(user: RowID, label: String, expiresAt: Instant?) {
    self.user = user
    self.label = label
    self.expiresAt = expiresAt
  }
}

package struct TokenReport: Hashable, Sendable, Codable {
  package var id: Int64
  package var userID: Int64
  /// In clear, this once.
  package var token: String
  package var label: String
  @Nullable package var expiresAt: WireTime?

  package init(id: Int64, userID: Int64, token: String, label: String, expiresAt: WireTime?) {
    self.id = id
    self.userID = userID
    self.token = token
    self.label = label
    self.expiresAt = expiresAt
  }
}
