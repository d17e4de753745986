// Request paths are put together in one place, so that nothing a person types leaves its part.

internal import Foundation

/// A path and its query, escaped.
struct NodePath: Hashable, Sendable {
  private(set) var text: String
  private var hasQuery = false
  /// What the path names, such as `ticket 7`, for the message where it is not there.
  private(set) var named: String?
  /// The command that shows what is there.
  private(set) var listing: String?

  /// RFC 3986 §2.3.
  static let unreserved = CharacterSet(
    charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

  /// Our own API: `/api/helio/v1/` and the parts.
  static func helio(_ parts: String...) -> NodePath { NodePath("/api/helio/v1", parts) }
  /// The Zendesk-compatible API: `/api/v2/` and the parts.
  static func desk(_ parts: String...) -> NodePath { NodePath("/api/v2", parts) }

  private init(_ root: String, _ parts: [String]) {
    text = root + parts.map { "/" + Self.escaped($0) }.joined()
  }

  /// Adds a query item; nothing where the value is nil.
  func with(_ name: String, _ value: String?) -> NodePath {
    guard let value else { return self }
    var copy = self
    copy.text += (hasQuery ? "&" : "?") + "\(Self.escaped(name))=\(Self.escaped(value))"
    copy.hasQuery = true
    return copy
  }

  /// Says what the path names, and which command lists such things (nil: none does).
  func naming(_ what: String, listedBy command: String?) -> NodePath {
    var copy = self
    (copy.named, copy.listing) = (what, command)
    return copy
  }

  private static func escaped(_ text: String) -> String {
    text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
  }
}
