// What must stay bounded: the write-ahead log.

import HelpdeskDomain
import ReplicaCore
import ReplicaStore
import Testing

@Suite struct BoundsTests {
  private let bench = TestBench()

  @Test func theWriteAheadLogStaysWithinItsLimit() throws {
    var options = bench.options("a")
    options.durability = .simulated
    let store = try ReplicaStore.open(options)
    #expect(try store.writerSynchronous() == 0)
    try store.writeNow { try $0.adopt(slot: Slot(1)) }
    let long = String(repeating: "x", count: 500_000)
    var greatest = 0
    for round in 0..<30 {
      try store.writeNow { transaction in
        for index in 0..<8 {
          let id = try transaction.newRowID()
          try transaction.appendLocal(
            hlc: hlc(UInt64(round * 10 + index)),
            [RowChange(RowRef(Desk.comment, id), [personal(CommentColumn.body, long)])])
        }
        try transaction.seal(sign: sign)
      }
      greatest = max(greatest, store.walBytes)
    }
    #expect(greatest <= StoreLimits.walBytes, "\(greatest) bytes")
    #expect(greatest > 0)
  }
}
