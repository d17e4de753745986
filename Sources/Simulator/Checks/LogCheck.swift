// One replica's log by itself: chain, heads, causal order and hybrid times.

internal import ReplicaCore

/// Invariants 6, 7, 9 and 19 over a whole log, in apply order.
struct LogCheck {
  let name: String
  let dump: ReplicaDump

  func run() throws {
    var vector = VersionVector()
    var chains: [Slot: Digest] = [:]
    var times: [Slot: HLC] = [:]
    for encoded in dump.log {
      let (dot, slot) = (encoded.dot, encoded.dot.slot)
      guard dot.seq == vector[slot] + 1 else {
        throw Violation(7, "\(name): \(dot) follows \(slot):\(vector[slot]) in the log")
      }
      let header = try DeltaCodec.decodeHeader(body: encoded.body)
      for (other, seq) in header.contextChange.sorted(by: { $0.key < $1.key })
      where vector[other] < seq {
        throw Violation(6, "\(name): \(dot) was applied before \(other):\(seq), its past")
      }
      guard header.hlc > times[slot] ?? .zero else {
        throw Violation(19, "\(name): the stamp \(header.hlc) of \(dot) is not after the last")
      }
      times[slot] = header.hlc
      chains[slot] = encoded.link(after: chains[slot] ?? .zero)
      vector.advance(dot)
    }
    for (slot, seq) in vector.sorted {
      guard let head = dump.heads[slot], head.dot.seq == seq, head.hash == chains[slot] else {
        throw Violation(9, "\(name): no head closes the chain of slot \(slot) at \(seq)")
      }
      guard ReplicaSetting.isSigned(head) else {
        throw Violation(9, "\(name): the head \(head.dot) does not verify")
      }
    }
  }
}
