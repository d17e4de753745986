// A connection between two nodes: two sessions, and what is under way between them.

internal import ReplicaCore

/// Ordered and reliable while it lives, like TCP; a direction that was blocked for long is dead.
final class Connection {
  /// One end.
  struct Side {
    let node: Int
    var session: SyncSession
    /// The timer that counts; earlier ones were replaced.
    var timer = 0
    var isOpen = true
    /// Deliveries to this end keep their order.
    var lastDelivery = Instant.zero
    /// What was sent to this end no longer arrives.
    var isDeaf = false
    var inFlight = 0
  }

  let id: Int
  let pair: Int
  var sides: [Side]
  var isLive: Bool { sides[0].session.phase == .live && sides[1].session.phase == .live }
  /// The next batch is delivered again later, or late.
  var replaysNext = false
  var delaysNext = false

  init(id: Int, pair: Int, sides: [Side]) {
    self.id = id
    self.pair = pair
    self.sides = sides
  }

  func end(of node: Int) -> Int? { sides.firstIndex { $0.node == node } }
}
