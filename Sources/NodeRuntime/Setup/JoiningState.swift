// What a join goes on from after an interruption.

internal import Foundation
internal import ReplicaCore

/// `joining.state`: written before each step that must not be done twice.
struct JoiningState: Hashable, Codable {
  /// The membership log as the issuer's answer brought it; nil before the answer.
  var membership: [UInt8]?
  var node: String
  /// Of the snapshot that is being fetched.
  var snapshotID: UInt64?
  var received: UInt64 = 0
  var total: UInt64?
  /// Chunks fetched, over all runs.
  var chunks = 0
  /// How often the fetch was taken up again.
  var resumed = 0

  static func load(from directory: DataDirectory) -> JoiningState? {
    guard let data = FileManager.default.contents(atPath: directory.joining) else { return nil }
    return try? JSONDecoder().decode(JoiningState.self, from: data)
  }

  func save(to directory: DataDirectory) throws(NodeError) {
    do {
      let data = try JSONEncoder().encode(self)
      try data.write(to: URL(fileURLWithPath: directory.joining), options: .atomic)
    } catch {
      throw NodeError(
        .storeUnavailable, "\(directory.joining) cannot be written",
        hint: "Check owner and free space of the data directory, then run the join again.",
        cause: "\(error)")
    }
  }
}

/// How a node got its first data; kept for `status`.
struct BootstrapRecord: Hashable, Codable, Sendable {
  var bytes: UInt64
  var chunks: Int
  var resumed: Int
  /// Deltas that the snapshot held.
  var deltas: Int64
  /// Deltas that came after it until the node first equalled a peer; nil until then.
  var replayed: Int64?
}
