// Every answer with a body is JSON, built in one place.

internal import Foundation
internal import Hummingbird
internal import NIOCore

extension Response {
  static func json(_ status: HTTPResponse.Status = .ok, _ json: JSONWriter) -> Response {
    text(status, "application/json; charset=utf-8", json.bytes)
  }

  static func json(
    _ status: HTTPResponse.Status = .ok, _ fill: (inout JSONWriter) -> Void
  ) -> Response {
    var json = JSONWriter()
    json.object(fill)
    return .json(status, json)
  }

  /// A Codable value, its camel-case names written as snake_case.
  static func codable(_ value: some Encodable, _ status: HTTPResponse.Status = .ok) throws
    -> Response
  {
    let data = try WireCoding.encoder().encode(value)
    return text(status, "application/json; charset=utf-8", [UInt8](data))
  }

  static func text(_ status: HTTPResponse.Status, _ type: String, _ bytes: [UInt8]) -> Response {
    Response(
      status: status,
      headers: [.contentType: type],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }

  static var noContent: Response { Response(status: .noContent) }
}
