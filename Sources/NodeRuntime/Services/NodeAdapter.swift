// The node and its cluster as the API sees them.

internal import AgentAPI
internal import ClusterTrust
internal import HelpdeskDomain
internal import ReplicaCore
internal import ReplicaStore

/// Puts the parts of a node behind ``NodeService``.
struct NodeAdapter: NodeService {
  var parts: NodeParts

  var slot: UInt32 { parts.own.rawValue }

  func status() async throws(DeskFailure) -> NodeReport {
    let (store, clock) = (parts.store, parts.clock)
    let counts = try await read { view in
      (
        tickets: try view.countTickets([]), conflicts: try view.countConflicts(),
        lag: try view.searchLag().rows
      )
    }
    let number = try await duty { $0.book.inForce(at: clock.rosterNow)?.version.number }
    let reason = readOnly
    return NodeReport(
      cluster: parts.configuration.cluster, clusterID: parts.configuration.clusterID,
      node: parts.configuration.node, office: parts.configuration.office,
      slot: parts.own.rawValue, state: reason == nil ? "serving" : "read-only",
      stateReason: reason, software: HelioVersion.text, schemaLevel: Int(store.schemaLevel),
      version: Self.text(store.vector), deltas: UInt64(store.deltaCount),
      fingerprint: store.fingerprint.digest.description,
      clock: .init(
        now: WireTime(clock.now), trusted: clock.drift == nil, driftMilliseconds: clock.drift,
        drillOffsetSeconds: clock.drillOffset / 1_000),
      rosterNumber: number, tickets: counts.tickets, conflicts: counts.conflicts,
      searchLag: counts.lag, startedAt: WireTime(parts.startedAt))
  }

  func sites() async throws(DeskFailure) -> [SiteReport] {
    let (now, mine) = (parts.clock.now, parts.store.vector)
    let status = parts.table.status
    return parts.book.membership.active.map { member in
      guard member.slot != parts.own else {
        return SiteReport(
          node: member.node.rawValue, office: member.office.rawValue,
          slot: member.slot.rawValue, state: "self",
          address: parts.configuration.peerAddress, lastHeardAt: WireTime(now), lag: 0,
          dataAgeSeconds: 0, unsent: 0, roundTripMilliseconds: nil)
      }
      let peer = status[member.slot] ?? PeerStatus()
      let lag = peer.vector[member.slot] - min(peer.vector[member.slot], mine[member.slot])
      let age = peer.link == .connected && lag == 0 ? 0 : (now - (peer.heardAt ?? parts.startedAt))
      return SiteReport(
        node: member.node.rawValue, office: member.office.rawValue, slot: member.slot.rawValue,
        state: peer.link.rawValue, address: parts.addresses[member.slot]?.description,
        lastHeardAt: peer.heardAt.map { WireTime($0) }, lag: lag,
        dataAgeSeconds: max(0, age / 1_000), unsent: peer.unsent(own: parts.own, vector: mine),
        roundTripMilliseconds: nil)
    }.sorted { ($0.state == "self" ? 0 : $0.slot) < ($1.state == "self" ? 0 : $1.slot) }
  }

  func members() async throws(DeskFailure) -> [MemberReport] {
    let membership = parts.book.membership
    return membership.members.map { report($0, in: membership) }
  }

  func report(_ member: Member, in membership: Membership) -> MemberReport {
    MemberReport(
      node: member.node.rawValue, office: member.office.rawValue, slot: member.slot.rawValue,
      key: member.key.hash.digest.description, state: member.isActive ? "active" : "removed",
      admittedBy: membership.members.first { $0.key.hash == member.admittedBy }?.node.rawValue,
      admittedAt: WireTime(member.admittedAt), removedAt: member.removedAt.map { WireTime($0) })
  }

  func health() async -> HealthReport {
    var checks: [HealthReport.Check] = []
    let free = parts.store.freeBytes ?? .max
    checks.append(
      .init(
        name: "disk", ok: free > StoreLimits.reserveBytes * 2,
        message: "\(free >> 20) MiB free where the database lies"))
    let drift = parts.clock.drift
    checks.append(
      .init(
        name: "clock", ok: drift == nil,
        message: drift.map { "the clock is off by \($0) ms" } ?? "trusted"))
    let reason = readOnly
    checks.append(.init(name: "writable", ok: reason == nil, message: reason ?? "serving"))
    let readable = (try? await parts.store.read { _ = try $0.vector() }) != nil
    checks.append(
      .init(name: "database", ok: readable, message: readable ? "readable" : "cannot be read"))
    let (certificate, now) = (parts.certificate, parts.clock.now)
    checks.append(
      .init(
        name: "certificate", ok: !certificate.hasEnded(at: now),
        message: certificate.complaint(at: now) ?? "good until \(certificate.goodUntil)"))
    return HealthReport(checks: checks)
  }

  func metricsText() async -> String { await MetricsText.render(parts) }

  // MARK: Shared

  /// Why nothing can be written now; nil while it can.
  private var readOnly: String? {
    parts.standing.readOnly
      ?? parts.store.stopped.map {
        "the disk failed; restart the node, which checks its files: \($0)"
      }
  }

  func read<T: Sendable>(
    _ body: @escaping @Sendable (ReadView) throws -> T
  ) async throws(DeskFailure) -> T {
    do { return try await parts.store.read(body) } catch { throw DeskAdapter.failure(error) }
  }

  func duty<T: Sendable>(
    _ body: @escaping @Sendable (DutyReading) throws -> T
  ) async throws(DeskFailure) -> T {
    do { return try await parts.duty.read(body) } catch { throw DeskAdapter.failure(error) }
  }

  static func text(_ vector: VersionVector) -> [String: UInt64] {
    Dictionary(uniqueKeysWithValues: vector.sorted.map { ($0.slot.description, $0.seq) })
  }
}
