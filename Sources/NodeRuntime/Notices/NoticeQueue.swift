// What this node's own acts and the alarms that it tells of put into the queue of notices.

internal import AgentAPI
internal import ClusterTrust
internal import Foundation
internal import HelpdeskDomain
internal import Logging
internal import ReplicaCore
internal import ReplicaStore
internal import Synchronization

/// Derives notices. An act is told by the node at which it was done, so by one; an alarm by the
/// node that ``AlarmTeller`` names.
final class NoticeQueue: Sendable {
  /// Notices that wait for one receiver; what comes beyond is shown as failed.
  static let waiting = 10_000
  /// Deltas that are read at a time; each may be as long as 2 MiB.
  private static let page = 100
  private static let cursorKey = "notices.seq"

  private let parts: NodeParts
  /// The own seq up to which notices were derived.
  private let cursor = Mutex<UInt64?>(nil)

  init(parts: NodeParts) { self.parts = parts }

  // MARK: Acts

  /// Looks at the own deltas since the last time.
  func takeActs() async throws {
    let own = parts.own
    let end = parts.store.vector[own]
    var place = try await start()
    guard place < end else { return }
    let webhooks = try await parts.store.read { try $0.webhooks().filter(\.isActive) }
    while place < end, !webhooks.isEmpty {
      let from = place
      let entries = try await parts.store.read {
        try $0.log(of: own, after: from, limit: Self.page)
      }
      guard let last = entries.last?.delta.dot.seq else { break }
      try await enqueue(entries, for: webhooks, upTo: last)
      place = last
      cursor.withLock { [place] in $0 = place }
    }
    cursor.withLock { $0 = max($0 ?? 0, end) }
  }

  /// A node that knows of no place yet begins with now: history is told to nobody.
  private func start() async throws -> UInt64 {
    if let known = cursor.withLock({ $0 }) { return known }
    let stored = try await parts.store.read { try $0.local(Self.cursorKey)?.integer }
    let now = parts.store.vector[parts.own]
    // Under a slot of its own a node begins to count anew.
    if let stored { return min(UInt64(max(0, stored)), now) }
    try await parts.store.write { $0.setLocal(Self.cursorKey, .integer(Int64(now))) }
    return now
  }

  /// Keeps the place, so that a restart reads little again.
  func keepPlace() async {
    guard let place = cursor.withLock({ $0 }) else { return }
    let known = try? await parts.store.read { try $0.local(Self.cursorKey)?.integer }
    guard known != Int64(place) else { return }
    try? await parts.store.write { $0.setLocal(Self.cursorKey, .integer(Int64(place))) }
  }

  private func enqueue(
    _ entries: [HistoryEntry], for webhooks: [WebhookRecord], upTo seq: UInt64
  ) async throws {
    let (author, now) = (author, parts.clock.now)
    let found = try await parts.store.read { view in
      var found: [QueuedDelivery] = []
      var lookup = NoticeFacts(view)
      for entry in entries where entry.void == nil {
        let header = entry.delta.header
        for (index, what) in WebhookEvent.occurrences(in: entry.delta).enumerated() {
          let asked = webhooks.filter {
            $0.subscribes(to: what.event.rawValue) && header.hlc > $0.activeSince
          }
          // What nobody asked for is not looked up.
          guard !asked.isEmpty else { continue }
          var whole = what
          whole.facts = try lookup.facts(of: what)
          for webhook in asked {
            found.append(try Self.notice(of: whole, index, header, to: webhook, author, now, view))
          }
        }
      }
      return found
    }
    guard !found.isEmpty else { return }
    try await store(found) { $0.setLocal(Self.cursorKey, .integer(Int64(seq))) }
  }

  /// The node that a notice is from.
  private struct NoticeAuthor: Sendable {
    var node: String
    var office: String
  }

  private var author: NoticeAuthor {
    NoticeAuthor(node: parts.configuration.node, office: parts.configuration.office)
  }

  /// The id is the same whenever the notice is derived again.
  private static func notice(
    of what: WebhookOccurrence, _ index: Int, _ header: DeltaHeader, to webhook: WebhookRecord,
    _ author: NoticeAuthor, _ now: Instant, _ view: ReadView
  ) throws -> QueuedDelivery {
    let id = "\(webhook.id)-\(header.dot.slot)-\(header.dot.seq)-\(index)"
    let body = NoticeBody(
      type: what.event.rawValue, id: id, time: header.shownAt,
      subject: what.ticket.map { "zen:ticket:\($0)" } ?? "helio:board", node: author.node,
      office: author.office, actor: header.actor == .none ? nil : header.actor,
      event: what.facts,
      ticket: try what.ticket.flatMap { try view.ticket($0) })
    return QueuedDelivery(
      id: id, webhook: webhook.id, event: what.event.rawValue, body: try body.text(),
      createdAt: now)
  }

  /// Puts notices into the queue as far as there is room, with what belongs to the transaction.
  private func store(
    _ found: [QueuedDelivery], also: @escaping @Sendable (WriteTransaction) throws -> Void
  ) async throws {
    var waiting = try await parts.store.read { try $0.waitingDeliveries() }
    let now = parts.clock.now
    let bounded = found.map { each in
      waiting[each.webhook, default: 0] += 1
      guard waiting[each.webhook, default: 0] > Self.waiting else { return each }
      var dropped = each
      dropped.state = .failed
      dropped.body = ""
      dropped.problem = "\(Self.waiting) notices wait already: this one is not sent"
      dropped.doneAt = now
      return dropped
    }
    try await parts.store.write { transaction in
      try transaction.enqueue(bounded)
      try also(transaction)
    }
  }

  // MARK: Alarms

  /// Notes which alarms stand, and puts notices of new ones into the queue where it is this node
  /// that tells. Returns what is new and what is gone.
  func takeAlarms() async throws -> (new: [AlarmReport], gone: [AlarmReport]) {
    let standing = try await parts.alarms.standing()
    let known = try await parts.store.read { try $0.standingAlarms() }
    let (now, roster) = (parts.clock.now, parts.clock.rosterNow)
    let causes = Set(known.map(\.cause))
    let new = standing.filter { !causes.contains($0.report.cause) }
    let present = Set(standing.map(\.report.cause))
    let gone = known.filter { !present.contains($0.cause) }
    guard !new.isEmpty || !gone.isEmpty else { return ([], []) }
    let active = Dictionary(
      parts.book.membership.active.map { ($0.slot, $0.office) }, uniquingKeysWith: { $1 })
    let told =
      parts.standing.readOnly == nil
      ? new.filter { $0.teller.tells(parts.own, active: active) } : []
    let notices = try await notices(of: told.map(\.report), at: now)
    try await store(notices) { transaction in
      for alarm in new { try transaction.raise(Self.logged(alarm.report, at: now)) }
      for alarm in gone { try transaction.endAlarm(alarm.cause, at: roster) }
    }
    return (new.map(\.report), gone.map(Self.report))
  }

  private func notices(of alarms: [AlarmReport], at now: Instant) async throws -> [QueuedDelivery] {
    guard !alarms.isEmpty else { return [] }
    let author = author
    return try await parts.store.read { view in
      let webhooks = try view.webhooks()
      var found: [QueuedDelivery] = []
      for alarm in alarms {
        for webhook in webhooks where webhook.subscribes(to: WebhookEvent.alarm(kind: alarm.kind)) {
          found.append(try Self.notice(of: alarm, to: webhook, author, now, view))
        }
      }
      return found
    }
  }

  private static func notice(
    of alarm: AlarmReport, to webhook: WebhookRecord, _ author: NoticeAuthor, _ now: Instant,
    _ view: ReadView
  ) throws -> QueuedDelivery {
    let event = WebhookEvent.alarm(kind: alarm.kind)
    // A slot is in the name of a hand-over's alarm; a node's troubles may come back.
    let again = alarm.office == nil ? "-\(now.seconds)" : ""
    let id = "\(webhook.id)-\(alarm.cause)\(again)"
    let body = NoticeBody(
      type: event, id: id, time: alarm.raisedAt.instant,
      subject: alarm.ticketID.map { "zen:ticket:\($0)" } ?? "helio:alarm:\(alarm.cause)",
      node: author.node, office: author.office, actor: nil,
      event: [
        "cause": .text(alarm.cause), "kind": .text(alarm.kind),
        "severity": .text(alarm.severity),
        "office": alarm.office.map { .text($0) } ?? .nothing,
        "message": .text(alarm.message), "raised_at": .time(alarm.raisedAt.instant),
      ], ticket: try alarm.ticketID.flatMap { try view.ticket(RowID($0)) })
    return QueuedDelivery(
      id: id, webhook: webhook.id, event: event, body: try body.text(), createdAt: now)
  }

  private static func logged(_ alarm: AlarmReport, at now: Instant) -> LoggedAlarm {
    LoggedAlarm(
      cause: alarm.cause, kind: alarm.kind, office: alarm.office.map { OfficeID($0) },
      ticket: alarm.ticketID.map { RowID($0) }, group: alarm.groupID.map { RowID($0) },
      message: alarm.message, raisedAt: alarm.raisedAt.instant, seenAt: now)
  }

  private static func report(_ alarm: LoggedAlarm) -> AlarmReport {
    AlarmReport(
      id: alarm.cause, kind: alarm.kind, cause: alarm.cause, ticketID: alarm.ticket?.rawValue,
      groupID: alarm.group?.rawValue, office: alarm.office?.rawValue,
      raisedAt: WireTime(alarm.raisedAt), message: alarm.message)
  }
}
