// Builds the listeners of the API from their configuration and runs them until shutdown.

internal import Foundation
package import Hummingbird
internal import HummingbirdCore
internal import HummingbirdTLS
package import Logging
internal import NIOCore
internal import NIOSSL
internal import ServiceLifecycle

/// Where and how the API listens.
package struct AgentServerConfiguration: Sendable {
  /// Certificate chain and key, PEM.
  package struct TLS: Sendable {
    package var certificateChain: [UInt8]
    package var privateKey: [UInt8]

    package init(certificateChain: [UInt8], privateKey: [UInt8]) {
      self.certificateChain = certificateChain
      self.privateKey = privateKey
    }
  }

  /// Nil: no TCP listener.
  package var address: ListenAddress?
  /// Nil: plain HTTP, which is refused anywhere but on loopback.
  package var tls: TLS?
  /// Path of the operator's Unix socket; nil: none.
  package var socketPath: String?
  package var requestsPerMinute: Int
  /// For header, body, idle and unread connections.
  package var timeoutSeconds: Int64

  package init(
    address: ListenAddress?, tls: TLS? = nil, socketPath: String? = nil,
    requestsPerMinute: Int = APILimits.requestsPerMinute,
    timeoutSeconds: Int64 = APILimits.timeoutSeconds
  ) {
    self.address = address
    self.tls = tls
    self.socketPath = socketPath
    self.requestsPerMinute = requestsPerMinute
    self.timeoutSeconds = timeoutSeconds
  }
}

/// The agent API on all its listeners. It is run as a service: ``run()`` ends after a graceful
/// shutdown, once the requests under way are answered.
package struct AgentServer: Service {
  package typealias App = Application<Door>

  /// One application per listener: TCP first, then the operator's socket.
  package let applications: [App]

  /// `onListening` is called with the port of the TCP listener once it is open (0 for the
  /// socket). Throws ``OperationalError`` where the configuration cannot be served.
  package init(
    _ configuration: AgentServerConfiguration, services: AgentServices, logger: Logger,
    onListening: @escaping @Sendable (Listener, _ port: Int) async -> Void = { _, _ in }
  ) throws(OperationalError) {
    let ending = OrdinaryEnding.hidden(in: logger)
    let (router, table) = Self.router(services)
    let routes = router.buildResponder()
    let limiter = RateLimiter(perMinute: configuration.requestsPerMinute)
    func door(_ listener: Listener) -> Door {
      Door(
        services: services, listener: listener, limiter: limiter, routes: routes,
        table: table, timeoutSeconds: configuration.timeoutSeconds, logger: logger)
    }
    let http = Self.http(timeoutSeconds: configuration.timeoutSeconds)
    var applications: [App] = []
    if let address = configuration.address {
      let listener: Listener = configuration.tls == nil ? .http : .https
      applications.append(
        Application(
          responder: door(listener),
          server: try Self.builder(configuration.tls, address, http),
          configuration: .init(
            address: .hostname(address.host, port: address.port), serverName: nil,
            availableConnectionsDelegate: MaximumAvailableConnections(APILimits.connections)),
          onServerRunning: { await onListening(listener, $0.localAddress?.port ?? 0) },
          logger: ending))
    }
    if let path = configuration.socketPath {
      try Self.checkSocketPath(path)
      applications.append(
        Application(
          responder: door(.operatorSocket),
          server: Self.http1(http),
          configuration: .init(address: .unixDomainSocket(path: path), serverName: nil),
          onServerRunning: { _ in
            // Whoever may write to the socket is the operator.
            chmod(path, 0o600)
            await onListening(.operatorSocket, 0)
          },
          logger: ending))
    }
    self.applications = applications
  }

  /// Serves until a graceful shutdown; the first listener that fails ends the others.
  package func run() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for application in applications { group.addTask { try await application.run() } }
      while !group.isEmpty {
        do { try await group.next() } catch {
          group.cancelAll()
          throw error
        }
      }
    }
  }

  private static func http(timeoutSeconds: Int64) -> HTTP1Channel.Configuration {
    let timeout = TimeAmount.seconds(timeoutSeconds)
    return HTTP1Channel.Configuration(
      additionalChannelHandlers: [SlowReaderGuard(timeout: timeout)], idleTimeout: timeout,
      httpDecoderConfiguration: .init(
        maxHeaderFieldSize: APILimits.headerFieldBytes, maxHeaderListSize: APILimits.headerBytes,
        maxHeaderFieldCount: APILimits.headerCount))
  }

  private static func http1(_ http: HTTP1Channel.Configuration) -> HTTPServerBuilder {
    HTTPServerBuilder { responder in
      OwnedConnections(base: HTTP1Channel(responder: responder, configuration: http))
    }
  }

  private static func builder(
    _ tls: AgentServerConfiguration.TLS?, _ address: ListenAddress,
    _ http: HTTP1Channel.Configuration
  ) throws(OperationalError) -> HTTPServerBuilder {
    guard let tls else {
      guard address.isLoopback else {
        throw OperationalError(
          code: "PlainHTTPRefused",
          message: "Plain HTTP on \(address) would show passwords to the network; it is served "
            + "only on loopback (127.0.0.0/8, ::1).",
          hint: "Give a certificate and key (--api-cert, --api-key, or --api-name), or listen on "
            + "127.0.0.1.")
      }
      return http1(http)
    }
    do {
      let chain = try NIOSSLCertificate.fromPEMBytes(tls.certificateChain)
      let key = try NIOSSLPrivateKey(bytes: tls.privateKey, format: .pem)
      guard !chain.isEmpty else { throw NIOSSLError.failedToLoadCertificate }
      var configuration = TLSConfiguration.makeServerConfiguration(
        certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
      configuration.minimumTLSVersion = .tlsv12
      return try .tls(http1(http), tlsConfiguration: configuration)
    } catch {
      throw OperationalError(
        code: "APICertificateUnreadable",
        message: "The certificate or key of the agent API on \(address) cannot be used.",
        hint: "Both must be PEM, the certificate first in its file and matching the key.",
        cause: String(describing: error))
    }
  }

  private static func checkSocketPath(_ path: String) throws(OperationalError) {
    // sun_path holds 108 bytes on Linux, the ending zero included.
    guard path.utf8.count < 108 else {
      throw OperationalError(
        code: "SocketPathTooLong",
        message: "The path of the operator's socket has \(path.utf8.count) bytes; the system "
          + "takes 107: \(path)",
        hint: "Use a data directory with a shorter path.")
    }
  }
}
