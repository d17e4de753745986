// A receiver of webhooks on loopback that answers at once, or never.

import Foundation
import Synchronization

final class WebReceiver: Sendable {
  struct NoSocket: Error {}

  let port: Int
  private let handle: Int32
  private let taken = Mutex(0)

  /// Requests that were answered.
  var hits: Int { taken.withLock { $0 } }

  /// One that does not answer leaves what connects in the backlog of its socket.
  init(answers: Bool) throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    handle = listener
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        bind(listener, pointer, size) == 0 && listen(listener, 128) == 0
          && getsockname(listener, pointer, &size) == 0
      }
    }
    guard bound else { throw NoSocket() }
    port = Int(UInt16(bigEndian: address.sin_port))
    if answers { Thread.detachNewThread { self.serve() } }
  }

  func stop() {
    // Wakes who waits in accept.
    shutdown(handle, Int32(SHUT_RDWR))
    close(handle)
  }

  private func serve() {
    while true {
      let peer = accept(handle, nil, nil)
      guard peer >= 0 else { return }
      answer(peer)
    }
  }

  private func answer(_ peer: Int32) {
    defer { close(peer) }
    var request: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while !Self.isWhole(request) {
      let count = recv(peer, &buffer, buffer.count, 0)
      guard count > 0 else { return }
      request += buffer[..<count]
    }
    taken.withLock { $0 += 1 }
    let text = Array("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n".utf8)
    send(peer, text, text.count, Int32(MSG_NOSIGNAL))
  }

  private static func isWhole(_ request: [UInt8]) -> Bool {
    let text = String(decoding: request, as: UTF8.self)
    guard let head = text.range(of: "\r\n\r\n") else { return false }
    let length = text[..<head.lowerBound].lowercased().split(separator: "\r\n")
      .first { $0.hasPrefix("content-length:") }
      .flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) }
    return text[head.upperBound...].utf8.count >= length ?? 0
  }
}
