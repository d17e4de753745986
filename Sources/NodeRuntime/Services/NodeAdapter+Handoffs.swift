// Boards, arrivals, shift reports and alarms for the API.

internal import AgentAPI
internal import ClusterTrust
internal import HelpdeskDomain
internal import ReplicaCore
internal import ReplicaStore

extension NodeAdapter {
  func board(office: OfficeID?) async throws(DeskFailure) -> BoardReport {
    let office = try known(office)
    let now = parts.clock.rosterNow
    let warnings = unreachable()
    return try await duty { duty in
      try BoardReader(duty: duty, office: office, now: now).report(warnings: warnings)
    }
  }

  func arrivals(office: OfficeID?) async throws(DeskFailure) -> ArrivalReport {
    let office = try known(office)
    let now = parts.clock.rosterNow
    let warnings = unreachable()
    return try await duty { duty in
      try ArrivalReader(duty: duty, office: office, now: now).report(warnings: warnings)
    }
  }

  func shiftReport(_ query: ShiftQuery) async throws(DeskFailure) -> ShiftReport {
    let office = try known(query.office)
    let now = parts.clock.rosterNow
    let warnings = unreachable()
    return try await duty { duty in
      let span = try duty.span(query.span, of: office, at: now)
      return try ShiftReporter(duty: duty, office: office, now: now, span: span)
        .report(warnings: warnings)
    }
  }

  private func known(_ office: OfficeID?) throws(DeskFailure) -> OfficeID {
    let office = office ?? OfficeID(parts.configuration.office)
    guard parts.book.membership.office(office) != nil else {
      throw .refused(.notFound(kind: "office", id: office.rawValue))
    }
    return office
  }

  /// Offices whose notes may be missing here.
  private func unreachable() -> [String] {
    let status = parts.table.status
    return parts.book.membership.active.filter { $0.slot != parts.own }.compactMap { member in
      let peer = status[member.slot] ?? PeerStatus()
      guard peer.link != .connected else { return nil }
      let since = peer.heardAt.map { " since \(WireTime($0))" } ?? ""
      return "\(member.office) (\(member.node)) unreachable\(since), notes may be missing"
    }
  }

  /// With since when this node has known of each, and who took notice.
  func alarms() async throws(DeskFailure) -> [AlarmReport] {
    do {
      let standing = try await parts.alarms.alarms()
      let causes = Set(standing.map(\.cause))
      let (clock, drill) = (parts.clock.now, parts.clock.drillOffset)
      return try await parts.store.read { view in
        let logged = Dictionary(
          try view.standingAlarms().map { ($0.cause, $0) }, uniquingKeysWith: { first, _ in first })
        let names = PeopleNames(view)
        let acks = Dictionary(
          grouping: try view.alarmAcks(causes), by: \.cause)
        return try standing.map { alarm in
          var alarm = alarm
          let isHandoff = alarm.office != nil
          // A node's own troubles do not say since when; the first look at them does.
          if !isHandoff, let since = logged[alarm.cause]?.seenAt {
            alarm.raisedAt = WireTime(since)
          }
          let now = isHandoff ? clock + drill : clock
          alarm.ageSeconds = max(0, (now - alarm.raisedAt.instant) / 1_000)
          alarm.acknowledged = try (acks[alarm.cause] ?? []).map { ack in
            .init(
              agentID: ack.agent.rawValue, agent: try names.user(ack.agent)?.name,
              office: ack.office?.rawValue, note: ack.note, at: WireTime(ack.at))
          }
          return alarm
        }.sorted { ($0.raisedAt.instant, $0.id) < ($1.raisedAt.instant, $1.id) }
      }
    } catch { throw DeskAdapter.failure(error) }
  }
}
