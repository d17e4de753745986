// The node and the cluster as the API needs them.

package import HelpdeskDomain
package import ReplicaCore

/// The node that answers, its peers, its roster. Reads are of this node's view; who may call what
/// is checked by the routes (reports: everyone who may read the desk; changes: admins).
package protocol NodeService: AccountService, PresenceService, WebhookService, HandoffService {
  /// The number under which this node writes.
  var slot: UInt32 { get }
  func status() async throws(DeskFailure) -> NodeReport
  /// This node first, then every other member that is not removed.
  func sites() async throws(DeskFailure) -> [SiteReport]
  func members() async throws(DeskFailure) -> [MemberReport]
  func health() async -> HealthReport
  /// Prometheus text format 0.0.4.
  func metricsText() async -> String
  /// Compares fingerprints with all peers now.
  func verify() async throws(DeskFailure) -> VerifyReport
  /// The signed head of this node's last delta; nil before the first.
  func signedHead() async throws(DeskFailure) -> HeadReport?
  /// What stands now, by when it was raised, then by id.
  func alarms() async throws(DeskFailure) -> [AlarmReport]

  /// One-time token for a node that joins.
  func invite(_ request: InviteRequest, as actor: Actor) async throws(DeskFailure) -> InviteReport
  /// Removes the node of that name from the cluster for good; the one that is asked only where
  /// `confirm` is its name, too.
  func remove(node: String, confirm: String?, as actor: Actor) async throws(DeskFailure)
    -> MemberReport
  /// Stops talking to the peer, or to all where nil; returns the sites afterwards.
  func setLink(peer: String?, paused: Bool, as actor: Actor) async throws(DeskFailure)
    -> [SiteReport]

  /// The publication in force, or nil before the first.
  func roster() async throws(DeskFailure) -> RosterReport?
  /// Checks and publishes a roster.
  func publishRoster(_ upload: RosterUpload, as actor: Actor) async throws(DeskFailure)
    -> RosterReport
  /// Coverage of an ISO week such as `2026-W12`; nil: the current one.
  func coverage(week: String?) async throws(DeskFailure) -> CoverageReport

  /// Who is on duty, per group, at a time (nil: now).
  func duty(at time: Instant?) async throws(DeskFailure) -> [DutyReport]
  /// The owner of each ticket at a time (nil: now); unknown ids are left out.
  func owners(of tickets: [RowID], at time: Instant?) async throws(DeskFailure)
    -> [OwnershipReport]
  /// The handoff board of an office (nil: the node's).
  func board(office: OfficeID?) async throws(DeskFailure) -> BoardReport
}
