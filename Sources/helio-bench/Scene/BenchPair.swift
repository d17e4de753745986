// Two offices in one process: real files, real joins, mutual TLS on loopback between them.

internal import NodeRuntime
internal import ReplicaCore

/// Paris, which holds a desk, and Singapore, which has joined and holds the same.
struct BenchPair: Sendable {
  let paris: BenchNode
  let singapore: BenchNode
  let desk: BenchDesk
  /// Between the two, where bytes are to be counted.
  let relays: [CountingRelay]

  /// Founds, fills, joins, and waits until both are equal and quiet.
  static func make(
    _ bench: Workbench, _ plan: BenchPlan, counting: Bool = false
  ) async throws -> BenchPair {
    var relays: [CountingRelay] = []
    if counting { relays = [try await CountingRelay.open(), try await CountingRelay.open()] }
    let directory = bench.path("paris")
    try await BenchNode.found(in: directory, relay: relays.first?.port)
    let paris = try await BenchNode.start(directory)
    relays.first?.lead(to: paris.node.peerEndpoint.port)
    let desk = try await BenchDesk.fill(paris.node, tickets: plan.tickets, seed: plan.seed)
    let other = bench.path("singapore")
    try await BenchNode.join(
      "singapore", zone: "Asia/Singapore", at: paris, in: other, relay: relays.last?.port)
    let singapore = try await BenchNode.start(other)
    relays.last?.lead(to: singapore.node.peerEndpoint.port)
    let pair = BenchPair(paris: paris, singapore: singapore, desk: desk, relays: relays)
    try await pair.settle()
    return pair
  }

  /// Waits until the nodes are equal and their search has caught up.
  func settle(seconds: Double = 900) async throws {
    let nodes = [paris.node, singapore.node]
    try await eventually("a link between the nodes", seconds: 60) {
      nodes.allSatisfy { !$0.connectedPeers.isEmpty }
    }
    try await eventually("equal nodes", seconds: seconds) {
      nodes[0].vector == nodes[1].vector
    }
    for node in nodes {
      try await eventually("the search index", seconds: seconds) { try await node.searchLag == 0 }
    }
  }

  func stop() async {
    await singapore.stop()
    await paris.stop()
    for relay in relays { await relay.close() }
  }
}
