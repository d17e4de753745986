// Files on the disk: whole or not there, once for each content, over cuts and restarts.

import Foundation
import HelpdeskDomain
import ReplicaCore
import ReplicaStore
import Testing

@Suite struct BlobStoreTests {
  private let bench = TestBench()

  private func open(free: Int64? = nil) throws -> BlobStore {
    var options = bench.options("node")
    try FileManager.default.createDirectory(
      atPath: options.directory, withIntermediateDirectories: true)
    if let free { options.freeBytes = { _ in free } }
    return try BlobStore.open(options)
  }

  private func names(_ folder: String) -> [String] {
    let path = bench.options("node").directory + "/attachments/" + folder
    return ((try? FileManager.default.subpathsOfDirectory(atPath: path)) ?? []).sorted()
  }

  private func bytes(_ count: Int, _ seed: UInt8 = 1) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) &+ seed }
  }

  private func put(_ bytes: [UInt8], in store: BlobStore) throws -> BlobKey {
    let writer = try store.begin()
    for start in stride(from: 0, to: bytes.count, by: 50_000) {
      try writer.write(Array(bytes[start..<min(start + 50_000, bytes.count)]))
    }
    let key = try writer.finish()
    store.unpin(key.hash)
    return key
  }

  @Test func aFileIsKeptUnderItsHashOverARestart() throws {
    let content = bytes(300_000)
    let key = try put(content, in: open())
    #expect(key == BlobKey(hash: .sha256(content), size: 300_000))
    let store = try open()
    #expect(store.holds(key) && store.count == 1 && store.bytes == 300_000)
    let file = try #require(try store.file(key))
    #expect(try file.read(1 << 20, at: 0) == content)
    #expect(try file.read(10, at: 299_995) == Array(content.suffix(5)))
    #expect(try file.hash() == key.hash)
    #expect(!store.holds(BlobKey(hash: key.hash, size: 299_999)))
  }

  @Test func theSameBytesAreKeptOnce() throws {
    let store = try open()
    let first = try put(bytes(10_000), in: store)
    let second = try put(bytes(10_000), in: store)
    #expect(first == second && store.count == 1)
    #expect(names("incoming").isEmpty)
    #expect(names("blobs").filter { $0.contains("/") }.count == 1)
  }

  @Test func nothingStaysOfAFileThatIsNotFinished() throws {
    let store = try open()
    let writer = try store.begin()
    try writer.write(bytes(5_000))
    #expect(names("incoming").count == 1)
    writer.abandon()
    #expect(names("incoming").isEmpty)
    do {
      let forgotten = try store.begin()
      try forgotten.write(bytes(5_000))
    }
    #expect(names("incoming").isEmpty && store.count == 0)
  }

  @Test func whatACrashLeftOfAnUploadIsCleared() throws {
    _ = try open()
    let path = bench.options("node").directory + "/attachments/incoming/half"
    _ = FileManager.default.createFile(atPath: path, contents: Data(bytes(500)))
    _ = try open()
    #expect(names("incoming").isEmpty)
  }

  @Test func aPinnedFileIsNotRemoved() throws {
    let store = try open()
    let writer = try store.begin()
    try writer.write(bytes(10))
    let key = try writer.finish()
    let arrivals = store.arrivals(of: key.hash)
    store.remove(key.hash, arrivals: arrivals)
    #expect(store.holds(key))
    store.unpin(key.hash)
    // It came once more while somebody found out that nothing names it.
    _ = try put(bytes(10), in: store)
    store.remove(key.hash, arrivals: arrivals)
    #expect(store.holds(key))
    store.remove(key.hash, arrivals: store.arrivals(of: key.hash))
    #expect(!store.holds(key))
    #expect(try store.file(key) == nil)
    #expect(names("blobs").filter { $0.contains("/") }.isEmpty)
  }

  @Test func aFileBeingReadCanBeRemoved() throws {
    let store = try open()
    let content = bytes(400_000)
    let key = try put(content, in: store)
    let file = try #require(try store.file(key))
    #expect(try file.read(1_000, at: 0) == Array(content.prefix(1_000)))
    store.remove(key.hash, arrivals: store.arrivals(of: key.hash))
    #expect(try file.read(1_000, at: 399_000) == Array(content.suffix(1_000)))
  }

  @Test func aFullDiskTakesNothingAndLeavesNothing() throws {
    #expect(throws: StoreError.diskFull(free: 5)) { try open(free: 5).begin() }
    #expect(throws: StoreError.self) {
      try open(free: 5).partial(BlobKey(hash: .sha256([1]), size: 9))
    }
    #expect(names("incoming").isEmpty)
  }

  // MARK: From peers

  @Test func aFileFromPeersGoesOnAfterARestartAndIsCheckedWhole() throws {
    let content = bytes(100_000)
    let key = BlobKey(hash: .sha256(content), size: 100_000)
    do {
      let partial = try open().partial(key)
      try partial.append(Array(content.prefix(60_000)))
      #expect(partial.have == 60_000 && !partial.isWhole)
    }
    let store = try open()
    #expect(!store.holds(key))
    #expect(try store.file(key) == nil)
    let partial = try store.partial(key)
    #expect(partial.have == 60_000)
    try partial.append(Array(content.suffix(40_000)))
    #expect(try partial.finish())
    #expect(try store.file(key)?.hash() == key.hash)
    #expect(names("partial").isEmpty)
  }

  @Test func wrongBytesAreNeverShown() throws {
    let store = try open()
    let key = BlobKey(hash: .sha256(bytes(1_000)), size: 1_000)
    let partial = try store.partial(key)
    try partial.append(bytes(1_000, 2))
    #expect(try !partial.finish())
    #expect(!store.holds(key) && partial.have == 0)
    try partial.append(bytes(1_000))
    #expect(try partial.finish())
    #expect(store.holds(key))
  }

  @Test func moreThanTheFileHoldsIsNotTaken() throws {
    let partial = try open().partial(BlobKey(hash: .sha256([1]), size: 10))
    try partial.append(bytes(8))
    #expect(throws: StoreError.self) { try partial.append(bytes(3)) }
    #expect(partial.have == 8)
    #expect(try !partial.finish())
  }

  @Test func beginningsThatNobodyWantsGo() throws {
    let store = try open()
    let (kept, gone) = (
      BlobKey(hash: .sha256([1]), size: 10), BlobKey(hash: .sha256([2]), size: 10)
    )
    try store.partial(kept).append([1])
    try store.partial(gone).append([1])
    store.keepPartials(of: [kept])
    #expect(names("partial") == ["\(kept.hash)-10"])
  }

  // MARK: Uploads

  private func draft(_ number: Int64, _ content: [UInt8]) -> AttachmentDraft {
    AttachmentDraft(
      id: RowID(number: number, slot: Slot(1)), fileName: "é 电话.png", contentType: "image/png",
      key: BlobKey(hash: .sha256(content), size: UInt64(content.count)))
  }

  @Test func uploadsOutliveARestartUntilTheyExpire() throws {
    let (marie, noor) = (RowID(10_001), RowID(20_001))
    let time = Instant(seconds: 1_000)
    do {
      let book = UploadBook(try open())
      _ = try book.add(draft(1, [1]), to: "abc", of: marie, expiresAt: time)
      let both = try #require(
        try book.add(draft(2, [2, 2]), to: "abc", of: marie, expiresAt: time))
      #expect(both.files.map(\.id.number) == [1, 2])
      #expect(try book.add(draft(3, [3]), to: "abc", of: noor, expiresAt: time) == nil)
    }
    _ = FileManager.default.createFile(
      atPath: bench.options("node").directory + "/attachments/uploads/torn.json",
      contents: Data("{".utf8))
    let book = UploadBook(try open())
    #expect(book.all.count == 1 && names("uploads") == ["abc.json"])
    #expect(book["abc"]?.files == [draft(1, [1]), draft(2, [2, 2])])
    #expect(book.waiting(of: marie) == (1, 3) && book.waiting(of: noor) == (0, 0))
    #expect(book.names(.sha256([2, 2])) && !book.names(.sha256([3])))
    #expect(book.expire(time + -1).isEmpty)
    book.extend("abc", to: time + 10)
    #expect(book.expire(time).isEmpty)
    #expect(book.expire(time + 10).count == 2)
    #expect(book.all.isEmpty && names("uploads").isEmpty)
  }
}
