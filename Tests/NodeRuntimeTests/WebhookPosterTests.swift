// What a hostile receiver can do: send a notice elsewhere, or hold up its sender.

import Foundation
import HelpdeskDomain
import ReplicaCore
import ReplicaStore
import Synchronization
import Testing

@testable import NodeRuntime

/// A receiver that answers every request with the same bytes.
private final class RawReceiver: Sendable {
  struct NoPort: Error {}

  let port: Int
  private let handle: Int32
  private let requests = Mutex(0)

  /// `rest`: sent after the answer again and again, until the other side goes.
  init(_ answer: String, rest: String? = nil) throws {
    let listening = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    handle = listening
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        bind(listening, pointer, size) == 0 && getsockname(listening, pointer, &size) == 0
      }
    }
    guard isBound, listen(listening, 8) == 0 else { throw NoPort() }
    port = Int(UInt16(bigEndian: address.sin_port))
    Thread.detachNewThread { [self] in serve(answer, rest) }
  }

  var count: Int { requests.withLock { $0 } }

  func stop() { shutdown(handle, Int32(SHUT_RDWR)) }

  private func serve(_ answer: String, _ rest: String?) {
    while true {
      let client = accept(handle, nil, nil)
      guard client >= 0 else { break }
      requests.withLock { $0 += 1 }
      var request = [UInt8](repeating: 0, count: 8_192)
      _ = recv(client, &request, request.count, 0)
      var isOpen = Self.put(answer, client)
      while isOpen, let rest { isOpen = Self.put(rest, client) }
      close(client)
    }
    close(handle)
  }

  private static func put(_ text: String, _ client: Int32) -> Bool {
    let bytes = Array(text.utf8)
    return send(client, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
  }
}

@Suite(.serialized, .timeLimit(.minutes(1))) struct WebhookPosterTests {
  private func post(
    to endpoint: String, allowing allowed: Set<String> = ["127.0.0.1"]
  ) async -> WebhookPoster.Outcome {
    let now = Instant(milliseconds: 1_790_000_000_000)
    let webhook = WebhookRecord(
      id: RowID(10_001), name: "Pager", description: nil, endpoint: endpoint, isActive: true,
      subscriptions: ["helio:*"], secret: "s", createdBy: nil, createdAt: now, updatedAt: now,
      activeSince: .zero)
    let poster = WebhookPoster(
      node: "paris-1", office: "paris", rule: ReceiverRule(allowed: allowed))
    let delivery = QueuedDelivery(
      id: "10001-1-2-0", webhook: webhook.id, event: "helio:test", body: "{}", createdAt: now)
    return await poster.post(delivery, to: webhook, at: now)
  }

  @Test func whatIsAnsweredIsTold() async throws {
    let receiver = try RawReceiver("HTTP/1.1 204 No Content\r\n\r\n")
    defer { receiver.stop() }
    let outcome = await post(to: "http://127.0.0.1:\(receiver.port)/in")
    #expect(outcome.isDelivered && outcome.status == 204)
    #expect(receiver.count == 1)
  }

  @Test(arguments: [301, 302, 307, 308]) func aRedirectIsNotFollowed(_ status: Int) async throws {
    let secret = try RawReceiver("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    let receiver = try RawReceiver(
      "HTTP/1.1 \(status) Moved\r\nLocation: http://127.0.0.1:\(secret.port)/\r\n"
        + "Content-Length: 0\r\n\r\n")
    defer { [secret, receiver].forEach { $0.stop() } }
    let outcome = await post(to: "http://127.0.0.1:\(receiver.port)/in")
    #expect(outcome.status == status && !outcome.isDelivered)
    #expect(secret.count == 0)
  }

  /// The text says nothing against it; what it is looked up as does.
  @Test func aNameIsJudgedByItsAddress() async throws {
    let receiver = try RawReceiver("HTTP/1.1 204 No Content\r\n\r\n")
    defer { receiver.stop() }
    let outcome = await post(to: "http://2130706433:\(receiver.port)/", allowing: [])
    #expect(outcome.problem?.contains("this machine") == true)
    #expect(receiver.count == 0)
  }

  @Test func anAnswerWithoutEndHoldsUpNobody() async throws {
    let receiver = try RawReceiver(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
      rest: "400\r\n" + String(repeating: "a", count: 1_024) + "\r\n")
    defer { receiver.stop() }
    let began = ContinuousClock.now
    let outcome = await post(to: "http://127.0.0.1:\(receiver.port)/in")
    #expect(outcome.isDelivered)
    #expect(ContinuousClock.now - began < .seconds(WebhookPoster.patience))
  }

  @Test func headersWithoutEndAreCutOff() async throws {
    let receiver = try RawReceiver(
      "HTTP/1.1 200 OK\r\n", rest: "X-More: " + String(repeating: "a", count: 1_000) + "\r\n")
    defer { receiver.stop() }
    let outcome = await post(to: "http://127.0.0.1:\(receiver.port)/in")
    #expect(!outcome.isDelivered)
  }
}
