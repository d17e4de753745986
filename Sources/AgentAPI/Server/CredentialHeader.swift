// Reads the Authorization header.

internal import Foundation

extension Credential {
  /// Nil where the header is no credential that this API knows.
  init?(authorization: String) {
    let parts = authorization.split(separator: " ", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return nil }
    let secret = parts[1].trimmingCharacters(in: .whitespaces)
    switch parts[0].lowercased() {
    case "bearer":
      guard !secret.isEmpty else { return nil }
      self = .bearer(secret)
    case "basic":
      guard let bytes = Data(base64Encoded: secret),
        let text = String(validating: bytes, as: UTF8.self),
        let colon = text.firstIndex(of: ":")
      else { return nil }
      let user = String(text[..<colon])
      let password = String(text[text.index(after: colon)...])
      let suffix = "/token"
      self =
        user.hasSuffix(suffix)
        ? .token(email: String(user.dropLast(suffix.count)), token: password)
        : .password(email: user, password: password)
    default: return nil
    }
  }
}
