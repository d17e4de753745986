// Serving peers from the log: whole groups, covered by heads, nothing twice.

import HelpdeskDomain
import ReplicaCore
import ReplicaStore
import Testing

@Suite struct LogTests {
  private let bench = TestBench()

  @Test func onlyWhatIsMissingIsRead() throws {
    let (a, b) = (try bench.open("a", slot: 1), try bench.open("b", slot: 2))
    for index in 0..<10 { _ = try a.makeTicket(UInt64(index)) }
    try b.pull(from: a)
    for index in 0..<4 { _ = try b.makeTicket(UInt64(100 + index)) }
    try a.pull(from: b)
    _ = try a.makeTicket(200)
    let known = VersionVector([Slot(1): 8, Slot(2): 4])
    let (batch, next) = try a.readNow { try $0.readLog(excluding: known) }
    #expect(batch.deltas.map(\.dot.seq) == [9, 10, 11])
    #expect(batch.heads.map(\.dot) == [Dot(Slot(1), 11)])
    #expect(next == nil)
    let own = try a.readNow { try $0.readLog(excluding: VersionVector(), onlySlot: Slot(2)) }
    #expect(own.batch.deltas.map(\.dot) == (1...4).map { Dot(Slot(2), $0) })
    let late = try a.readNow { try $0.readLog(excluding: VersionVector(), after: 12) }
    #expect(late.batch.deltas.map(\.dot) == [Dot(Slot(2), 3), Dot(Slot(2), 4), Dot(Slot(1), 11)])
  }

  @Test func batchesEndWhereHeadsCover() throws {
    let a = try bench.open("a", slot: 1)
    for group in 0..<6 {
      try a.writeNow { transaction in
        for index in 0..<5 {
          let id = try transaction.newRowID()
          try transaction.appendLocal(
            hlc: hlc(UInt64(group * 10 + index)),
            [RowChange(RowRef(Desk.ticket, id), [personal(TicketColumn.subject, "subject")])])
        }
        try transaction.seal(sign: sign)
      }
    }
    var after: Int64?
    var seqs: [UInt64] = []
    var batches = 0
    repeat {
      let (batch, next) = try a.readNow {
        try $0.readLog(excluding: VersionVector(), after: after, maxBytes: 1_500)
      }
      #expect(batch.heads.map(\.dot) == [batch.deltas.last?.dot])
      #expect(batch.deltas.count % 5 == 0)
      seqs += batch.deltas.map(\.dot.seq)
      batches += 1
      after = next
    } while after != nil
    #expect(seqs == Array(1...30))
    #expect(batches > 1)
  }

  @Test func headHashesAreThoseOfTheChain() throws {
    let a = try bench.open("a", slot: 1)
    var hash = Digest.zero
    var hashes: [Digest] = [.zero]
    try a.writeNow { transaction in
      for index in 0..<6 {
        let delta = try transaction.appendLocal(hlc: hlc(UInt64(index)), [])
        hash = delta.link(after: hash)
        hashes.append(hash)
      }
      try transaction.seal(sign: sign)
    }
    for seq in 0...6 {
      let found = try a.readNow { try $0.headHash(at: Dot(Slot(1), UInt64(seq))) }
      #expect(found == hashes[seq])
    }
    #expect(try a.readNow { try $0.headHash(at: Dot(Slot(1), 7)) } == nil)
    #expect(a.headedVector.hashes[Slot(1)] == hash)
  }

  @Test func contextNamesOnlyWhatGrew() throws {
    let (a, b) = (try bench.open("a", slot: 1), try bench.open("b", slot: 2))
    _ = try a.makeTicket(1)
    try b.pull(from: a)
    let first = try DeltaCodec.decode(try b.commit(2, []))
    #expect(first.header.contextChange == [Slot(1): 1])
    let second = try DeltaCodec.decode(try b.commit(3, []))
    #expect(second.header.contextChange.isEmpty)
    _ = try a.makeTicket(4)
    try b.pull(from: a)
    let third = try DeltaCodec.decode(try b.commit(5, []))
    #expect(third.header.contextChange == [Slot(1): 2])
  }
}
