// Many clients of one node, each of which waits for its answer before it asks again.

internal import HelpdeskDomain
internal import NodeRuntime

enum Clients {
  /// Deals the commands out to so many clients and lets them work. Throws the first refusal.
  static func submit(
    _ commands: [DeskCommand], by clients: Int, at node: Node, as actor: Actor
  ) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for client in 0..<clients {
        group.addTask {
          for index in stride(from: client, to: commands.count, by: clients) {
            _ = try await node.submit(commands[index], as: actor)
          }
        }
      }
      try await group.waitForAll()
    }
  }
}
