// Invites, removals, links and verification for the API.

internal import AgentAPI
internal import ClusterTrust
internal import HelpdeskDomain
internal import ReplicaCore
internal import ReplicaStore

internal import struct Foundation.Data

extension NodeAdapter {
  func invite(
    _ request: InviteRequest, as actor: Actor
  ) async throws(DeskFailure) -> InviteReport {
    try requireAdmin(actor)
    let place = try place(of: request)
    guard let endpoint = Endpoint(parts.configuration.peerAddress) else {
      throw .failed(
        OperationalError(
          code: "NoPeerAddress",
          message:
            "peer_address is '\(parts.configuration.peerAddress)', which others cannot dial.",
          hint: "Set it in node.toml to the host and port under which other nodes reach this one."))
    }
    let (key, now) = (parts.key, parts.clock.now)
    do {
      let invite = try await parts.book.change { log, invites in
        var random = SystemRandomNumberGenerator()
        return try invites.open(
          place: place, lifetime: request.ttlSeconds * 1_000, endpoints: [endpoint], log: log,
          key: key, now: now, using: &random)
      }
      return InviteReport(
        token: invite.token, office: request.office, expiresAt: WireTime(invite.expiry))
    } catch let error as InviteMakingError {
      throw Self.input("InviteRefused", error.message)
    } catch { throw DeskAdapter.failure(error) }
  }

  private func place(of request: InviteRequest) throws(DeskFailure) -> OfficePlace {
    let code = OfficeID(request.office)
    if let known = parts.book.membership.office(code) { return known.place }
    guard let zone = request.zone else {
      throw .refused(
        .invalid([
          FieldProblem(
            "zone", .blankValue,
            "zone: office \(code) is new; name its time zone, such as Europe/Paris")
        ]))
    }
    // The log keeps it for good, and the shifts of an office are reckoned in its zone.
    guard ZoneName.isKnown(zone) else {
      throw .refused(
        .invalid([
          FieldProblem(
            "zone", .invalidValue,
            "zone: '\(zone.prefix(64))' is no zone of the IANA database; write it as Europe/Paris")
        ]))
    }
    do throws(OfficePlaceError) {
      return try OfficePlace(office: code, zone: zone, languages: request.languages)
    } catch { throw Self.input("OfficeInvalid", error.message) }
  }

  func remove(node: String, confirm: String?, as actor: Actor) async throws(DeskFailure)
    -> MemberReport
  {
    try requireAdmin(actor)
    let membership = parts.book.membership
    guard let member = membership.active.first(where: { $0.node.rawValue == node }) else {
      throw .refused(.notFound(kind: "node", id: node))
    }
    guard membership.active.count > 1 else {
      throw Self.input(
        "RemovalRefused",
        "\(member.node) is the last node of this cluster; without it nobody could admit another.")
    }
    // A slip in the name would make the very node read-only that the admin works at.
    guard member.slot != parts.own || confirm == node else {
      throw .refused(
        .invalid([
          FieldProblem(
            "confirm", confirm == nil ? .blankValue : .invalidValue,
            "confirm: \(node) is the node that answers, and will be read-only for good. If it is "
              + "meant, send its name here, too: {\"confirm\": \"\(node)\"}.")
        ]))
    }
    // What is applied here; it grows where another member proves that it had more (Upkeep).
    let seal = parts.store.vector[member.slot]
    let (key, now) = (parts.key, parts.clock.now)
    do {
      _ = try await parts.book.change { log, _ in
        try log.remove(slot: member.slot, seal: seal, by: key, at: now)
      }
    } catch let error as IssueRefusal {
      throw Self.input("RemovalRefused", error.message)
    } catch { throw DeskAdapter.failure(error) }
    let after = parts.book.membership
    guard let removed = after.members.first(where: { $0.slot == member.slot }) else {
      throw .refused(.notFound(kind: "node", id: node))
    }
    return report(removed, in: after)
  }

  func setLink(
    peer: String?, paused: Bool, as actor: Actor
  ) async throws(DeskFailure) -> [SiteReport] {
    try requireAdmin(actor)
    var slot: Slot?
    if let peer {
      let member = parts.book.membership.active.first { $0.node.rawValue == peer }
      guard let member, member.slot != parts.own else {
        throw .refused(.notFound(kind: "peer", id: peer))
      }
      slot = member.slot
    }
    if paused { parts.table.pause(slot) } else { parts.table.resume(slot) }
    return try await sites()
  }

  func verify() async throws(DeskFailure) -> VerifyReport {
    let (vector, sums) = parts.store.vectorAndBuckets
    let own = try await read { view in
      (vector: try view.vector(), fingerprint: try view.recomputeFingerprint())
    }
    let kept = Fingerprint(buckets: sums) ?? Fingerprint()
    // The recomputation reads a snapshot; it says something only about that very vector.
    let consistent = own.vector != vector || own.fingerprint == kept
    let answers = await parts.buckets.ask(parts.table.links)
    let status = parts.table.status
    let peers = parts.book.membership.active.filter { $0.slot != parts.own }.map { member in
      let since = status[member.slot]?.damagedSince ?? status[member.slot]?.equalAt
      guard let answer = answers[member.slot] else {
        return VerifyReport.Peer(
          node: member.node.rawValue, state: "unreachable", since: since.map { WireTime($0) },
          differingBuckets: [])
      }
      guard answer.vector == vector, let theirs = Fingerprint(buckets: answer.sums) else {
        return VerifyReport.Peer(
          node: member.node.rawValue, state: "behind", since: since.map { WireTime($0) },
          differingBuckets: [])
      }
      let differing = kept.differingBuckets(from: theirs)
      return VerifyReport.Peer(
        node: member.node.rawValue, state: differing.isEmpty ? "equal" : "different",
        since: since.map { WireTime($0) }, differingBuckets: differing)
    }
    return VerifyReport(
      equal: consistent && peers.allSatisfy { $0.state == "equal" },
      fingerprint: kept.digest.description, version: Self.text(vector),
      selfConsistent: consistent, peers: peers)
  }

  func signedHead() async throws(DeskFailure) -> HeadReport? {
    let last = Dot(parts.own, parts.store.vector[parts.own])
    guard last.seq > 0, let head = try await read({ try $0.head(atOrBefore: last) }) else {
      return nil
    }
    let bytes = SignedHead.signedBytes(
      cluster: parts.configuration.clusterID, dot: head.dot, hash: head.hash)
    return HeadReport(
      slot: head.dot.slot.rawValue, seq: head.dot.seq, hash: head.hash.description,
      signedBytes: Data(bytes).base64EncodedString(),
      signature: Data(NodeKey.derSignature(head.signature) ?? []).base64EncodedString(),
      publicKeyPem: parts.key.publicKey.pem)
  }

  private func requireAdmin(_ actor: Actor) throws(DeskFailure) {
    guard actor.role.mayAdminister else {
      throw .refused(.forbidden(.role(actor.role, needs: "admin")))
    }
  }

  private static func input(_ code: String, _ message: String) -> DeskFailure {
    .failed(
      OperationalError(
        code: code, message: message, hint: "Change the request; nothing was written.",
        isInput: true))
  }
}
