// How the certificate that agents see stands: for the start, the doctor, the alarms and /health.

internal import ClusterTrust
internal import Foundation
internal import HelpdeskDomain
internal import ReplicaCore

/// The certificate of a data directory, held against its settings at one instant.
struct APICertificateState: Sendable {
  /// What is wrong with one that the node made, gravest first.
  enum Fault: Hashable, Sendable {
    case unreadable
    case otherKey
    /// Neither the CA nor its key is there.
    case noAuthority
    case otherAuthority
    case otherNames
    /// Less than a third of its life is left.
    case ending
  }

  /// What makes it good again.
  enum Remedy: Hashable, Sendable {
    /// The CA is there: the node makes another certificate when it starts.
    case restart
    /// The CA is away, or ends itself.
    case newAuthority
    /// An operator brought the certificate, and has to bring the next.
    case operators
  }

  let path: String
  let readAt: Instant
  /// Nil where there is none that can be read.
  let expiry: Instant?
  let fault: Fault?
  let remedy: Remedy

  /// Throws where node.toml has names that no certificate can hold, or others can read a key.
  init(_ configuration: NodeConfiguration, in directory: DataDirectory, now: Instant) throws {
    path = configuration.apiCertificate ?? directory.apiCertificate
    readAt = now
    let kept = (try? String(contentsOfFile: path, encoding: .utf8))
      .flatMap(KeptCertificate.init(certificatePEM:))
    expiry = kept?.expiry
    guard configuration.apiCertificate == nil, configuration.apiKey == nil else {
      fault = nil
      remedy = .operators
      return
    }
    let fault = try Self.fault(of: kept, configuration, directory, now)
    self.fault = fault
    let authority = try APICertificates.authority(in: directory)
    // A certificate never outlives its CA: at that end another one would be no better.
    let lasts = authority.map { $0.expiry > kept?.expiry ?? now } ?? false
    let isDated = fault == nil || fault == .ending
    remedy = (isDated ? lasts : authority != nil) ? .restart : .newAuthority
  }

  private static func fault(
    of kept: KeptCertificate?, _ configuration: NodeConfiguration, _ directory: DataDirectory,
    _ now: Instant
  ) throws -> Fault? {
    guard let kept else { return .unreadable }
    let hasNames = try kept.isGood(
      for: APICertificates.names(
        configuration.apiNames, configuration.apiListen, option: "api_listen"))
    do {
      guard kept.fits(keyPEM: try directory.apiKey.loadText()) else { return .otherKey }
    } catch KeyFileError.missing { return .otherKey }
    guard let authority = try? String(contentsOfFile: directory.apiCA, encoding: .utf8) else {
      let hasKey = FileManager.default.fileExists(atPath: directory.apiCAKey.path)
      return hasKey ? .otherAuthority : .noAuthority
    }
    guard kept.isIssued(by: authority) else { return .otherAuthority }
    guard hasNames else { return .otherNames }
    return kept.needsRenewal(at: now) ? .ending : nil
  }

  /// Whether a node can serve with it as it is.
  var isUsable: Bool { expiry != nil && fault != .otherKey }

  /// Whether clients refuse it by now.
  func hasEnded(at now: Instant) -> Bool { expiry.map { $0 <= now } ?? false }

  /// What somebody has to see to, and how; nil where all is in order.
  func complaint(at now: Instant) -> String? {
    if isUsable, fault == nil || fault == .ending {
      guard let expiry, expiry - now < TrustLimits.apiExpiryWarning else { return nil }
    }
    return "\(trouble(at: now)): \(remedyWords)"
  }

  /// When it began to be worth a word.
  var since: Instant {
    guard isUsable, fault == nil || fault == .ending, let expiry else { return readAt }
    return expiry + -TrustLimits.apiExpiryWarning
  }

  /// Until when it is good, in words.
  var goodUntil: String { expiry?.iso8601 ?? "unknown" }

  /// What is wrong with it.
  func trouble(at now: Instant) -> String {
    switch fault {
    case .unreadable: "the API's certificate \(path) is missing or no certificate"
    case .otherKey: "the API's key is missing or not that of the certificate \(path)"
    case .noAuthority: "the CA of the API's certificate \(path) is gone"
    case .otherAuthority: "the API's certificate \(path) is not by api-ca.pem beside it"
    case .otherNames: "the API's certificate \(path) has other names than node.toml gives"
    case .ending, nil:
      expiry == nil
        ? "the API's certificate \(path) is missing or no certificate"
        : "the API's certificate \(path) \(hasEnded(at: now) ? "ended" : "ends") on \(goodUntil)"
    }
  }

  private var remedyWords: String {
    switch remedy {
    case .restart: "restart the node, it makes another that agents' machines trust as they do now"
    case .newAuthority:
      "bring back api-ca.pem and api-ca.key, or, where they end themselves, remove both; then restart "
        + "the node. Where it makes a new CA, agents' machines must be given the new api-ca.pem"
    case .operators: "put another in its place and restart the node"
    }
  }
}
