// Alarms: what nobody accepted in time, clocks, forks and damage; derived, so every node has them.

internal import AgentAPI
internal import HelpdeskDomain
internal import ReplicaCore
internal import ReplicaStore

/// An alarm that stands, and who tells receivers outside of it.
struct StandingAlarm: Sendable {
  var report: AlarmReport
  var teller: AlarmTeller
}

/// Derives the alarms that stand now.
struct AlarmWatch: Sendable {
  var own: Slot
  var desk: DutyDesk
  var clock: NodeClock
  var peers: @Sendable () -> [Slot: PeerStatus]
  var nodeName: @Sendable (Slot) -> String
  var frozen: @Sendable () -> Set<Slot>
  /// Slot → the peer that says its history of it differs from ours.
  var differences: @Sendable () -> [Slot: Slot]
  /// Slot → milliseconds by which it stamped too far ahead of this node's clock.
  var ahead: @Sendable () -> [Slot: Int64]
  var voidRecords: @Sendable () -> [String]
  /// That this node, cut off, lets in only whom its operator confirms, or soon will; accounts that
  /// somebody disabled gave out.
  var accounts: @Sendable () -> [AlarmReport]
  /// Peers that sent wrong bytes for a file.
  var badFiles: @Sendable () -> Set<Slot> = { [] }
  /// The certificate that agents see.
  var certificate: APICertificateState?

  func alarms() async throws -> [AlarmReport] { try await standing().map(\.report) }

  func standing() async throws -> [StandingAlarm] {
    let now = clock.rosterNow
    let handoffs = try await desk.read { duty in try Self.handoffAlarms(duty, now) }
    return handoffs + nodeAlarms() + accountAlarms()
  }

  /// One alarm for a board that nobody accepted, one for each ticket in transit too long.
  private static func handoffAlarms(
    _ duty: DutyReading, _ now: Instant
  ) throws -> [StandingAlarm] {
    var alarms: [StandingAlarm] = []
    for group in try duty.groups() {
      let view = duty.ownership(group.id, at: now)
      guard let office = view.slot.office, let teller = AlarmTeller(ofHandoverIn: view.slot) else {
        continue
      }
      if view.board.acceptance == nil {
        if let alarm = try boardAlarm(duty, group, office, view, now) {
          alarms.append(StandingAlarm(report: alarm, teller: teller))
        }
      } else {
        for (record, transit) in try duty.unseen(group.id, view) where transit.alarms(at: now) {
          let alarm = ticketAlarm(record, group.id, transit, office, view)
          alarms.append(StandingAlarm(report: alarm, teller: teller))
        }
      }
    }
    return alarms
  }

  private static func boardAlarm(
    _ duty: DutyReading, _ group: (id: RowID, name: String), _ office: OfficeID,
    _ view: OwnershipView, _ now: Instant
  ) throws -> AlarmReport? {
    // The first ticket that is due tells; before the first instant of any alarm none has to be read.
    guard now >= view.firstAlarm else { return nil }
    var due: Instant?
    try duty.visitAwake(group.id, view) { ticket in
      let transit = view.transit(of: ticket)
      if transit.alarms(at: now) { due = transit.alarmAt }
      return due == nil
    }
    guard let due else { return nil }
    let total = try duty.countAwake(group.id, view)
    return AlarmReport(
      id: AlarmCause.board(ofGroup: group.id, in: view.slot), kind: "not_accepted",
      ticketID: nil, groupID: group.id == .none ? nil : group.id.rawValue,
      office: office.rawValue, raisedAt: WireTime(due),
      message: "\(office) has not accepted the board of group \(group.name), \(total) open "
        + "tickets: its lead accepts (`helio handoff accept`), or the fallback covers.")
  }

  private static func ticketAlarm(
    _ record: TicketRecord, _ group: RowID, _ transit: Transit, _ office: OfficeID,
    _ view: OwnershipView
  ) -> AlarmReport {
    AlarmReport(
      id: AlarmCause.ticket(record.id, ofGroup: group, in: view.slot), kind: "in_transit",
      ticketID: record.id.rawValue, groupID: record.group?.rawValue, office: office.rawValue,
      raisedAt: WireTime(transit.alarmAt ?? transit.since),
      message: "Ticket \(record.id) moved on to \(office), which has not provably seen it since "
        + "\(WireTime(transit.since)): somebody there takes it, or the fallback covers it.")
  }

  private func accountAlarms() -> [StandingAlarm] {
    accounts().map { report in
      // An account given out late is seen on every node, a cut only where it is.
      guard report.kind == "cut_off" else {
        return StandingAlarm(report: report, teller: .others(than: nil))
      }
      var report = report
      report.cause = "node-\(own)-\(report.id)"
      return StandingAlarm(report: report, teller: .itself)
    }
  }

  private func nodeAlarms() -> [StandingAlarm] {
    let now = clock.now
    var alarms: [StandingAlarm] = []
    func raise(
      _ id: String, _ kind: String, since: Instant? = nil, about slot: Slot? = nil,
      _ message: String
    ) {
      let isOwn = slot == own
      let report = AlarmReport(
        id: id, kind: kind, cause: isOwn ? "node-\(own)-\(id)" : id, ticketID: nil, groupID: nil,
        office: nil, raisedAt: WireTime(since ?? now), message: message)
      alarms.append(
        StandingAlarm(report: report, teller: isOwn ? .itself : .others(than: slot)))
    }
    if let drift = clock.drift {
      raise(
        "clock", "clock", about: own,
        "This node's clock is off by \(drift) ms, against its peers or its own steady time: it may "
          + "not accept or cover until the clock is right again.")
    }
    for (slot, status) in peers().sorted(by: { $0.key < $1.key })
    where status.link == .connected
      && abs(status.clockSkewMilliseconds) > NodeClock.peerTolerance
    {
      raise(
        "clock-\(slot)", "clock", since: status.connectedSince, about: slot,
        "The clock of \(nodeName(slot)) differs by \(status.clockSkewMilliseconds) ms from this "
          + "node's time: one of them is wrong.")
    }
    for (slot, milliseconds) in ahead().sorted(by: { $0.key < $1.key }) {
      raise(
        "stamps-\(slot)", "clock", about: slot,
        "\(nodeName(slot)) stamped changes \(milliseconds / 1_000) s ahead of this node's clock. They "
          + "apply, and this node's time did not follow them; look at both clocks.")
    }
    for slot in frozen().sorted() {
      raise(
        "fork-\(slot)", "fork", about: slot,
        "Slot \(slot) (\(nodeName(slot))) wrote two histories; its further deltas are refused. "
          + "Remove it and let it join again under a new slot.")
    }
    for (slot, peer) in differences().sorted(by: { $0.key < $1.key }) {
      raise(
        "difference-\(slot)", "fork", about: slot,
        "\(nodeName(peer)) says that its history of slot \(slot) (\(nodeName(slot))) differs from "
          + "this node's. If \(nodeName(slot)) was copied, or put back from a backup, remove it "
          + "and let it join again.")
    }
    for (slot, status) in peers().sorted(by: { $0.key < $1.key }) {
      guard let since = status.damagedSince else { continue }
      raise(
        "damage-\(slot)", "damage", since: since, about: slot,
        "\(nodeName(slot)) and this node hold the same deltas but other rows: one database is "
          + "damaged. `helio verify` on both tells which.")
    }
    for slot in badFiles().sorted() {
      raise(
        "files-\(slot)", "files", about: own,
        "\(nodeName(slot)) sent bytes of an attached file that are not those of the file. They "
          + "were dropped, and other nodes are asked. Look at its disk, and at who runs it.")
    }
    if let certificate, let complaint = certificate.complaint(at: now) {
      raise("certificate", "certificate", since: certificate.since, about: own, complaint)
    }
    for (index, text) in voidRecords().enumerated() { raise("void-\(index)", "void", text) }
    return alarms
  }
}
