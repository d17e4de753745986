// Keeps the bytes of attached files in line with their rows: what is lacking is asked for, what
// no row names any more goes.

internal import HelpdeskDomain
internal import Logging
internal import ReplicaCore
internal import ReplicaStore

/// Knows which files this node lacks, and who may send them.
actor AttachmentKeeper {
  /// How a try to get a file ended.
  enum Ending: Sendable {
    /// All came. `isRight`: its hash is that of the row, and it is kept.
    case came(isRight: Bool)
    /// The peer does not have it.
    case refused
    /// The connection ended, or the peer was too slow.
    case broken
    /// The disk of this node takes no more.
    case notStored
  }

  /// A peer that sent wrong bytes is not asked for that file for so long, in milliseconds.
  private static let shunned: Int64 = 3_600_000
  /// Where the disk is full nothing is fetched for so long, in milliseconds.
  private static let diskPause: Int64 = 10_000
  private static let rows = 1_000

  nonisolated let blobs: BlobStore
  nonisolated let uploads: UploadBook
  nonisolated let disk = DiskWork()
  private let store: ReplicaStore
  private let now: @Sendable () -> Instant
  private let log: Logger
  /// Told of a peer that broke the rules of the exchange, or whose copy is damaged.
  private let flagged: @Sendable (Slot) -> Void
  /// Told when more files are here than before.
  private var grew: @Sendable () async -> Void = {}
  private var wanted: [BlobKey: FileWant] = [:]
  /// First wanted, first asked for.
  private var order: [BlobKey] = []
  private var seen = AppliedPlace(after: -1)
  /// Whether all rows were looked at once.
  private var hasLooked = false
  private var isPausedUntil = Instant.zero
  private var shunnedUntil: [Slot: Instant] = [:]
  private var served = ServedBytes()

  init(
    store: ReplicaStore, blobs: BlobStore, uploads: UploadBook,
    now: @escaping @Sendable () -> Instant, log: Logger,
    flagged: @escaping @Sendable (Slot) -> Void
  ) {
    self.store = store
    self.blobs = blobs
    self.uploads = uploads
    self.now = now
    self.log = log
    self.flagged = flagged
  }

  func onGrowth(_ body: @escaping @Sendable () async -> Void) { grew = body }

  // MARK: Rows

  /// Looks at the rows that changed since the last time.
  func look() async {
    let upTo = store.appliedNumber
    guard upTo > seen.applied || !hasLooked else { return }
    var isNew = false
    while true {
      let from = seen
      guard
        let (records, next) = try? await store.read({
          try $0.attachments(after: from, limit: Self.rows)
        })
      else { return }
      for record in records { isNew = await take(record) || isNew }
      seen = next ?? AppliedPlace(after: max(upTo, seen.applied))
      if next == nil { break }
    }
    hasLooked = true
    if isNew { await grew() }
  }

  /// True where the bytes are here.
  private func take(_ record: AttachmentRecord) async -> Bool {
    let key = record.key
    if record.redacted {
      if blobs.holds(key) || wanted[key] != nil { await removeUnnamed([key.hash]) }
      return false
    }
    if blobs.holds(key) { return true }
    let isSound = key.size > 0 && key.size <= Limits.attachmentBytes
    if isSound, wanted[key] == nil {
      wanted[key] = FileWant(key, onDisk: blobs.partialBytes(key))
      order.append(key)
    }
    return false
  }

  /// Removes files that no row and no upload names any more.
  func removeUnnamed(_ hashes: [Digest]) async {
    let before = now() + -StoreLimits.deletedFilesKept
    let store = store
    for start in stride(from: 0, to: hashes.count, by: 200) {
      // What is uploaded and attached meanwhile shows in the count of arrivals.
      let some = hashes[start..<min(start + 200, hashes.count)]
        .map { (hash: $0, arrivals: blobs.arrivals(of: $0)) }
        .filter { !uploads.names($0.hash) }
      let unnamed = try? await store.read { view in
        try some.filter { try !view.isNamed($0.hash, deletedBefore: before) }
      }
      for (hash, arrivals) in unnamed ?? [] {
        blobs.remove(hash, arrivals: arrivals)
        for key in wanted.keys where key.hash == hash { giveUp(key) }
      }
      await lookAgain(for: (unnamed ?? []).map(\.hash), before)
    }
  }

  /// Another node's row may have named bytes just while they went: then they are to be fetched.
  private func lookAgain(for gone: [Digest], _ before: Instant) async {
    guard !gone.isEmpty else { return }
    let named = try? await store.read { view in
      try gone.contains { try view.isNamed($0, deletedBefore: before) }
    }
    guard named == true else { return }
    seen = AppliedPlace(after: -1)
    hasLooked = false
    await look()
  }

  /// The slow round: uploads that expired, files and beginnings that nothing names.
  func tidy(everything: Bool) async {
    let expired = uploads.expire(now())
    await removeUnnamed(everything ? blobs.all : expired.map(\.key.hash))
    guard everything, hasLooked else { return }
    blobs.keepPartials(of: Set(wanted.keys))
  }

  /// Nothing names the file any more. One that is coming is dropped when it has come.
  private func giveUp(_ key: BlobKey) {
    guard wanted[key]?.claimedBy == nil else {
      wanted[key]?.isOver = true
      return
    }
    forget(key)
    blobs.removePartial(key)
  }

  private func forget(_ key: BlobKey) {
    wanted[key] = nil
    // It is mostly one of the first: what is wanted is fetched in order.
    if let place = order.firstIndex(of: key) { order.remove(at: place) }
  }

  // MARK: Fetching

  /// Files that are lacking.
  var lacking: Int { wanted.count }

  /// Whether a peer could be asked for anything now.
  func hasWork(for peer: Slot) -> Bool {
    let time = now()
    guard time >= isPausedUntil, time >= (shunnedUntil[peer] ?? .zero) else { return false }
    return wanted.values.contains { $0.claimedBy == nil && $0.mayAsk(peer, at: time) }
  }

  /// Gives a connection the next file to fetch from a peer; ``end(_:from:wrote:_:)`` must follow.
  func claim(for peer: Slot) -> PartialBlob? {
    let time = now()
    guard time >= isPausedUntil, time >= (shunnedUntil[peer] ?? .zero) else { return nil }
    for key in order {
      guard var want = wanted[key], want.claimedBy == nil, want.mayAsk(peer, at: time) else {
        continue
      }
      do {
        let partial = try blobs.partial(key)
        try want.begin(partial, from: peer)
        wanted[key] = want
        return partial
      } catch {
        log.warning("no file can be taken in: \(error)")
        isPausedUntil = time + Self.diskPause
        return nil
      }
    }
    return nil
  }

  /// A try to get a file from a peer ended. `wrote`: some of what is here came from this peer.
  func end(_ key: BlobKey, from peer: Slot, wrote: Bool, _ ending: Ending) async {
    guard var want = wanted[key] else { return }
    let time = now()
    want.pause()
    if wrote { want.senders.insert(peer) }
    switch ending {
    case .came(isRight: true):
      forget(key)
      log.info("a file came whole", metadata: ["hash": "\(key.hash)", "from": "\(peer)"])
      // It may have been redacted on the way.
      await removeUnnamed([key.hash])
      return await grew()
    case .came(isRight: false):
      want.avoid(peer, until: time + FileWant.pauseAfterWrong)
      if want.wasWrong(from: peer) != nil {
        want.avoid(peer, until: time + Self.shunned)
        flag(peer, "the bytes it sent are not those of \(key.hash)")
      }
    case .refused:
      want.refused(by: peer, at: time)
      // Behind the others: whoever lacks many need not be asked along all of them again.
      if let place = order.firstIndex(of: key) { order.append(order.remove(at: place)) }
    case .broken: want.avoid(peer, until: time + FileWant.pauseAfterBreak)
    case .notStored: isPausedUntil = time + Self.diskPause
    }
    wanted[key] = want
    if want.isOver { giveUp(key) }
  }

  /// Whether a peer may have a piece of a file that is here; counts it.
  func serves(_ range: BlobRange, to peer: Slot) -> Bool {
    served.take(range, by: peer, at: now())
  }

  /// A connection with the peer came about: it may have what it lacked before.
  func met(_ peer: Slot) {
    for key in wanted.keys { wanted[key]?.met(peer) }
  }

  /// A peer sent what nobody may send.
  func broke(_ peer: Slot, _ why: String) {
    shunnedUntil[peer] = now() + Self.shunned
    flag(peer, why)
  }

  private func flag(_ peer: Slot, _ why: String) {
    log.error("slot \(peer) misbehaves in the exchange of files: \(why)")
    flagged(peer)
  }

  // MARK: Telling

  /// How far a file is that is not here. `connected`: peers with a live session.
  func progress(of key: BlobKey, connected: Set<Slot>) -> (isUnderWay: Bool, have: UInt64) {
    guard let want = wanted[key] else { return (!connected.isEmpty, 0) }
    let time = now()
    let mayCome = connected.contains { want.mayAsk($0, at: time) }
    return (want.claimedBy != nil || mayCome, want.have)
  }
}

extension FileWant {
  /// After a connection broke off, before the same peer is asked again, in milliseconds.
  static let pauseAfterBreak: Int64 = 250
  static let pauseAfterWrong: Int64 = 1_000
}
