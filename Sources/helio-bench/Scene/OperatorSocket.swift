// The operator's socket of a node in another process.

internal import AsyncHTTPClient
internal import Foundation
internal import NIOCore
internal import NIOHTTP1

/// Asks over the socket; an answer of any kind but a 2xx, or none, is no answer.
struct OperatorSocket: Sendable {
  let path: String

  func answers(_ route: String) async throws -> Bool {
    let escaped = path.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? path
    let request = HTTPClientRequest(url: "http+unix://\(escaped)\(route)")
    guard let response = try? await HTTPClient.shared.execute(request, timeout: .seconds(10)),
      (try? await response.body.collect(upTo: 64 << 20)) != nil
    else { return false }
    return (200..<300).contains(Int(response.status.code))
  }
}
