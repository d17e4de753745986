// Serving peers: the deltas that they lack, in our apply order, closed by signed heads.

internal import GRDB
package import ReplicaCore

extension ReadView {
  /// Reads deltas that `excluding` does not contain, in apply order.
  ///
  /// The batch ends where every slot in it is covered by a stored signed head, as near to
  /// `maxBytes` as that allows (a single longer group is given whole). Only the covering heads are
  /// in it: the chain vouches for the deltas before. The cost is that of the deltas given, not of
  /// those excluded.
  ///
  /// - Parameters:
  ///   - onlySlot: deltas of this slot alone (pushing one's own).
  ///   - after: nothing up to this apply number.
  /// - Returns: the batch, empty where there is nothing; `next` is the apply number to go on
  ///   after, nil where nothing was left.
  package func readLog(
    excluding known: VersionVector, onlySlot: Slot? = nil, after: Int64? = nil,
    maxBytes: Int = Limits.batchBytes
  ) throws -> (batch: DeltaBatch, next: Int64?) {
    var streams: [LogStream] = []
    for (slot, seq) in try vector().sorted where onlySlot == nil || onlySlot == slot {
      guard seq > known[slot] else { continue }
      let first = try start(slot, from: known[slot] + 1, to: seq, after: after)
      let stream = try LogStream(db, slot, from: first)
      if stream.current != nil { streams.append(stream) }
    }
    var cut = BatchCut(maxBytes)
    while let next = streams.indices.min(by: { streams[$0].order < streams[$1].order }) {
      guard let entry = streams[next].current else { break }
      guard cut.take(entry) else { break }
      try streams[next].advance()
      if streams[next].current == nil { streams.remove(at: next) }
    }
    return cut.result(hasMore: !streams.isEmpty)
  }

  /// The first seq of a slot whose apply number is greater than `after`.
  private func start(_ slot: Slot, from: UInt64, to: UInt64, after: Int64?) throws -> UInt64 {
    guard let after else { return from }
    var (low, high) = (from, to + 1)
    while low < high {
      let middle = low + (high - low) / 2
      let applied = try db.number(
        "SELECT apply_no FROM log WHERE slot = ? AND seq = ?", [slot.sql, middle.sql])
      if let applied, applied <= after { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// A delta as read for a peer.
private struct LogEntry {
  var applied: Int64
  var delta: EncodedDelta
  /// The signed head at exactly this delta, if there is one.
  var head: SignedHead?
}

/// The deltas of one slot, one after the other.
private struct LogStream {
  private let slot: Slot
  private let cursor: RowCursor
  private(set) var current: LogEntry?

  /// Where the stream stands in the apply order.
  var order: Int64 { current?.applied ?? .max }

  init(_ db: Database, _ slot: Slot, from seq: UInt64) throws {
    self.slot = slot
    // A statement of its own: several streams are open at a time.
    let statement = try db.makeStatement(
      sql: """
        SELECT l.apply_no, l.seq, l.body, l.personal, h.hash, h.signature FROM log l
        LEFT JOIN head h ON h.slot = l.slot AND h.seq = l.seq
        WHERE l.slot = ? AND l.seq >= ? ORDER BY l.seq
        """)
    cursor = try Row.fetchCursor(
      statement, arguments: StatementArguments(values: [slot.sql, seq.sql]))
    try advance()
  }

  mutating func advance() throws {
    guard let row = try cursor.next() else {
      current = nil
      return
    }
    let dot = Dot(slot, UInt64(bitPattern: row.int(1)))
    let head = Digest(row.bytes(4)).map {
      SignedHead(dot: dot, hash: $0, signature: row.bytes(5))
    }
    current = LogEntry(
      applied: row.int(0),
      delta: EncodedDelta(dot: dot, body: row.bytes(2), personal: row.bytes(3)), head: head)
  }
}

/// Grows a batch and knows where it may end.
private struct BatchCut {
  private let maxBytes: Int
  private var bytes = 0
  private var entries: [LogEntry] = []
  private var heads: [Slot: SignedHead] = [:]
  private var open: Set<Slot> = []
  /// The last place where all slots were covered: entries, and the heads there.
  private var closed: (count: Int, heads: [Slot: SignedHead])?

  init(_ maxBytes: Int) { self.maxBytes = maxBytes }

  /// Takes a delta; false where the batch is full without it.
  mutating func take(_ entry: LogEntry) -> Bool {
    if bytes + entry.delta.byteCount > maxBytes, closed != nil { return false }
    bytes += entry.delta.byteCount
    entries.append(entry)
    let slot = entry.delta.dot.slot
    if let head = entry.head {
      heads[slot] = head
      open.remove(slot)
    } else {
      open.insert(slot)
    }
    if open.isEmpty { closed = (entries.count, heads) }
    return true
  }

  func result(hasMore: Bool) -> (batch: DeltaBatch, next: Int64?) {
    guard let closed else { return (DeltaBatch(deltas: [], heads: []), nil) }
    let taken = entries.prefix(closed.count)
    let batch = DeltaBatch(
      deltas: taken.map(\.delta),
      heads: closed.heads.sorted { $0.key < $1.key }.map(\.value))
    let isWhole = !hasMore && closed.count == entries.count
    return (batch, isWhole ? nil : taken.last?.applied)
  }
}
