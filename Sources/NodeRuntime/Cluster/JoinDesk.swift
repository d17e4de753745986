// The issuer's side of a join: one compare-and-set, committed before the answer leaves.

internal import ClusterTrust
internal import Logging
internal import ReplicaCore
internal import SyncTransport

/// Answers joiners.
struct JoinDesk: Sendable {
  var book: ClusterBook
  var key: NodeKey
  var now: @Sendable () -> Instant
  var log: Logger

  /// The first byte of an answer: granted or refused.
  static let granted: UInt8 = 1
  static let refused: UInt8 = 0

  /// The answer in bytes, refusals included.
  func answer(_ call: JoinCall) async -> [UInt8] {
    do throws(JoinRefusal) {
      return [Self.granted] + (try await grant(call))
    } catch {
      log.notice(
        "a join was refused",
        metadata: ["code": "\(error.code)", "address": "\(call.address)"])
      return [Self.refused] + error.encoded
    }
  }

  private func grant(_ call: JoinCall) async throws(JoinRefusal) -> [UInt8] {
    let now = now()
    guard book.mayTryToken(from: call.address, now: now) else { throw .tooManyAttempts }
    let request: JoinRequest
    let presented: ClusterTrust.PeerIdentity
    do {
      request = try JoinRequest(encoded: call.request)
      presented = try ClusterTrust.PeerIdentity(certificate: call.joiner.leaf)
    } catch { throw .malformed }
    guard presented.key == request.key else { throw .malformed }
    let key = key
    do {
      let answer = try await book.change { log, invites in
        try invites.redeem(request, now: now, log: &log, key: key)
      }
      log.notice(
        "a node joined", metadata: ["node": "\(request.node)", "address": "\(call.address)"])
      return answer
    } catch let refusal as JoinRefusal {
      throw refusal
    } catch {
      throw .issuerUnable("its database cannot be written: \(error)")
    }
  }
}
