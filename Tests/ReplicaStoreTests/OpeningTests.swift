// Before a store is given out: lock, durability, checks.

import Foundation
import GRDB
import HelpdeskDomain
import ReplicaCore
import Testing

@testable import ReplicaStore

@Suite struct OpeningTests {
  private let bench = TestBench()

  @Test func theWriterWaitsForTheDisk() throws {
    let store = try bench.open("a", slot: 1)
    #expect(try store.writerSynchronous() == 2)
    _ = try store.makeTicket(1)
    #expect(try store.writerSynchronous() == 2, "FULL must outlast a commit")
  }

  @Test func grdbWouldHaveSetNormal() throws {
    try FileManager.default.createDirectory(
      atPath: bench.root, withIntermediateDirectories: true)
    let pool = try DatabasePool(path: bench.root + "/plain.sqlite")
    let found = try pool.writeWithoutTransaction { db in
      try Int.fetchOne(db, sql: "PRAGMA synchronous")
    }
    #expect(found == 1, "if this changes, the store's own setting may be simplified")
  }

  @Test func readersCannotWrite() throws {
    let store = try bench.open("a", slot: 1)
    #expect(throws: (any Error).self) {
      try store.pool.read { try $0.execute(sql: "DELETE FROM log") }
    }
    #expect(throws: (any Error).self) {
      try store.pool.unsafeRead { try $0.execute(sql: "DELETE FROM log") }
    }
  }

  @Test func aSecondProcessIsRefusedByPID() throws {
    let store = try bench.open("a", slot: 1)
    let directory = store.directory
    #expect(throws: StoreError.locked(directory: directory, pid: getpid())) {
      _ = try ReplicaStore.open(self.bench.options("a"))
    }
  }

  @Test func aClosedStoreOpensAgainAsItWas() throws {
    var store = try bench.open("a", slot: 1)
    let id = try store.makeTicket(5, subject: "first")
    try store.setTicket(6, id, TicketColumn.status, .text("open"))
    let (vector, fingerprint, clock) = (store.vector, store.fingerprint, store.clock)
    let head = store.headedVector
    try store.close()
    store = try bench.open("a")
    #expect(store.slot == Slot(1))
    #expect(store.vector == vector)
    #expect(store.fingerprint == fingerprint)
    #expect(store.clock == clock)
    #expect(store.headedVector == head)
    #expect(try store.readNow { try $0.recomputeFingerprint() } == fingerprint)
    #expect(try store.makeTicket(7) > id)
    #expect(try store.readNow { try $0.ticket(id)?.status } == "open")
  }

  @Test func aClosedStoreIsOneFile() throws {
    let store = try bench.open("a", slot: 1)
    _ = try store.makeTicket(1)
    #expect(store.walBytes > 0)
    try store.close()
    try store.close()
    #expect(store.walBytes == 0)
    #expect(throws: StoreError.closed) { try store.writeNow { _ in } }
  }

  @Test func theSlotIsGivenOnce() throws {
    let store = try bench.open("a", slot: 4)
    #expect(throws: StoreError.slotTaken(Slot(4))) {
      try store.writeNow { try $0.adopt(slot: Slot(5)) }
    }
  }

  @Test func anAlteredDeltaIsNamed() throws {
    var store = try bench.open("a", slot: 1)
    for index in 0..<5 { _ = try store.makeTicket(UInt64(index)) }
    try store.close()
    let queue = try DatabaseQueue(path: bench.options("a").databasePath)
    try queue.write { db in
      try db.execute(
        sql: """
          UPDATE log SET body = substr(body, 1, 20) || x'00' || substr(body, 22) WHERE seq = 3
          """)
    }
    try queue.close()
    store = try bench.open("a")
    #expect {
      _ = try store.readNow { try $0.verifyChain() }
    } throws: { error in
      guard case StoreError.chainBroken(let first, _) = error else { return false }
      return first == Dot(Slot(1), 3)
    }
  }

  @Test func anAlteredTailRefusesToOpen() throws {
    let store = try bench.open("a", slot: 1)
    for index in 0..<3 { _ = try store.makeTicket(UInt64(index)) }
    try store.close()
    let queue = try DatabaseQueue(path: bench.options("a").databasePath)
    try queue.write { try $0.execute(sql: "DELETE FROM log WHERE seq = 3") }
    try queue.close()
    #expect {
      _ = try bench.open("a")
    } throws: { error in
      guard case StoreError.chainBroken(let first, _) = error else { return false }
      return first == Dot(Slot(1), 3)
    }
  }

  @Test func aDamagedFileRefusesToOpen() throws {
    let store = try bench.open("a", slot: 1)
    for index in 0..<200 { _ = try store.makeTicket(UInt64(index)) }
    try store.close()
    let path = bench.options("a").databasePath
    let handle = try #require(FileHandle(forUpdatingAtPath: path))
    let size = try handle.seekToEnd()
    for page in stride(from: UInt64(4_096), to: size, by: 8_192) {
      try handle.seek(toOffset: page)
      try handle.write(contentsOf: [UInt8](repeating: 0xA5, count: 512))
    }
    try handle.close()
    #expect(throws: StoreError.self) { _ = try bench.open("a") }
  }

  @Test func aLogLeftBehindIsWrittenAgainAsItWas() throws {
    let path = bench.root + "/left.sqlite"
    try FileManager.default.createDirectory(
      atPath: bench.root, withIntermediateDirectories: true)
    try LeftoverLog.settle(database: path)
    #expect(!FileManager.default.fileExists(atPath: path + "-wal"), "none is made")
    let bytes = Data((0..<(2 << 20) + 17).map { UInt8(truncatingIfNeeded: $0 &* 31) })
    try bytes.write(to: URL(filePath: path + "-wal"))
    try LeftoverLog.settle(database: path)
    #expect(try Data(contentsOf: URL(filePath: path + "-wal")) == bytes)
  }

  @Test func everyErrorSaysWhatToDo() {
    let errors: [StoreError] = [
      .locked(directory: "d", pid: 1), .damaged(detail: "x"), .diskFull(free: 3), .closed,
      .chainBroken(first: Dot(Slot(1), 2), detail: "x"), .noSlot, .badCursor("c"),
    ]
    for error in errors {
      #expect(!error.message.isEmpty)
      #expect(!error.hint.isEmpty)
      #expect(error.description.hasPrefix("store."))
    }
  }
}
