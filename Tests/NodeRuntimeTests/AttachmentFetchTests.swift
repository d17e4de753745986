// Getting the bytes of files: resumed, relayed, checked, and what a hostile peer can do.

import Foundation
import HelpdeskDomain
import Logging
import ReplicaCore
import ReplicaStore
import Synchronization
import Testing

@testable import NodeRuntime

/// One node's store and files, without the rest of it.
final class FileNode {
  let root: String
  let store: ReplicaStore
  let blobs: BlobStore
  let keeper: AttachmentKeeper
  let flagged = Flags()
  private var milliseconds: UInt64 = 0

  final class Flags: Sendable {
    private let state = Mutex<[Slot]>([])
    var all: [Slot] { state.withLock { $0 } }
    func add(_ slot: Slot) { state.withLock { $0.append(slot) } }
  }

  init(_ slot: UInt32, root: String? = nil) throws {
    self.root = root ?? NSTemporaryDirectory() + "helio-files-\(UUID().uuidString)"
    let options = StoreOptions(directory: self.root)
    store = try ReplicaStore.open(options)
    if store.slot == nil { try store.writeNow { try $0.adopt(slot: Slot(slot)) } }
    blobs = try BlobStore.open(options)
    let flags = flagged
    keeper = AttachmentKeeper(
      store: store, blobs: blobs, uploads: UploadBook(blobs),
      now: { Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)) },
      log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
      flagged: { flags.add($0) })
  }

  func remove() {
    try? store.close()
    try? FileManager.default.removeItem(atPath: root)
  }

  /// Keeps the bytes on this node.
  func put(_ bytes: [UInt8]) throws -> BlobKey {
    let writer = try blobs.begin()
    try writer.write(bytes)
    let key = try writer.finish()
    blobs.unpin(key.hash)
    return key
  }

  /// A row that names the bytes; returns its id.
  @discardableResult
  func name(_ key: BlobKey) async throws -> RowID {
    try store.writeNow { transaction in
      let id = try transaction.newRowID()
      let values: [(UInt16, Value)] = [
        (AttachmentColumn.comment, .integer(20_001)), (AttachmentColumn.ticket, .integer(10_001)),
        (AttachmentColumn.size, .integer(Int64(key.size))),
        (AttachmentColumn.hash, .bytes(key.hash.bytes)),
      ]
      let actions = values.map { Self.write($0.0, $0.1) }
      try append(transaction, RowChange(RowRef(Desk.attachment, id), actions))
      return id
    }
  }

  func redact(_ id: RowID) throws {
    try store.writeNow { transaction in
      let write = Self.write(AttachmentColumn.redacted, .integer(1))
      try append(transaction, RowChange(RowRef(Desk.attachment, id), [write]))
    }
  }

  private func append(_ transaction: WriteTransaction, _ change: RowChange) throws {
    milliseconds += 1
    try transaction.appendLocal(
      hlc: HLC(milliseconds: 1_790_000_000_000 + milliseconds), [change])
    try transaction.seal { dot, hash in Digest.sha256(hash.bytes).bytes + hash.bytes }
  }

  private static func write(_ column: UInt16, _ value: Value) -> CellAction {
    CellAction(CellKey(column), .write(.plain(value), replaces: [], unread: []))
  }

  func link(to peer: UInt32, _ channel: BulkPipe) -> BulkLink {
    BulkLink(
      peer: Slot(peer), channel: channel, keeper: keeper, isLiveBusy: { false },
      now: { Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)) },
      log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }
}

@Suite(.serialized, .timeLimit(.minutes(2))) struct AttachmentFetchTests {
  private func bytes(_ count: Int, _ seed: UInt8 = 1) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: ($0 &* 31) ^ ($0 >> 9)) &+ seed }
  }

  /// Runs both ends until `done`, then ends the connection. Returns the end of `left`.
  @discardableResult
  private func exchange(
    _ left: FileNode, _ leftSlot: UInt32, _ right: FileNode, _ rightSlot: UInt32,
    until done: @escaping @Sendable () async -> Bool
  ) async throws -> BulkPipe {
    let (a, b) = BulkPipe.pair()
    let (one, two) = (left.link(to: rightSlot, a), right.link(to: leftSlot, b))
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await one.run() }
      group.addTask { await two.run() }
      _ = try? await eventually(20) { await done() }
      a.close("the test is done")
      await group.waitForAll()
    }
    return a
  }

  /// Runs one end against a peer that the test plays: it is told of each request.
  private func against(
    _ node: FileNode, peer: UInt32, until done: @escaping @Sendable () async -> Bool,
    _ answer: @escaping @Sendable (BlobRange) -> [BulkMessage]
  ) async throws {
    let (a, b) = BulkPipe.pair()
    let link = node.link(to: peer, a)
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await link.run() }
      group.addTask {
        try? await b.receive { message in
          guard case .request(let range) = message else { return }
          for each in answer(range) { try await b.send(each) }
        }
      }
      _ = try? await eventually(20) { await done() }
      a.close("the test is done")
      await group.waitForAll()
    }
  }

  @Test func whatRowsNameAndThisNodeLacksIsFetched() async throws {
    let (paris, tokyo) = (try FileNode(1), try FileNode(2))
    defer { [paris, tokyo].forEach { $0.remove() } }
    let content = bytes(3_000_000)
    let key = try paris.put(content)
    try await tokyo.name(key)
    await tokyo.keeper.look()
    #expect(await tokyo.keeper.lacking == 1)
    let blobs = tokyo.blobs
    try await exchange(paris, 1, tokyo, 2) { blobs.holds(key) }
    #expect(try tokyo.blobs.file(key)?.read(4 << 20, at: 0) == content)
    #expect(await tokyo.keeper.lacking == 0)
    #expect(tokyo.flagged.all.isEmpty && paris.flagged.all.isEmpty)
  }

  @Test func theThirdNodeGetsItFromTheSecond() async throws {
    let (paris, tokyo, lima) = (try FileNode(1), try FileNode(2), try FileNode(3))
    defer { [paris, tokyo, lima].forEach { $0.remove() } }
    let key = try paris.put(bytes(200_000))
    for node in [tokyo, lima] {
      try await node.name(key)
      await node.keeper.look()
    }
    let (second, third) = (tokyo.blobs, lima.blobs)
    try await exchange(paris, 1, tokyo, 2) { second.holds(key) }
    try await exchange(tokyo, 2, lima, 3) { third.holds(key) }
    #expect(try lima.blobs.file(key)?.hash() == key.hash)
  }

  @Test func bothSidesCanFetchAtOnce() async throws {
    let (paris, tokyo) = (try FileNode(1), try FileNode(2))
    defer { [paris, tokyo].forEach { $0.remove() } }
    let (one, two) = (try paris.put(bytes(2_000_000, 1)), try tokyo.put(bytes(2_000_000, 2)))
    try await paris.name(two)
    try await tokyo.name(one)
    await paris.keeper.look()
    await tokyo.keeper.look()
    let (left, right) = (paris.blobs, tokyo.blobs)
    try await exchange(paris, 1, tokyo, 2) { left.holds(two) && right.holds(one) }
    #expect(paris.blobs.holds(two) && tokyo.blobs.holds(one))
  }

  /// Cut after every few pieces, and the process of the receiver ends in between.
  @Test func aCutTransferGoesOnWhereItStopped() async throws {
    let paris = try FileNode(1)
    var tokyo = try FileNode(2)
    defer { [paris, tokyo].forEach { $0.remove() } }
    let content = bytes(5_000_000)
    let key = try paris.put(content)
    try await tokyo.name(key)
    let pieces = (content.count + Limits.bulkChunkBytes - 1) / Limits.bulkChunkBytes
    var sent = 0
    for round in 1...5 {
      await tokyo.keeper.look()
      let (a, b) = BulkPipe.pair()
      let (one, two) = (paris.link(to: 2, a), tokyo.link(to: 1, b))
      a.cut(after: 4)
      await withTaskGroup(of: Void.self) { group in
        group.addTask { await one.run() }
        group.addTask { await two.run() }
        await group.waitForAll()
      }
      sent += a.pieces
      #expect(!tokyo.blobs.holds(key))
      // The same peer is asked again after a moment.
      try await Task.sleep(for: .milliseconds(FileWant.pauseAfterBreak))
      if round == 3 {
        let root = tokyo.root
        try tokyo.store.close()
        tokyo = try FileNode(2, root: root)
      }
    }
    await tokyo.keeper.look()
    let blobs = tokyo.blobs
    let last = try await exchange(paris, 1, tokyo, 2) { blobs.holds(key) }
    sent += last.pieces
    #expect(try tokyo.blobs.file(key)?.read(6 << 20, at: 0) == content)
    // What was under way at each cut goes twice, and no more.
    #expect(sent <= pieces + 5 * Limits.bulkAhead, "\(sent) pieces for \(pieces)")
    #expect(tokyo.flagged.all.isEmpty)
  }

  @Test func wrongBytesAreDroppedFlaggedAndAskedForElsewhere() async throws {
    let (paris, tokyo) = (try FileNode(1), try FileNode(2))
    defer { [paris, tokyo].forEach { $0.remove() } }
    let key = try paris.put(bytes(300_000))
    try await tokyo.name(key)
    await tokyo.keeper.look()
    let flags = tokyo.flagged
    try await against(tokyo, peer: 9, until: { !flags.all.isEmpty }) { range in
      [
        .chunk(
          hash: range.key.hash, offset: range.offset,
          bytes: [UInt8](repeating: 0, count: range.length))
      ]
    }
    #expect(tokyo.flagged.all == [Slot(9)])
    #expect(!tokyo.blobs.holds(key))
    #expect(await !tokyo.keeper.hasWork(for: Slot(9)))
    let blobs = tokyo.blobs
    try await exchange(paris, 1, tokyo, 2) { blobs.holds(key) }
    #expect(try tokyo.blobs.file(key)?.hash() == key.hash)
    #expect(tokyo.flagged.all == [Slot(9)])
  }

  /// A good beginning by one and a wrong end by another: nobody is blamed, the next try has one
  /// sender, and then it is clear who lies.
  @Test func ofTwoSendersTheOneWhoLiesIsFound() async throws {
    let (paris, tokyo) = (try FileNode(1), try FileNode(2))
    defer { [paris, tokyo].forEach { $0.remove() } }
    let content = bytes(4 * Limits.bulkChunkBytes)
    let key = try paris.put(content)
    try await tokyo.name(key)
    await tokyo.keeper.look()
    let keeper = tokyo.keeper
    // The honest one sends the first piece and goes.
    try await against(
      tokyo, peer: 1, until: { await keeper.progress(of: key, connected: []).have > 0 }
    ) { range in
      range.offset > 0
        ? []
        : [
          .chunk(
            hash: range.key.hash, offset: 0, bytes: Array(content.prefix(range.length)))
        ]
    }
    let flags = tokyo.flagged
    try await against(tokyo, peer: 9, until: { !flags.all.isEmpty }) { range in
      [
        .chunk(
          hash: range.key.hash, offset: range.offset,
          bytes: [UInt8](repeating: 0, count: range.length))
      ]
    }
    #expect(tokyo.flagged.all == [Slot(9)])
    let blobs = tokyo.blobs
    try await exchange(paris, 1, tokyo, 2) { blobs.holds(key) }
    #expect(tokyo.blobs.holds(key))
  }

  @Test(arguments: ["more", "other", "unasked", "longer"])
  func whoBreaksTheRulesIsLeft(how: String) async throws {
    let tokyo = try FileNode(2)
    defer { tokyo.remove() }
    let key = BlobKey(hash: .sha256(bytes(400_000)), size: 400_000)
    try await tokyo.name(key)
    await tokyo.keeper.look()
    let flags = tokyo.flagged
    try await against(tokyo, peer: 9, until: { !flags.all.isEmpty }) { range in
      let zeros = [UInt8](repeating: 0, count: range.length)
      let piece = BulkMessage.chunk(hash: range.key.hash, offset: range.offset, bytes: zeros)
      switch how {
      case "more": return [BulkMessage](repeating: piece, count: 20)
      case "other": return [.chunk(hash: .sha256([3]), offset: range.offset, bytes: zeros)]
      case "unasked": return (0..<20).map { _ in .refused(hash: range.key.hash, .notHere) }
      default: return [.chunk(hash: range.key.hash, offset: range.offset, bytes: zeros + [1])]
      }
    }
    #expect(tokyo.flagged.all == [Slot(9)])
    #expect(await !tokyo.keeper.hasWork(for: Slot(9)))
    #expect(await tokyo.keeper.hasWork(for: Slot(1)))
  }

  @Test func aFloodOfRequestsEndsTheConnection() async throws {
    let paris = try FileNode(1)
    defer { paris.remove() }
    let key = try paris.put(bytes(200_000))
    let (a, b) = BulkPipe.pair()
    let link = paris.link(to: 9, a)
    let range = BlobRange(key: key, offset: 0, length: Limits.bulkChunkBytes)
    for _ in 0..<5_000 { try await b.send(.request(range)) }
    await link.run()
    #expect(paris.flagged.all == [Slot(9)])
    #expect(a.pieces < 5_000)
  }

  @Test func whoLacksItIsAskedAgainLaterAndWhenItCalls() async throws {
    let (paris, tokyo) = (try FileNode(1), try FileNode(2))
    defer { [paris, tokyo].forEach { $0.remove() } }
    let content = bytes(1_000)
    let key = BlobKey(hash: .sha256(content), size: 1_000)
    try await tokyo.name(key)
    await tokyo.keeper.look()
    let keeper = tokyo.keeper
    try await exchange(paris, 1, tokyo, 2) { await !keeper.hasWork(for: Slot(1)) }
    #expect(await !tokyo.keeper.hasWork(for: Slot(1)))
    let alone = await tokyo.keeper.progress(of: key, connected: [Slot(1)])
    #expect(!alone.isUnderWay)
    #expect(await tokyo.keeper.progress(of: key, connected: [Slot(3)]).isUnderWay)
    _ = try paris.put(content)
    await tokyo.keeper.met(Slot(1))
    #expect(await tokyo.keeper.hasWork(for: Slot(1)))
    let blobs = tokyo.blobs
    try await exchange(paris, 1, tokyo, 2) { blobs.holds(key) }
    #expect(tokyo.blobs.holds(key))
  }

  @Test func redactedBytesGoUnlessAnotherRowNamesThem() async throws {
    let paris = try FileNode(1)
    defer { paris.remove() }
    let (shared, single) = (try paris.put(bytes(500, 1)), try paris.put(bytes(500, 2)))
    let first = try await paris.name(shared)
    let second = try await paris.name(shared)
    let third = try await paris.name(single)
    await paris.keeper.look()
    try paris.redact(first)
    try paris.redact(third)
    await paris.keeper.look()
    #expect(paris.blobs.holds(shared) && !paris.blobs.holds(single))
    try paris.redact(second)
    await paris.keeper.look()
    #expect(!paris.blobs.holds(shared))
    #expect(await paris.keeper.lacking == 0)
  }

  @Test func whatIsRedactedWhileItComesIsDropped() async throws {
    let (paris, tokyo) = (try FileNode(1), try FileNode(2))
    defer { [paris, tokyo].forEach { $0.remove() } }
    let key = try paris.put(bytes(200_000))
    let row = try await tokyo.name(key)
    await tokyo.keeper.look()
    let claimed = try #require(await tokyo.keeper.claim(for: Slot(1)))
    try tokyo.redact(row)
    await tokyo.keeper.look()
    #expect(await tokyo.keeper.lacking == 1)
    await tokyo.keeper.end(claimed.key, from: Slot(1), wrote: false, .broken)
    #expect(await tokyo.keeper.lacking == 0)
  }

  @Test func uploadsThatNobodyTookGoWithTheirBytes() async throws {
    let paris = try FileNode(1)
    defer { paris.remove() }
    let (kept, gone) = (try paris.put(bytes(500, 1)), try paris.put(bytes(500, 2)))
    try await paris.name(kept)
    for (token, key) in [("a", kept), ("b", gone)] {
      let draft = AttachmentDraft(
        id: RowID(90_001), fileName: "x", contentType: "text/plain", key: key)
      _ = try paris.keeper.uploads.add(
        draft, to: token, of: RowID(1), expiresAt: Instant(milliseconds: 1))
    }
    await paris.keeper.tidy(everything: false)
    #expect(paris.keeper.uploads.all.isEmpty)
    #expect(paris.blobs.holds(kept) && !paris.blobs.holds(gone))
  }
}
