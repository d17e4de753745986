// `helio join`: admission by a one-time token, then the data of the cluster.

internal import ClusterTrust
internal import Foundation
internal import Logging
internal import ReplicaCore
internal import ReplicaStore
internal import SyncTransport

extension NodeSetup {
  /// Joins a cluster with a one-time token. An interrupted join goes on where it stopped when it
  /// is run again with the same token. `progress` is told of each step in words.
  package static func join(
    _ options: JoinOptions, in path: String, progress: @escaping @Sendable (String) -> Void
  ) async throws(NodeError) -> SetupReport {
    let directory = DataDirectory(path)
    try prepare(directory)
    _ = try HostPort(options.listen.peerListen, option: "--peer-listen")
    _ = try HostPort(options.listen.apiListen, option: "--api-listen")
    do {
      let invite = try parse(options.token, resuming: JoiningState.load(from: directory) != nil)
      let key = try joinerKey(directory)
      var state =
        JoiningState.load(from: directory)
        ?? JoiningState(
          node: options.node ?? defaultName(key))
      let (log, member) = try await admission(invite, key, &state, directory, progress)
      let bootstrap = try await fetch(invite, log, member, key, &state, directory, progress)
      return try await settle(
        options, invite, log, member, bootstrap, in: directory, progress: progress)
    } catch {
      throw NodeError.from(error, doing: "joining the cluster")
    }
  }

  /// An expired token is still good to go on with a join that it began.
  private static func parse(_ token: String, resuming: Bool) throws -> Invite {
    let now = resuming ? Instant.zero : NodeClock().now
    do throws(InviteError) { return try Invite.parse(token, now: now) } catch {
      throw NodeError(.tokenRefused, error.message, hint: "Nothing was sent anywhere.")
    }
  }

  private static func joinerKey(_ directory: DataDirectory) throws -> NodeKey {
    if FileManager.default.fileExists(atPath: directory.nodeKey.path) {
      return try directory.nodeKey.loadKey()
    }
    var random = SystemRandomNumberGenerator()
    let key = NodeKey.generate(using: &random)
    try directory.nodeKey.save(key)
    return key
  }

  private static func defaultName(_ key: NodeKey) -> String {
    "node-" + String(key.hash.digest.description.prefix(8))
  }

  /// Asks the issuer, or reads the answer that an earlier run got.
  private static func admission(
    _ invite: Invite, _ key: NodeKey, _ state: inout JoiningState, _ directory: DataDirectory,
    _ progress: @Sendable (String) -> Void
  ) async throws -> (MembershipLog, Member) {
    if let bytes = state.membership {
      let log = try MembershipLog(encoded: bytes)
      if case .success(let member) = log.membership.standing(of: key.publicKey) {
        progress("admitted before as \(member.node), slot \(member.slot); going on")
        return (log, member)
      }
    }
    let name = NodeName(state.node)
    guard name.isValid else {
      throw NodeError(
        .badOption, "--node is '\(name)', which is no node name",
        hint: "Use 1 to 63 characters of a-z, 0-9 and '-'.")
    }
    try state.save(to: directory)
    progress("asking the issuer \(invite.endpoints.map(\.description).joined(separator: ", "))")
    let request = try JoinRequest.make(for: invite, key: key, node: name)
    let bytes = try await ask(invite, key, name, request.encoded)
    guard let first = bytes.first else {
      throw NodeError(
        .tokenRefused, "the issuer's answer is empty", hint: "Run the join again.")
    }
    let body = Array(bytes.dropFirst())
    guard first == JoinDesk.granted else {
      let refusal = try JoinRefusal(encoded: body)
      throw NodeError(
        .tokenRefused, "the issuer refused: \(refusal.message)", hint: "Code: \(refusal.code).")
    }
    let answer = try JoinAnswer(encoded: body)
    let accepted: (log: MembershipLog, member: Member)
    do throws(JoinAnswerError) {
      accepted = try answer.accept(for: invite, key: key.publicKey)
    } catch {
      throw NodeError(
        .issuerNotTrusted, error.message, hint: "Do not use this token again; ask for another.")
    }
    state.membership = accepted.log.encoded
    try state.save(to: directory)
    progress("admitted as \(accepted.member.node), slot \(accepted.member.slot)")
    return accepted
  }

  /// Tries the endpoints of the token; the issuer's key is checked before a byte is sent.
  private static func ask(
    _ invite: Invite, _ key: NodeKey, _ name: NodeName, _ request: [UInt8]
  ) async throws -> [UInt8] {
    let address = NodeAddress(
      cluster: invite.cluster, office: OfficeID("joining"), node: name, slot: .maximum)
    let client = JoinClient(credentials: try credentials(key, address), logger: quiet)
    var failure: (any Error)?
    for endpoint in invite.endpoints {
      let target = PeerEndpoint(host: endpoint.host, port: Int(endpoint.port))
      do {
        return try await client.exchange(with: target, request: request) { peer in
          switch invite.verdict(forIssuerCertificate: peer.leaf) {
          case .issuer: .admitted
          case .refused(let refusal): .refused(refusal.message)
          }
        }
      } catch { failure = error }
    }
    if case .refused(let why)? = failure as? PeerLinkError {
      throw NodeError(
        .issuerNotTrusted, why, hint: "Check the address in the token and the network between.")
    }
    throw NodeError(
      .unreachable, "no endpoint of the token answers",
      hint: "Check that the issuing node runs and that its peer address can be reached from here.",
      cause: failure.map { "\($0)" })
  }

  static func credentials(
    _ key: NodeKey, _ address: NodeAddress
  ) throws -> NodeCredentials {
    var random = SystemRandomNumberGenerator()
    let certificate = try NodeCertificate.make(for: key, address: address, using: &random)
    return try NodeCredentials(certificate: certificate.der, privateKey: key.der)
  }

  static var quiet: Logger { Logger(label: "helio.join") { _ in SwiftLogNoOpLogHandler() } }

  /// Writes what the node starts from, and takes the joining state away at the very end.
  private static func settle(
    _ options: JoinOptions, _ invite: Invite, _ log: MembershipLog, _ member: Member,
    _ bootstrap: BootstrapRecord?, in directory: DataDirectory,
    progress: @Sendable (String) -> Void
  ) async throws -> SetupReport {
    let store = try ReplicaStore.open(StoreOptions.node(directory))
    let record = try bootstrap.map { Array(try JSONEncoder().encode($0)) }
    try await store.write { transaction in
      try transaction.adopt(slot: member.slot)
      transaction.setLocal(BookKeys.membership, .bytes(log.encoded))
      transaction.setLocal(BookKeys.invites, .bytes(InviteBook().encoded))
      if let record { transaction.setLocal(BookKeys.bootstrap, .bytes(record)) }
    }
    try store.close()
    try APICertificates.make(
      for: options.listen, cluster: invite.clusterName, node: member.node, in: directory)
    var configuration = NodeConfiguration(
      cluster: invite.clusterName, clusterID: log.cluster.rawValue, node: member.node.rawValue,
      office: member.office, slot: member.slot, listen: options.listen)
    // The issuer is reachable under the token's address, whatever it announces.
    if let issuer = log.membership.active.first(where: { $0.key.hash == invite.issuer }),
      let endpoint = invite.endpoints.first
    {
      configuration.seeds = [issuer.node.rawValue: endpoint.description]
    }
    try configuration.save(to: directory)
    try? FileManager.default.removeItem(atPath: directory.joining)
    var report = SetupReport(
      cluster: invite.clusterName, clusterID: log.cluster.rawValue, node: member.node.rawValue,
      office: member.office.rawValue, slot: member.slot.rawValue, dataDirectory: directory.path)
    report.snapshotBytes = bootstrap?.bytes
    report.snapshotChunks = bootstrap?.chunks
    return report
  }
}
