// A batch is checked as a whole before its first delta is applied.

internal import ReplicaCore

/// A delta of a batch that passed the checks of its slot.
struct CheckedDelta {
  var encoded: EncodedDelta
  var delta: Delta
  /// The chain hash after it.
  var hash: Digest
}

/// The checks: frozen slots, gaps, chain, heads, forks, causal past.
struct BatchCheck {
  let image: StoreImage
  let chain: ChainReader
  /// The body that we hold under a dot; nil where we hold none.
  let body: (Dot) throws -> [UInt8]?
  let verify: (SignedHead) -> Bool

  private(set) var problems: [Slot: ApplyProblem] = [:]
  private(set) var forks: [PendingWrites.Fork] = []
  private(set) var known = 0
  private var accepted: [Dot: CheckedDelta] = [:]

  init(
    image: StoreImage, chain: ChainReader, body: @escaping (Dot) throws -> [UInt8]?,
    verify: @escaping (SignedHead) -> Bool
  ) {
    self.image = image
    self.chain = chain
    self.body = body
    self.verify = verify
  }

  /// Checks the batch. Returns what may be applied, in the batch's order.
  mutating func run(_ batch: DeltaBatch) throws -> [CheckedDelta] {
    var bySlot: [Slot: [EncodedDelta]] = [:]
    for delta in batch.deltas { bySlot[delta.dot.slot, default: []].append(delta) }
    for slot in bySlot.keys.sorted() {
      let heads = batch.heads.filter { $0.dot.slot == slot }
      try check(slot, bySlot[slot] ?? [], heads)
    }
    if problems.values.contains(where: \.isHostile) { return [] }
    return causallyReady(batch.deltas.compactMap { accepted[$0.dot] })
  }

  private mutating func check(
    _ slot: Slot, _ deltas: [EncodedDelta], _ heads: [SignedHead]
  ) throws {
    guard let first = deltas.first, let last = deltas.last else { return }
    let ours = image.vector[slot]
    if image.frozen.contains(slot) {
      problems[slot] = .frozen(slot)
      return
    }
    guard first.dot.seq >= 1, first.dot.seq <= ours &+ 1 else {
      problems[slot] = .gap(slot: slot, expected: ours + 1, found: first.dot.seq)
      return
    }
    for (offset, delta) in deltas.enumerated()
    where delta.dot.seq != first.dot.seq + UInt64(offset) {
      let expected = first.dot.seq + UInt64(offset)
      problems[slot] = .gap(slot: slot, expected: expected, found: delta.dot.seq)
      return
    }
    let differing = try firstDiffering(deltas, ours)
    known += deltas.count { $0.dot.seq <= ours }
    guard last.dot.seq > ours || differing != nil else { return }
    guard let links = try covered(slot, deltas, heads) else { return }
    if let differing {
      forked(differing, links)
      return
    }
    guard slot != image.slot else {
      problems[slot] = .ownSlotAhead(Dot(slot, ours + 1))
      return
    }
    for (delta, hash) in links where delta.dot.seq > ours { decode(delta, hash) }
  }

  /// The first delta that we hold with another body.
  private func firstDiffering(_ deltas: [EncodedDelta], _ ours: UInt64) throws -> Dot? {
    for delta in deltas where delta.dot.seq <= ours {
      if let known = try body(delta.dot), known != delta.body { return delta.dot }
    }
    return nil
  }

  /// The deltas up to the last verified head, each with its chain hash.
  private mutating func covered(
    _ slot: Slot, _ deltas: [EncodedDelta], _ heads: [SignedHead]
  ) throws -> [(EncodedDelta, Digest)]? {
    let start = deltas[0].dot.seq - 1
    let tail = image.replicas[slot] ?? ReplicaTail()
    let base = tail.seq == start ? tail.hash : try chain.hash(at: Dot(slot, start))
    guard var hash = base else {
      problems[slot] = .gap(slot: slot, expected: tail.seq + 1, found: deltas[0].dot.seq)
      return nil
    }
    var links: [(EncodedDelta, Digest)] = []
    links.reserveCapacity(deltas.count)
    for delta in deltas {
      hash = delta.link(after: hash)
      links.append((delta, hash))
    }
    guard let last = links.last,
      let head = heads.first(where: { $0.dot == last.0.dot })
    else {
      problems[slot] = .uncovered(Dot(slot, start + UInt64(deltas.count)))
      return nil
    }
    guard verify(head) else {
      problems[slot] = .badHead(head)
      return nil
    }
    guard head.hash == last.1 else {
      problems[slot] = .otherChain(head, computed: last.1)
      return nil
    }
    return links
  }

  private mutating func forked(_ dot: Dot, _ links: [(EncodedDelta, Digest)]) {
    problems[dot.slot] = .fork(dot)
    let theirs = links.first { $0.0.dot == dot }?.1 ?? .zero
    let ours = (try? chain.hash(at: dot)).flatMap { $0 } ?? .zero
    forks.append(PendingWrites.Fork(dot: dot, ours: ours, theirs: theirs))
  }

  private mutating func decode(_ encoded: EncodedDelta, _ hash: Digest) {
    guard problems[encoded.dot.slot] == nil else { return }
    do {
      let delta = try DeltaCodec.decode(encoded)
      guard delta.dot == encoded.dot, delta.header.contextChange[delta.dot.slot] == nil else {
        throw CodecError.nonCanonical("the body names dot \(delta.dot), or its own slot as past")
      }
      accepted[encoded.dot] = CheckedDelta(encoded: encoded, delta: delta, hash: hash)
    } catch let error as CodecError {
      problems[encoded.dot.slot] = .malformed(encoded.dot, error)
    } catch {
      problems[encoded.dot.slot] = .malformed(encoded.dot, .truncated)
    }
  }

  /// Leaves out slots whose deltas need what is neither applied nor before them in the batch,
  /// and then those that need these; a slot is taken whole or not at all, since its head closes
  /// its last delta.
  private mutating func causallyReady(_ deltas: [CheckedDelta]) -> [CheckedDelta] {
    while true {
      var vector = image.vector
      var isReady = true
      for each in deltas where problems[each.delta.dot.slot] == nil {
        let needed = each.delta.header.contextChange
        guard needed.allSatisfy({ vector[$0.key] >= $0.value }) else {
          let past = VersionVector(needed)
          problems[each.delta.dot.slot] = .missingDependencies(each.delta.dot, past)
          isReady = false
          break
        }
        vector.advance(each.delta.dot)
      }
      if isReady { return deltas.filter { problems[$0.delta.dot.slot] == nil } }
    }
  }
}
