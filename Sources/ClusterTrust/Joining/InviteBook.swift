// The issuer's memory of the invites it made: what each is for, and who has used it.

package import ReplicaCore

/// Where an invite stands.
package enum InviteState: Hashable, Sendable {
  case open
  /// Used by this key; the answer is kept so that a retry gets the same one.
  case used(by: NodePublicKey, answer: [UInt8])
  /// Taken back by an operator.
  case revoked
}

/// What an issuer remembers of one invite. The secret is not in it, only HKDF(secret).
package struct InviteEntry: Hashable, Sendable {
  package let id: InviteID
  package let place: OfficePlace
  package let expiry: Instant
  package internal(set) var state: InviteState
  let proofKey: InviteProofKey
}

/// Why an invite was not made.
package enum InviteMakingError: Error, Hashable, Sendable {
  /// Not between a second and ``TrustLimits/inviteLifetime``.
  case lifetime(Int64)
  /// None, or more than ``TrustLimits/endpoints``.
  case endpointCount(Int)
  case notFounded
  case issuing(IssueRefusal)

  /// What is wrong and what to do.
  package var message: String {
    switch self {
    case .lifetime(let milliseconds):
      "An invite lives 1 second to \(TrustLimits.inviteLifetime / 86_400_000) days; "
        + "\(milliseconds) ms were asked for. Choose another --ttl."
    case .endpointCount(let count):
      "An invite names 1 to \(TrustLimits.endpoints) addresses of this node; there are \(count)."
    case .notFounded: "This node has no cluster yet. Found one first: helio init."
    case .issuing(let refusal): refusal.message
    }
  }
}

/// The invites of one issuer. A value: keep it in one place, and store it together with the membership
/// log before an answer leaves.
package struct InviteBook: Hashable, Sendable {
  /// By invite id.
  package internal(set) var entries: [InviteID: InviteEntry]

  package init() { entries = [:] }

  /// Makes an invite for one node of an office. `lifetime` is in milliseconds.
  package mutating func open(
    place: OfficePlace, lifetime: Int64, endpoints: [Endpoint], log: MembershipLog, key: NodeKey,
    now: Instant, using random: inout some RandomNumberGenerator
  ) throws(InviteMakingError) -> Invite {
    guard (1_000...TrustLimits.inviteLifetime).contains(lifetime) else {
      throw .lifetime(lifetime)
    }
    guard (1...TrustLimits.endpoints).contains(endpoints.count) else {
      throw .endpointCount(endpoints.count)
    }
    guard let founding = log.membership.founding else { throw .notFounded }
    do throws(IssueRefusal) {
      _ = try log.nextSlot(for: place.office, issuer: key.publicKey)
    } catch { throw .issuing(error) }
    let secret = InviteSecret(using: &random)
    let invite = Invite(
      id: InviteID(using: &random), cluster: log.cluster, clusterName: founding.name,
      endpoints: endpoints, issuer: key.hash, expiry: now + lifetime, secret: secret)
    entries[invite.id] = InviteEntry(
      id: invite.id, place: place, expiry: invite.expiry, state: .open,
      proofKey: secret.derived(for: invite.id))
    return invite
  }

  /// Takes back an invite that nobody has used; false where there is none.
  package mutating func revoke(_ id: InviteID) -> Bool {
    guard entries[id]?.state == .open else { return false }
    entries[id]?.state = .revoked
    return true
  }

  /// Forgets invites that expired longer than `keep` milliseconds ago.
  package mutating func forget(expiredBefore now: Instant, keep: Int64) {
    entries = entries.filter { now - $0.value.expiry <= keep }
  }

  /// Grants a request, or says why not: one compare-and-set of the entry and of the log, to be run
  /// where nothing else changes them. On success store both before the answer leaves; a crash in
  /// between costs nothing, because the same key gets the same answer again.
  package mutating func redeem(
    _ request: JoinRequest, now: Instant, log: inout MembershipLog, key: NodeKey
  ) throws(JoinRefusal) -> [UInt8] {
    guard request.issuer == key.hash else { throw .wrongIssuer(request.issuer) }
    let message = request.message
    // An unknown invite costs as much time as a known one.
    let entry = entries[request.invite]
    let proofKey = entry?.proofKey ?? InviteProofKey(bytes: key.publicKey.compressed)
    let proved = proofKey.accepts(request.proof, of: message)
    guard let entry, proved else { throw .unknownInvite }
    guard request.key.verifies(request.signature, over: message) else { throw .malformed }
    switch entry.state {
    case .used(let by, let answer):
      guard by == request.key else { throw .alreadyUsed }
      return answer
    case .revoked: throw .unknownInvite
    case .open: break
    }
    guard now < entry.expiry else { throw .expired(entry.expiry) }

    var next = log
    let record: MembershipRecord
    do throws(IssueRefusal) {
      record = try next.admit(
        node: request.node, place: entry.place, key: request.key, invite: entry.id, by: key,
        at: now)
    } catch { throw Self.refusal(error) }
    let answer = JoinAnswer(
      issuer: key.publicKey, admission: record.hash, log: next, joiner: request.key,
      proofKey: entry.proofKey
    ).encoded
    log = next
    entries[entry.id]?.state = .used(by: request.key, answer: answer)
    return answer
  }

  private static func refusal(_ refusal: IssueRefusal) -> JoinRefusal {
    switch refusal {
    case .keyUsedBefore: .keyUsedBefore
    case .nameTaken(let name, _): .nameTaken(name)
    default: .issuerUnable(refusal.message)
    }
  }
}
