// One real node with an admin's login, for what clients are answered over its whole desk.

import Foundation
import HelpdeskDomain
import ReplicaCore

@testable import NodeRuntime

/// A running node as one client sees it.
struct DeskBench {
  let running: RunningNode
  let client: DeskClient
  let auth: String

  typealias Answer = DeskClient.Answer

  /// Runs the test against a node of its own.
  static func run(_ test: (DeskBench) async throws -> Void) async throws {
    let cluster = try TestCluster()
    let running = try await cluster.found()
    _ = try await running.node.listening()
    let client = try DeskClient(running)
    do {
      let admin = try await running.node.freshUser("ada", .admin)
      let token = try await running.node.freshToken(admin).text
      try await test(DeskBench(running: running, client: client, auth: "Bearer \(token)"))
    } catch {
      await client.close()
      await cluster.stopAll()
      throw error
    }
    await client.close()
    await cluster.stopAll()
  }

  func ask(_ method: String, _ path: String, _ body: String? = nil) async throws -> Answer {
    // No address has brackets as they are.
    let path = path.replacingOccurrences(of: "[", with: "%5B")
      .replacingOccurrences(of: "]", with: "%5D")
    return try await client.ask(method, path, body, auth: auth)
  }

  func get(_ path: String) async throws -> [String: Any] { try await ask("GET", path).json() }

  /// The id of what the request made under `key`.
  func made(_ path: String, _ body: String, _ key: String) async throws -> Int64 {
    let answer = try await ask("POST", path, body)
    guard let row = try answer.json()[key] as? [String: Any], let id = row["id"] as? NSNumber else {
      throw Refused(text: answer.text)
    }
    return id.int64Value
  }

  func ticket(_ subject: String = "Tunnel", _ more: String = "") async throws -> Int64 {
    try await made(
      "/api/v2/tickets",
      #"{"ticket":{"subject":"\#(subject)","comment":{"body":"It drops."}\#(more)}}"#, "ticket")
  }

  /// The ids of all rows over the pages that `links.next` leads through.
  func walked(_ path: String, _ key: String) async throws -> [[Int64]] {
    var pages: [[Int64]] = []
    var next: String? = path
    while let path = next, pages.count < 50 {
      let answer = try await get(path)
      pages.append(Self.ids(answer, key))
      next = Self.next(answer)
    }
    return pages
  }

  static func ids(_ answer: [String: Any], _ key: String) -> [Int64] {
    (answer[key] as? [[String: Any]] ?? []).compactMap { ($0["id"] as? NSNumber)?.int64Value }
  }

  /// The path that `links.next`, or another link, names.
  static func next(_ answer: [String: Any], _ link: String = "next") -> String? {
    let links = answer["links"] as? [String: Any]
    guard let address = links?[link] as? String, let start = address.range(of: "/api/") else {
      return nil
    }
    return String(address[start.lowerBound...])
  }

  struct Refused: Error { var text: String }
}

extension String {
  /// As a value in a query string.
  var inQuery: String { addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "" }
}
