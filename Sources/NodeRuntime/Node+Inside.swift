// What tools and tests inside the process may ask of a node without going over HTTP.

internal import AgentAPI
internal import ClusterTrust
package import HelpdeskDomain
package import ReplicaCore
internal import ReplicaStore

extension Node {
  /// Runs a command through the mutation door. Throws ``Refusal`` or a store error.
  package func submit(_ command: DeskCommand, as actor: Actor) async throws -> Accepted {
    try await parts.door.submit(command, as: actor)
  }

  /// The node's operator as an actor.
  package var operatorActor: Actor {
    Actor(
      user: .none, role: .admin, office: OfficeID(parts.configuration.office), authority: nil,
      via: .cli)
  }

  /// The user of that e-mail address as an actor; nil where there is none.
  package func actor(_ email: String) async throws -> Actor? {
    guard let user = try await parts.store.read({ try $0.user(email: email) }) else { return nil }
    return Actor(
      user: user.id, role: user.role, office: user.office ?? operatorActor.office,
      authority: user.roleDot)
  }

  /// The ticket as this node shows it.
  package func ticket(_ id: RowID) async throws -> TicketRecord? {
    try await parts.store.read { try $0.ticket(id) }
  }

  /// Everything in a row's history, voids included.
  package func history(_ row: RowRef) async throws -> [HistoryEntry] {
    try await parts.store.read { try $0.history(row) }
  }

  /// Vector, hashes and fingerprint: equal on nodes that hold the same.
  package var localState: LocalState { parts.store.localState }

  /// Slots with which a live session runs.
  package var connectedPeers: Set<Slot> {
    Set(parts.table.status.filter { $0.value.link == .connected }.map(\.key))
  }

  /// A one-time token for a node of an office.
  package func makeInvite(office: String, zone: String, seconds: Int64 = 600) async throws
    -> String
  {
    let request = InviteRequest(office: office, zone: zone, ttlSeconds: seconds)
    return try await NodeAdapter(parts: parts).invite(request, as: operatorActor).token
  }

  /// Removes a member for good, this node too.
  package func remove(node: String) async throws {
    _ = try await NodeAdapter(parts: parts).remove(
      node: node, confirm: node, as: operatorActor)
  }

  /// Stops talking to all peers, or begins again.
  package func pauseLinks(_ paused: Bool) {
    if paused { parts.table.pause(nil) } else { parts.table.resume(nil) }
  }

  /// Every route of its API, as `METHOD /path`.
  package var routes: [String] {
    AgentServer.routeTable(APIServing.services(parts, feed: DeskFeed())).lines
  }

  /// The name of a group as this node shows it; nil where there is none.
  package func groupName(_ id: RowID) async throws -> String? {
    try await parts.store.read { try $0.group(id)?.name }
  }

  /// Ids of the alarms that stand.
  package func alarms() async throws -> [String] { try await parts.alarms.alarms().map(\.id) }

  /// Whether this node's clock is trusted.
  package var trustsClock: Bool { parts.clock.drift == nil }

  /// Conflicts in the inbox.
  package func conflicts() async throws -> [ConflictRecord] {
    try await parts.store.read { try $0.conflicts(size: 1_000).rows }
  }

  /// The owner of a ticket now, with its token as text.
  package func owner(of ticket: RowID) async throws -> (office: String, token: String)? {
    try await NodeAdapter(parts: parts).owners(of: [ticket], at: nil).first
      .map { ($0.office, $0.token) }
  }
}
