// Names of peers, looked up without holding up each other.

internal import Foundation
internal import NIOCore
internal import NIOPosix

/// Looks each name up on a thread of its own. NIO's own resolver has one thread for all names of an event
/// loop, where a name server that is silent about one peer keeps every other dial waiting, that of a
/// plain address too.
struct NameResolver: Resolver, Sendable {
  let loop: any EventLoop

  func initiateAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> {
    lookUp(host, port, AF_INET)
  }

  func initiateAAAAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> {
    lookUp(host, port, AF_INET6)
  }

  /// A lookup cannot be stopped; its thread ends when the name servers have answered or timed out.
  func cancelQueries() {}

  private func lookUp(
    _ host: String, _ port: Int, _ family: Int32
  ) -> EventLoopFuture<[SocketAddress]> {
    let promise = loop.makePromise(of: [SocketAddress].self)
    Thread.detachNewThread {
      promise.completeWith(Result { try Self.addresses(of: host, port, family) })
    }
    return promise.futureResult
  }

  private static func addresses(
    of host: String, _ port: Int, _ family: Int32
  ) throws -> [SocketAddress] {
    var hints = addrinfo()
    hints.ai_family = family
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, String(port), &hints, &list) == 0 else {
      throw UnknownName(host: host)
    }
    defer { freeaddrinfo(list) }
    return sequence(first: list) { $0?.pointee.ai_next }.compactMap { entry in
      guard let address = entry?.pointee.ai_addr else { return nil }
      return family == AF_INET
        ? address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
          SocketAddress($0.pointee, host: host)
        }
        : address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
          SocketAddress($0.pointee, host: host)
        }
    }
  }
}

/// Nobody knows an address of that name, or the name servers are silent.
private struct UnknownName: Error {
  var host: String
}
