// The unreserved characters of RFC 3986 §2.3.

internal import Foundation

extension CharacterSet {
  static let urlUnreserved = CharacterSet(
    charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
}
