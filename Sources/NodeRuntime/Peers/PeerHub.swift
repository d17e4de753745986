// Keeps one link with every other member: dials, takes in, replaces, closes.

package import Logging
package import ReplicaCore

/// Runs the links of a node.
package actor PeerHub {
  /// Between two tries to reach a peer: from, up to, in milliseconds.
  private static let backoff: ClosedRange<Int64> = 250...5_000
  /// The higher slot leaves the first try to the lower one, in milliseconds.
  private static let courtesy: Int64 = 1_500

  private let own: Slot
  private let table: LinkTable
  private let dialler: any PeerDialling
  private let parts: PeerLink.Parts
  private let hello: @Sendable (Instant) -> Hello
  private let log: Logger
  private var targets: [Slot: PeerTarget] = [:]
  private var tasks: [Slot: Task<Void, Never>] = [:]
  private var stopped = false

  package init(
    own: Slot, table: LinkTable, dialler: any PeerDialling, parts: PeerLink.Parts,
    hello: @escaping @Sendable (Instant) -> Hello, log: Logger
  ) {
    self.own = own
    self.table = table
    self.dialler = dialler
    self.parts = parts
    self.hello = hello
    self.log = log
  }

  /// Whom to keep links with; links to anybody else are closed.
  package func keep(_ peers: [PeerTarget]) {
    let wanted = Dictionary(peers.map { ($0.slot, $0) }, uniquingKeysWith: { $1 })
    for (slot, task) in tasks where wanted[slot] != targets[slot] {
      task.cancel()
      tasks[slot] = nil
    }
    targets = wanted
    guard !stopped else { return }
    for (slot, target) in wanted where tasks[slot] == nil {
      tasks[slot] = Task { await self.maintain(target) }
    }
  }

  /// Closes the link of a member that may no longer talk to us.
  package func close(_ peer: Slot, _ reason: ByeReason) {
    table.link(to: peer)?.tell(.shutdown(reason))
    table.failed(peer, .refused, "\(reason)")
  }

  package func stop() async {
    stopped = true
    for task in tasks.values { task.cancel() }
    table.tell(.shutdown(.shuttingDown))
  }

  /// Runs a link over a channel that either side opened; returns when it ends.
  package func run(_ channel: any PeerChannel, peer: Slot, dialledByUs: Bool) async {
    guard !stopped, !table.isPaused(peer) else {
      try? await channel.send(.bye(stopped ? .shuttingDown : .paused, ""))
      await channel.close()
      return
    }
    let session = SyncSession(own: own, expected: peer, hello: hello)
    let link = PeerLink(
      peer: peer, dialledByUs: dialledByUs, channel: channel, session: session, parts: parts)
    if let loser = table.enter(link) {
      loser.tell(.shutdown(.duplicateLink))
      if loser === link {
        await channel.close()
        return
      }
    }
    await link.run()
    table.leave(link, reason: nil)
    await link.close()
  }

  private func maintain(_ target: PeerTarget) async {
    var wait = own < target.slot ? 0 : Self.courtesy
    while !Task.isCancelled {
      try? await Task.sleep(for: .milliseconds(wait))
      if Task.isCancelled { return }
      guard table.link(to: target.slot) == nil, !table.isPaused(target.slot) else {
        wait = Self.backoff.lowerBound
        continue
      }
      wait = await attempt(target, after: max(wait, Self.backoff.lowerBound))
    }
  }

  private func attempt(_ target: PeerTarget, after wait: Int64) async -> Int64 {
    do {
      try await dialler.dial(target.address, expecting: target.slot) { channel in
        await self.run(channel, peer: target.slot, dialledByUs: true)
      }
      // A peer that refuses is asked ever more rarely, like one that cannot be reached.
      guard table.status[target.slot]?.link == .refused else { return Self.backoff.lowerBound }
    } catch {
      log.debug("cannot reach \(target.name) at \(target.address): \(error)")
      table.failed(target.slot, .unreachable, "\(error)")
    }
    return min(Self.backoff.upperBound, wait * 2)
  }
}
