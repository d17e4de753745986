// What must stay bounded: the write-ahead log.

import Foundation
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
    var greatest = 0
    for round in 0..<30 {
      try fill(store, round)
      greatest = max(greatest, store.walBytes)
    }
    #expect(greatest <= StoreLimits.walBytes, "\(greatest) bytes")
    #expect(greatest > 0)
  }

  /// A slow report, say. Waiting for it at each commit would stop all work of the node meanwhile.
  @Test func noCommitWaitsForALongReader() async throws {
    let store = try bench.open("a", slot: 1)
    let (hasBegun, begun) = AsyncStream.makeStream(of: Void.self)
    let end = DispatchSemaphore(value: 0)
    let reader = Task.detached {
      try await store.read { view in
        _ = try view.vector()
        begun.finish()
        end.wait()
      }
    }
    for await _ in hasBegun {}
    var slowest = Duration.zero
    for round in 0..<24 {
      slowest = max(slowest, try ContinuousClock().measure { try fill(store, round) })
    }
    #expect(store.walBytes > StoreLimits.walPressureBytes)
    #expect(slowest < .seconds(StoreLimits.busySeconds), "\(slowest)")
    end.signal()
    try await reader.value
    try fill(store, 24)
    #expect(store.walBytes < StoreLimits.walPressureBytes)
  }

  /// Commits 4 MB.
  private func fill(_ store: ReplicaStore, _ round: Int) throws {
    let long = String(repeating: "x", count: 500_000)
    try store.writeNow { transaction in
      for index in 0..<8 {
        let id = try transaction.newRowID()
        try transaction.appendLocal(
          hlc: hlc(UInt64(round * 10 + index)),
          [RowChange(RowRef(Desk.comment, id), [personal(CommentColumn.body, long)])])
      }
      try transaction.seal(sign: sign)
    }
  }
}
