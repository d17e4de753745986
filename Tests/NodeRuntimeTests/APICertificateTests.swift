// The certificate that agents see follows node.toml and the calendar, and their trust stays.

import AgentAPI
import ClusterTrust
import Foundation
import ReplicaCore
import Testing

@testable import NodeRuntime

@Suite(.serialized)
struct APICertificateTests {
  private static let day: Int64 = 86_400_000

  /// A founded node that was stopped again, in a cluster of its own.
  private func stopped() async throws -> (TestCluster, DataDirectory) {
    let cluster = try TestCluster()
    await (try await cluster.found()).stop()
    return (cluster, DataDirectory(cluster.directory("paris")))
  }

  private func text(_ path: String) throws -> String {
    try String(contentsOfFile: path, encoding: .utf8)
  }

  private func certificate(_ directory: DataDirectory) throws -> KeptCertificate {
    try #require(KeptCertificate(certificatePEM: try text(directory.apiCertificate)))
  }

  private func name(_ names: [String], in directory: DataDirectory) throws {
    var configuration = try NodeConfiguration.load(from: directory)
    configuration.apiNames = names
    try configuration.save(to: directory)
  }

  private func remove(_ paths: String...) throws {
    for path in paths { try FileManager.default.removeItem(atPath: path) }
  }

  /// Whether a client that trusts api-ca.pem gets an answer.
  private func answers(_ running: RunningNode) async throws -> Bool {
    try #require(try await running.node.listening())
    let client = try DeskClient(running)
    let status = try? await client.ask("GET", "/health").status
    await client.close()
    return status == 200
  }

  private func alarms(_ running: RunningNode) async throws -> [String] {
    try await running.node.parts.alarms.alarms().filter { $0.kind == "certificate" }.map(\.message)
  }

  private func finding(_ directory: DataDirectory) async throws -> Finding {
    let all = await Doctor.examine(directory: directory.path)
    return try #require(all.first { $0.check == "api_certificate" })
  }

  @Test("names in node.toml come into the certificate at the next start, and trust stays")
  func names() async throws {
    let (cluster, directory) = try await stopped()
    let (before, ca) = (try text(directory.apiCertificate), try text(directory.apiCA))
    await (try await cluster.start("paris")).stop()
    #expect(try text(directory.apiCertificate) == before, "nothing had changed")

    try name(["desk.example.org", "192.0.2.7"], in: directory)
    #expect(try await finding(directory).level == .warning)
    let running = try await cluster.start("paris")
    #expect(try await answers(running))
    #expect(
      try certificate(directory).isGood(for: ["desk.example.org", "192.0.2.7", "127.0.0.1"]))
    #expect(try text(directory.apiCA) == ca)
    #expect(try certificate(directory).isIssued(by: ca))
    let mode = try FileManager.default.attributesOfItem(atPath: directory.apiKey.path)
    #expect(mode[.posixPermissions] as? Int == 0o600)
    #expect(try await alarms(running) == [])
    #expect(try await finding(directory).level == .fine)
    await cluster.stopAll()
  }

  @Test("a lost certificate, and a key that is not its own, are made anew")
  func lost() async throws {
    let (cluster, directory) = try await stopped()
    let ca = try text(directory.apiCA)
    try remove(directory.apiCertificate)
    let first = try await cluster.start("paris")
    #expect(try await answers(first))
    await first.stop()
    // As if the machine had died between the two files.
    try remove(directory.apiKey.path)
    var random = SystemRandomNumberGenerator()
    try directory.apiKey.save(NodeKey.generate(using: &random))
    let second = try await cluster.start("paris")
    #expect(try await answers(second))
    #expect(try text(directory.apiCA) == ca)
    await cluster.stopAll()
  }

  @Test("a start in the last third of its life renews it")
  func old() async throws {
    let (cluster, directory) = try await stopped()
    let before = try certificate(directory).expiry
    await (try await cluster.start("paris", ahead: 500 * Self.day)).stop()
    #expect(try certificate(directory).expiry == before)
    let running = try await cluster.start("paris", ahead: 790 * Self.day)
    #expect(try certificate(directory).expiry - before > 780 * Self.day)
    #expect(try certificate(directory).isIssued(by: try text(directory.apiCA)))
    #expect(try await alarms(running) == [])
    await cluster.stopAll()
  }

  @Test("without the CA's key it serves on with what it has, and says so")
  func keyAway() async throws {
    let (cluster, directory) = try await stopped()
    let before = try text(directory.apiCertificate)
    try remove(directory.apiCAKey.path)
    let young = try await cluster.start("paris", ahead: 700 * Self.day)
    #expect(try await alarms(young) == [])
    await young.stop()
    let old = try await cluster.start("paris", ahead: 790 * Self.day)
    let told = try await alarms(old)
    #expect(told.count == 1 && told.allSatisfy { $0.contains("ends on") }, "\(told)")
    #expect(await NodeAdapter(parts: old.node.parts).health().ok)
    await old.stop()
    let late = try await cluster.start("paris", ahead: 801 * Self.day)
    #expect(try await alarms(late).first?.contains("ended on") == true)
    #expect(await !NodeAdapter(parts: late.node.parts).health().ok)
    await late.stop()

    try name(["desk.example.org"], in: directory)
    let running = try await cluster.start("paris")
    #expect(try await answers(running))
    #expect(try await alarms(running).first?.contains("names") == true)
    #expect(try await finding(directory).level == .warning)
    #expect(try text(directory.apiCertificate) == before)
    await running.stop()

    try remove(directory.apiCertificate)
    #expect(try await finding(directory).level == .bad)
    await #expect { try await cluster.start("paris") } throws: {
      ($0 as? NodeError)?.code == .certificate
    }
    await cluster.stopAll()
  }

  @Test("where both files of the CA were taken away, a new CA is made")
  func newAuthority() async throws {
    let (cluster, directory) = try await stopped()
    let ca = try text(directory.apiCA)
    try remove(directory.apiCA, directory.apiCAKey.path)
    let running = try await cluster.start("paris")
    #expect(try text(directory.apiCA) != ca)
    #expect(try await answers(running))
    let mode = try FileManager.default.attributesOfItem(atPath: directory.apiCAKey.path)
    #expect(mode[.posixPermissions] as? Int == 0o600)
    await cluster.stopAll()
  }

  @Test("an operator's own certificate is left alone")
  func operators() async throws {
    let (cluster, directory) = try await stopped()
    let files = FileManager.default
    let (certificate, key) = (cluster.root + "/own.pem", cluster.root + "/own.key")
    try files.moveItem(atPath: directory.apiCertificate, toPath: certificate)
    try files.moveItem(atPath: directory.apiKey.path, toPath: key)
    var configuration = try NodeConfiguration.load(from: directory)
    (configuration.apiCertificate, configuration.apiKey) = (certificate, key)
    configuration.apiNames = ["desk.example.org"]
    try configuration.save(to: directory)
    let before = try text(certificate)
    let running = try await cluster.start("paris", ahead: 790 * Self.day)
    #expect(try text(certificate) == before)
    #expect(!files.fileExists(atPath: directory.apiCertificate))
    #expect(try await alarms(running).first?.contains("put another in its place") == true)
    await cluster.stopAll()
  }

  @Test("a name that no certificate can hold is told")
  func badName() async throws {
    let (cluster, directory) = try await stopped()
    try name(["desk example"], in: directory)
    #expect(try await finding(directory).level == .bad)
    await #expect { try await cluster.start("paris") } throws: {
      ($0 as? NodeError)?.message.contains("desk example") == true
    }
  }
}
