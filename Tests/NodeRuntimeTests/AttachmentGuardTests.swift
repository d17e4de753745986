// What guards the exchange of files: greed, full disks, and tokens that serve many tickets.

import Foundation
import HelpdeskDomain
import Logging
import ReplicaCore
import ReplicaStore
import Synchronization
import Testing

@testable import NodeRuntime

@Suite(.timeLimit(.minutes(1))) struct AttachmentGuardTests {
  @Test func whoAsksForTheSameBytesForEverGetsNoMore() {
    var served = ServedBytes()
    let key = BlobKey(hash: .sha256([1]), size: 1 << 20)
    let piece = BlobRange(key: key, offset: 0, length: Limits.bulkChunkBytes)
    let other = BlobRange(
      key: BlobKey(hash: .sha256([2]), size: 1 << 20), offset: 0, length: Limits.bulkChunkBytes)
    let now = Instant(milliseconds: 1_790_000_000_000)
    var pieces = 0
    while pieces < 1_000, served.take(piece, by: Slot(9), at: now) { pieces += 1 }
    // Four copies, and a piece more for each where the line was cut.
    #expect(pieces == 4 * 9)
    let isAnotherPeerServed = served.take(piece, by: Slot(8), at: now)
    let isAnotherFileServed = served.take(other, by: Slot(9), at: now)
    #expect(isAnotherPeerServed && isAnotherFileServed)
    let byte = BlobRange(key: BlobKey(hash: .sha256([3]), size: 1 << 20), offset: 0, length: 1)
    var bytes = 0
    while bytes < 1_000, served.take(byte, by: Slot(9), at: now) { bytes += 1 }
    #expect(bytes < 1_000, "one byte at a time is no way around it")
    let isServedLater = served.take(piece, by: Slot(9), at: now + ServedBytes.period)
    #expect(isServedLater)
  }

  /// The peer is not to blame for this node's disk.
  @Test func aDiskThatTakesNoMoreBlamesNobody() async throws {
    let (paris, tokyo) = (try FileNode(1), try FileNode(2))
    defer { [paris, tokyo].forEach { $0.remove() } }
    let key = try paris.put([UInt8](repeating: 7, count: 2_000_000))
    try await tokyo.name(key)
    await tokyo.keeper.look()
    // A folder stands where the whole file should go.
    let name = key.hash.description
    let blobs = tokyo.root + "/attachments/blobs/\(name.prefix(2))"
    try FileManager.default.createDirectory(
      atPath: "\(blobs)/\(name)/x", withIntermediateDirectories: true)
    let (a, b) = BulkPipe.pair()
    let (one, two) = (paris.link(to: 2, a), tokyo.link(to: 1, b))
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await one.run() }
      group.addTask { await two.run() }
      await group.waitForAll()
    }
    #expect(tokyo.flagged.all.isEmpty && !tokyo.blobs.holds(key))
    #expect(await tokyo.keeper.progress(of: key, connected: []).have == key.size)
    #expect(await !tokyo.keeper.hasWork(for: Slot(1)), "it waits for the disk")
  }

  @Test func aTokenServesEveryTicketOfOneRequest() async throws {
    let paris = try FileNode(1)
    defer { paris.remove() }
    let key = try paris.put([1, 2, 3])
    let user = RowID(20_001)
    let uploads = paris.keeper.uploads
    let later = Instant(milliseconds: 1_000)
    _ = try uploads.add(
      AttachmentDraft(id: RowID(90_001), fileName: "x", contentType: "text/plain", key: key),
      to: "a", of: user, expiresAt: later)
    var edit = TicketEdit()
    edit.comment = CommentDraft(body: "See the file")
    edit.comment?.uploads = ["a", "a"]
    let actor = Actor(user: user, role: .agent, office: OfficeID("paris"), authority: nil)
    let commands = [RowID(10_001), RowID(30_001)].map { DeskCommand.updateTicket($0, edit) }
    let filled = try await commands.map { uploads.filled($0, as: actor, now: .zero) }
      .withOwnFiles { count in (1...count).map { RowID(Int64($0) * 10_000 + 5) } }
    let files = filled.flatMap { command -> [AttachmentDraft] in
      guard case .updateTicket(_, let edit) = command else { return [] }
      return edit.comment?.attachments ?? []
    }
    #expect(files.map(\.id) == [RowID(90_001), RowID(10_005)])
    #expect(files.map(\.key) == [key, key])
    uploads.settle(filled[0])
    #expect(uploads.all.isEmpty)
  }

  /// A peer that takes the questions and says nothing keeps no file from being had elsewhere.
  @Test func whoNeverAnswersIsLeftForAnother() async throws {
    let tokyo = try FileNode(2)
    defer { tokyo.remove() }
    let key = BlobKey(hash: .sha256([9]), size: 400_000)
    try await tokyo.name(key)
    await tokyo.keeper.look()
    let (a, b) = BulkPipe.pair()
    let start = Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
    let asked = Counter()
    let link = BulkLink(
      peer: Slot(9), channel: a, keeper: tokyo.keeper, isLiveBusy: { false },
      now: { asked.count == 0 ? start : start + Limits.bulkPatience },
      log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await link.run() }
      group.addTask { try? await b.receive { _ in asked.add() } }
      await group.waitForAll()
    }
    #expect(asked.count > 0)
    #expect(await tokyo.keeper.hasWork(for: Slot(1)), "another is asked")
    #expect(tokyo.flagged.all.isEmpty)
  }

  private final class Counter: Sendable {
    private let value = Mutex(0)
    var count: Int { value.withLock { $0 } }
    func add() { value.withLock { $0 += 1 } }
  }

  @Test func anUploadServesItsUserAlone() throws {
    let paris = try FileNode(1)
    defer { paris.remove() }
    let file = AttachmentDraft(
      id: RowID(90_001), fileName: "x", contentType: "text/plain", key: try paris.put([1, 2, 3]))
    let (owner, other) = (RowID(20_001), RowID(20_002))
    let uploads = paris.keeper.uploads
    let expiry = Instant(milliseconds: 1_000)
    _ = try uploads.add(file, to: "a", of: owner, expiresAt: expiry)
    func filled(_ user: RowID, at now: Instant = .zero) -> CommentDraft? {
      var comment = CommentDraft(body: "See the file")
      comment.uploads = ["a"]
      let actor = Actor(user: user, role: .agent, office: OfficeID("paris"), authority: nil)
      let command = DeskCommand.createTicket(TicketDraft(subject: "Pump", comment: comment))
      guard case .createTicket(let draft) = uploads.filled(command, as: actor, now: now) else {
        return nil
      }
      return draft.comment
    }
    // The token stays, and the domain refuses it.
    #expect(filled(other)?.attachments == [] && filled(other)?.uploads == ["a"])
    #expect(try uploads.add(file, to: "a", of: other, expiresAt: expiry) == nil)
    #expect(uploads["a"]?.files.count == 1)
    #expect(filled(owner, at: expiry)?.attachments == [])
    #expect(filled(owner)?.attachments == [file] && filled(owner)?.uploads == [])
  }
}
