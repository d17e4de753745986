// `helio init`: a new cluster with its first node.

internal import ClusterTrust
internal import Foundation
internal import HelpdeskDomain
internal import ReplicaCore
internal import ReplicaStore

/// Makes data directories: founds a cluster, or joins one.
package enum NodeSetup {
  /// Founds a cluster in an empty data directory: root key (sealed), node key, membership log,
  /// replica under slot 1, API certificate, settings. Nothing is left where a step fails.
  package static func found(
    _ options: FoundOptions, in path: String
  ) async throws(NodeError) -> SetupReport {
    let directory = DataDirectory(path)
    try prepare(directory)
    let place = try officePlace(options)
    var random = SystemRandomNumberGenerator()
    let name = NodeName(options.node ?? "\(options.office)-1")
    guard name.isValid else {
      throw NodeError(
        .badOption, "--node is '\(name)', which is no node name",
        hint: "Use 1 to 63 characters of a-z, 0-9 and '-'.")
    }
    _ = try HostPort(options.listen.peerListen, option: "--peer-listen")
    _ = try HostPort(options.listen.apiListen, option: "--api-listen")
    let root = RootKey.generate(using: &random)
    let key = NodeKey.generate(using: &random)
    let log: MembershipLog
    do throws(IssueRefusal) {
      log = try MembershipLog.found(
        name: options.cluster, drill: options.drill, node: name, place: place, key: key,
        root: root, at: NodeClock().now, using: &random)
    } catch {
      throw NodeError(.badOption, error.message, hint: "Run `helio init --help` for the rules.")
    }
    try await write(log, key, root, name, options, directory)
    let configuration = NodeConfiguration(
      cluster: options.cluster, clusterID: log.cluster.rawValue, node: name.rawValue,
      office: options.office, slot: Slot(1), listen: options.listen)
    try configuration.save(to: directory)
    var report = SetupReport(
      cluster: options.cluster, clusterID: log.cluster.rawValue, node: name.rawValue,
      office: options.office.rawValue, slot: 1, dataDirectory: directory.path)
    report.rootKeyFile = directory.sealedRoot
    return report
  }

  private static func officePlace(_ options: FoundOptions) throws(NodeError) -> OfficePlace {
    do throws(OfficePlaceError) {
      return try OfficePlace(
        office: options.office, zone: options.zone, languages: options.languages)
    } catch {
      throw NodeError(
        .badOption, error.message, hint: "Run `helio init --help` for an example.")
    }
  }

  /// The directory must not hold a node yet; it is made with mode 0700 where it is missing.
  static func prepare(_ directory: DataDirectory) throws(NodeError) {
    let files = FileManager.default
    guard !files.fileExists(atPath: directory.configuration) else {
      throw NodeError(
        .alreadyInitialized, "\(directory.path) holds a node already",
        hint: "Start it with `helio serve`, or name another directory with --data.")
    }
    do {
      try files.createDirectory(
        atPath: directory.path, withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
    } catch {
      throw NodeError(
        .badOption, "the data directory \(directory.path) cannot be made",
        hint: "Make it and give it to the user that runs helio, or name another with --data.",
        cause: "\(error)")
    }
  }

  private static func write(
    _ log: MembershipLog, _ key: NodeKey, _ root: RootKey, _ name: NodeName,
    _ options: FoundOptions, _ directory: DataDirectory
  ) async throws(NodeError) {
    do {
      try directory.nodeKey.save(key)
      var random = SystemRandomNumberGenerator()
      let sealed = try SealedRootKey(
        root, cluster: log.cluster, passphrase: options.rootPassphrase, using: &random)
      try KeyFile(path: directory.sealedRoot).saveText(sealed.pem)
      let store = try ReplicaStore.open(StoreOptions.node(directory))
      try await store.write { transaction in
        try transaction.adopt(slot: Slot(1))
        transaction.setLocal(BookKeys.membership, .bytes(log.encoded))
        transaction.setLocal(BookKeys.invites, .bytes(InviteBook().encoded))
      }
      try store.close()
      try APICertificates.make(
        for: options.listen, cluster: options.cluster, node: name, in: directory)
    } catch let error as NodeError {
      throw error
    } catch {
      throw NodeError.from(error, doing: "founding the cluster")
    }
  }
}
