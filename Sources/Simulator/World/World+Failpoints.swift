// Arms the named places, and lets a node die at those that lie in the driver.

internal import ReplicaCore
internal import ReplicaStore

extension World {
  /// Arms one place at a node; whoever comes by first fails.
  func arm(_ node: SimNode, _ planned: PlannedFault, _ point: Failpoint) {
    node.armed[point] = planned
    if point == .applyIOError || point == .commitIOError { excused.insert(.badBatch) }
    if point == .applyDiskFull { excused.insert(.overLimit) }
  }

  /// Whether a place is armed; it is not any more.
  func fires(_ node: SimNode, _ point: Failpoint) -> Bool {
    guard let planned = node.armed.removeValue(forKey: point) else { return false }
    node.fired = planned
    failpoints.hit(point)
    return true
  }

  /// For the places inside of a replica's transactions.
  func probe(_ node: SimNode) -> Probe {
    { [unowned self] point in if fires(node, point) { throw point.error } }
  }

  /// Whether power is lost here.
  func dies(_ node: SimNode, at point: Failpoint) -> Bool {
    guard fires(node, point), let planned = node.fired else { return false }
    stop(node, planned, "power lost at \(point.rawValue)", for: random.between(3_000, 90_000))
    return true
  }

  /// Whether sending fails here, which ends the link as the node's peer link ends it.
  func failsToSend(
    _ message: SyncMessage, _ connection: Connection, from side: Int
  ) -> Bool {
    let point: Failpoint
    switch message {
    case .hello: point = .helloNotSent
    case .summary: point = .summaryNotSent
    case .want: point = .wantNotSent
    case .batch: point = .batchNotSent
    case .ack: point = .ackNotSent
    default: return false
    }
    guard fires(nodes[connection.sides[side].node], point) else { return false }
    endLink(connection, side, "sending failed: \(point.rawValue)")
    return true
  }

  /// What a batch becomes that the store could not take, as the node's gate answers it.
  func outcome(of error: any Error, _ node: SimNode) throws -> ApplyOutcome? {
    switch error {
    case is PowerLost:
      guard let planned = node.fired else { throw error }
      sometimes.hit(.crashInsideBatch)
      stop(node, planned, "power lost inside a batch", for: random.between(5_000, 90_000))
      return nil
    case StoreError.diskFull:
      sometimes.hit(.batchRefusedByFullDisk)
      return .storageFull
    case StoreError.ioFailed:
      guard let planned = node.fired else { throw error }
      node.hasFailedDisk = true
      queue.add(
        .halt(node: node.index, life: node.life, planned), at: now + random.between(20_000, 90_000))
      return .refused("the batch could not be applied here")
    case StoreError.stopped: return .refused("the batch could not be applied here")
    default: throw error
    }
  }
}
