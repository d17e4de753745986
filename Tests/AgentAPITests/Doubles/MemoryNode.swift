// A node with fixed answers, and an authenticator with four users.

import AgentAPI
import HelpdeskDomain
import ReplicaCore

struct MemoryNode: NodeService {
  static let time = WireTime(MemoryDesk.now)
  var isHealthy = true
  var moreAlarms: [AlarmReport] = []

  var slot: UInt32 { 7 }

  func status() async -> NodeReport {
    NodeReport(
      cluster: "globe", clusterID: "c1", node: "paris-1", office: "paris", slot: 7,
      state: "serving", stateReason: nil, software: "0.1.0", schemaLevel: 1, version: ["7": 3],
      deltas: 3, fingerprint: "00ff",
      clock: .init(now: Self.time, trusted: true, driftMilliseconds: nil, drillOffsetSeconds: 0),
      rosterNumber: nil, tickets: 1, conflicts: 0, searchLag: 0, startedAt: Self.time)
  }

  func sites() async -> [SiteReport] {
    [
      SiteReport(
        node: "paris-1", office: "paris", slot: 7, state: "self", address: nil, lastHeardAt: nil,
        lag: 0, dataAgeSeconds: 0, unsent: 0, roundTripMilliseconds: nil)
    ]
  }

  func members() async -> [MemberReport] { [member] }

  private var member: MemberReport {
    MemberReport(
      node: "paris-1", office: "paris", slot: 7, key: "ab", state: "active", admittedBy: nil,
      admittedAt: Self.time, removedAt: nil)
  }

  func health() async -> HealthReport {
    HealthReport(checks: [.init(name: "store", ok: isHealthy, message: "open")])
  }

  func metricsText() async -> String { "helio_log_deltas_total 3\n" }

  func verify() async -> VerifyReport {
    VerifyReport(
      equal: true, fingerprint: "00ff", version: ["7": 3], selfConsistent: true, peers: [])
  }

  func signedHead() async -> HeadReport? { nil }
  func alarms() async -> [AlarmReport] {
    [
      AlarmReport(
        id: "a1", kind: "not_accepted", ticketID: 10_007, groupID: nil, office: "paris",
        raisedAt: Self.time, message: "Nobody has accepted ticket 10007.")
    ] + moreAlarms
  }

  func invite(_ request: InviteRequest, as actor: Actor) async -> InviteReport {
    InviteReport(token: "t-\(request.ttlSeconds)", office: request.office, expiresAt: Self.time)
  }

  func remove(node: String, confirm: String?, as actor: Actor) async throws(DeskFailure)
    -> MemberReport
  {
    guard node == "paris-1" else { throw .refused(.notFound(kind: "node", id: node)) }
    return member
  }

  func setLink(peer: String?, paused: Bool, as actor: Actor) async -> [SiteReport] {
    await sites()
  }

  func roster() async -> RosterReport? { nil }

  func publishRoster(_ upload: RosterUpload, as actor: Actor) async throws(DeskFailure)
    -> RosterReport
  {
    guard upload.text.contains("office") else {
      throw .failed(
        OperationalError(
          code: "RosterInvalid", message: "line 1: no office.", hint: "Name one.", isInput: true))
    }
    return RosterReport(
      id: 10_007, number: 1, publishedAt: Self.time, effectiveAt: Self.time,
      emergency: upload.emergency, offices: ["paris"], groups: [],
      publication: upload.format.rawValue, warnings: [])
  }

  func coverage(week: String?) async -> CoverageReport {
    CoverageReport(
      week: week ?? "2026-W12",
      groups: [
        .init(
          group: "support", days: [.init(date: "2026-03-18", coveredMinutes: 1_020)],
          coveredMinutes: 7_560,
          gaps: [.init(from: Self.time, to: Self.time, offices: [])], overlaps: [])
      ])
  }

  func duty(at time: Instant?) async -> [DutyReport] {
    [
      DutyReport(
        groupID: nil, group: "support", office: "paris", since: Self.time, until: Self.time,
        staffedFrom: Self.time, accepted: false, next: "singapore")
    ]
  }

  func owners(of tickets: [RowID], at time: Instant?) async -> [OwnershipReport] {
    tickets.filter { $0 != RowID(99) }.map { ticket in
      OwnershipReport(
        ticketID: ticket.rawValue, at: time.map { WireTime($0) } ?? Self.time, office: "paris",
        reason: "duty", movesOn: true, home: "paris", wakeAt: nil, assigneeID: nil,
        assigneeOffShift: false, inTransit: false, until: nil, token: "1.1.0.0")
    }
  }

  func board(office: OfficeID?) async -> BoardReport {
    BoardReport(
      office: office?.rawValue ?? "paris", at: Self.time, onDuty: true, slotStart: nil,
      slotEnd: nil, acceptedAt: nil, outgoing: [], inTransit: [], accepted: [], sentBack: [],
      warnings: [], limit: 100,
      counts: .init(outgoing: 0, inTransit: 0, accepted: 0, sentBack: 0))
  }
}

struct MemoryAuthenticator: Authenticator {
  static let agent = RowID(900_007)
  static let admin = RowID(910_007)
  static let customer = RowID(920_007)

  func admit(_ credential: Credential, from address: String)
    async throws(AuthenticationFailure) -> SignIn
  {
    SignIn(actor: try actor(for: credential), basis: .token(RowID(30_007)))
  }

  func stands(_ signIn: SignIn) async -> Bool { true }

  private func actor(for credential: Credential) throws(AuthenticationFailure) -> Actor {
    switch credential {
    case .token("agent@paris.example", "agent-token"), .bearer("agent-token"),
      .password("agent@paris.example", "correct horse"):
      return Self.actor(Self.agent, .agent)
    case .bearer("admin-token"): return Self.actor(Self.admin, .admin)
    case .bearer("viewer-token"): return Self.actor(Self.admin, .viewer)
    case .bearer("customer-token"): return Self.actor(Self.customer, .endUser)
    case .password("slow@paris.example", _): throw AuthenticationFailure(retryAfter: 8)
    default: throw AuthenticationFailure()
    }
  }

  func operatorActor() async -> Actor { Self.actor(.none, .admin) }
  func actor(actingAs email: String) async -> Actor? { nil }

  private static func actor(_ user: RowID, _ role: Role) -> Actor {
    Actor(user: user, role: role, office: OfficeID("paris"), authority: Dot(Slot(7), 1))
  }
}
