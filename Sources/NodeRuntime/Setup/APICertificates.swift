// The agents' HTTPS certificate, made by the node where the operator brings none.

internal import ClusterTrust
internal import Foundation
internal import Logging
internal import ReplicaCore

/// Makes and renews the node's own API certificate. ADR 0124 says when.
enum APICertificates {
  /// Makes a CA to trust (once) and a certificate for the names, in the data directory: for `init`
  /// and `join`, where nobody can trust yet what an interrupted one left behind.
  static func make(
    for listen: ListenOptions, cluster: String, node: NodeName, in directory: DataDirectory
  ) throws {
    if listen.apiCertificate != nil { return }
    let now = NodeClock().now
    let authority =
      try Self.authority(in: directory)
      ?? newAuthority(cluster: cluster, node: node, in: directory, now: now)
    try issue(
      by: authority, for: names(listen.apiNames, listen.apiListen, option: "--api-listen"),
      in: directory, now: now)
  }

  /// Before the node serves: where its own certificate is missing, has other names than node.toml,
  /// or less than a third of its life left, makes another by the same CA. Returns what is served.
  static func renew(
    _ configuration: NodeConfiguration, in directory: DataDirectory, now: Instant, log: Logger
  ) throws -> APICertificateState {
    let state = try APICertificateState(configuration, in: directory, now: now)
    guard let fault = state.fault, fault != .ending || state.remedy == .restart else {
      if let complaint = state.complaint(at: now) { log.warning("\(complaint)") }
      return state
    }
    guard
      let authority = try Self.authority(in: directory)
        ?? replaced(configuration, directory, now, log)
    else {
      guard state.isUsable else { throw incomplete(directory) }
      log.warning("\(state.complaint(at: now) ?? state.trouble(at: now))")
      return state
    }
    let names = Self.names(configuration.apiNames, configuration.apiListen, option: "api_listen")
    try issue(by: authority, for: names, in: directory, now: now)
    let renewed = try APICertificateState(configuration, in: directory, now: now)
    log.notice(
      "made a new API certificate",
      metadata: [
        "because": "\(state.trouble(at: now))", "good_until": "\(renewed.goodUntil)",
      ])
    if let complaint = renewed.complaint(at: now) { log.warning("\(complaint)") }
    return renewed
  }

  /// The names given and the host listened on; the authority adds this machine's own.
  static func names(_ given: [String], _ listen: String, option: String) -> [String] {
    var names = given
    if let address = try? HostPort(listen, option: option),
      !["0.0.0.0", "::"].contains(address.host)
    {
      names.append(address.host)
    }
    return names
  }

  /// The CA that was kept; nil where one of its files is missing or they do not fit. A key that
  /// others can read is refused.
  static func authority(in directory: DataDirectory) throws -> APIAuthority? {
    guard let pem = try? String(contentsOfFile: directory.apiCA, encoding: .utf8) else {
      return nil
    }
    do {
      return APIAuthority(certificatePEM: pem, keyPEM: try directory.apiCAKey.loadText())
    } catch KeyFileError.missing { return nil }
  }

  /// A new CA where both files of the old one were taken away: so an operator says that the old
  /// one is to be trusted no more.
  private static func replaced(
    _ configuration: NodeConfiguration, _ directory: DataDirectory, _ now: Instant, _ log: Logger
  ) throws -> APIAuthority? {
    let files = FileManager.default
    guard !files.fileExists(atPath: directory.apiCA),
      !files.fileExists(atPath: directory.apiCAKey.path)
    else { return nil }
    log.warning(
      "the API's certificate has a new CA: agents' machines must be given \(directory.apiCA)")
    return try newAuthority(
      cluster: configuration.cluster, node: NodeName(configuration.node), in: directory, now: now)
  }

  private static func newAuthority(
    cluster: String, node: NodeName, in directory: DataDirectory, now: Instant
  ) throws -> APIAuthority {
    var random = SystemRandomNumberGenerator()
    let authority = try APIAuthority.make(
      clusterName: cluster, node: node, now: now, using: &random)
    try directory.apiCAKey.replaceText(authority.keyPEM)
    try authority.certificatePEM.write(
      toFile: directory.apiCA, atomically: true, encoding: .utf8)
    return authority
  }

  /// Key first: if only one of the two gets written, they do not fit, and the next start mends it.
  private static func issue(
    by authority: APIAuthority, for names: [String], in directory: DataDirectory, now: Instant
  ) throws {
    var random = SystemRandomNumberGenerator()
    let leaf = try authority.issue(names: names, now: now, using: &random)
    try directory.apiKey.replaceText(leaf.keyPEM)
    try leaf.certificatePEM.write(
      toFile: directory.apiCertificate, atomically: true, encoding: .utf8)
  }

  private static func incomplete(_ directory: DataDirectory) -> NodeError {
    NodeError(
      .certificate,
      "the API's certificate \(directory.apiCertificate) cannot be used, and its CA cannot make "
        + "another: \(directory.apiCA) or \(directory.apiCAKey.path) is missing, or they do not fit",
      hint: "Bring back both files of the CA. Or remove both: the node then makes a new CA, and "
        + "agents' machines must be given the new api-ca.pem.")
  }
}
