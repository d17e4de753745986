// The agents' API of a node: its certificate, its listeners, its services.

internal import AgentAPI
internal import ClusterTrust
internal import Foundation
internal import Logging
internal import ReplicaCore

/// Builds the API server of a node.
enum APIServing {
  static func services(_ parts: NodeParts, feed: DeskFeed) -> AgentServices {
    let book = parts.book
    return AgentServices(
      desk: DeskAdapter(
        store: parts.store, door: parts.door, clock: parts.clock, offices: { book.officeFacts },
        feed: feed, duty: parts.duty, uploads: parts.attachments.uploads),
      attachments: AttachmentAdapter(parts: parts),
      node: NodeAdapter(parts: parts), authenticator: parts.accounts.accounts)
  }

  static func server(
    _ parts: NodeParts, feed: DeskFeed, ports: PortBox, log: Logger
  ) throws -> AgentServer {
    let configuration = parts.configuration
    let listen = try HostPort(configuration.apiListen, option: "api_listen")
    let services = Self.services(parts, feed: feed)
    do {
      return try AgentServer(
        AgentServerConfiguration(
          address: ListenAddress(host: listen.host, port: listen.port),
          tls: try tls(configuration, parts.directory), socketPath: parts.directory.socket),
        services: services, logger: log
      ) { listener, port in
        if listener != .operatorSocket {
          ports.set(port)
          log.notice("agent API", metadata: ["url": "\(url(configuration, port: port))"])
        }
      }
    } catch let error as OperationalError {
      throw NodeError(.certificate, error.message, hint: error.hint, cause: error.cause)
    }
  }

  /// The URL that agents use.
  static func url(_ configuration: NodeConfiguration, port: Int) -> String {
    let host =
      configuration.apiNames.first
      ?? (try? HostPort(configuration.apiListen, option: "api_listen").host) ?? "localhost"
    return "https://\(host.contains(":") ? "[\(host)]" : host):\(port)"
  }

  private static func tls(
    _ configuration: NodeConfiguration, _ directory: DataDirectory
  ) throws -> AgentServerConfiguration.TLS {
    let certificate = configuration.apiCertificate ?? directory.apiCertificate
    let key = configuration.apiKey ?? directory.apiKey.path
    guard let chain = FileManager.default.contents(atPath: certificate),
      let secret = FileManager.default.contents(atPath: key)
    else {
      throw NodeError(
        .certificate, "the API's certificate \(certificate) or key \(key) is missing",
        hint: "Bring both back, or name others with api_cert and api_key in node.toml.")
    }
    return .init(certificateChain: [UInt8](chain), privateKey: [UInt8](secret))
  }
}
