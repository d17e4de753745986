// What is known of a file that rows name and that is not here.

internal import ReplicaCore
internal import ReplicaStore

/// One file that this node lacks.
struct FileWant: Sendable {
  /// Between two questions to a peer that did not have it: from, up to, in milliseconds.
  private static let askAgain: (first: Int64, last: Int64) = (2_000, 30_000)

  let key: BlobKey
  /// What came of it, while a peer is sending it.
  var partial: PartialBlob?
  /// Bytes that were here when the last try ended; nil before the first.
  private(set) var had: UInt64?
  /// Bytes that an earlier run of this process left.
  private let onDisk: UInt64
  /// The peer that is sending it.
  var claimedBy: Slot?
  /// Peers that sent parts of what is here.
  var senders: Set<Slot> = []
  /// A part was here already when this process began: nobody can be blamed for it.
  var hasForeignPart = false
  /// Nothing names it any more.
  var isOver = false
  /// Parts of several peers made no whole: from now on each try has one sender.
  var isFromOne = false
  /// Peers that are not asked before a time, and how often they did not have it.
  private var notBefore: [Slot: Instant] = [:]
  private var refusals: [Slot: Int] = [:]

  init(_ key: BlobKey, onDisk: UInt64 = 0) {
    self.key = key
    self.onDisk = onDisk
  }

  /// Bytes that are here.
  var have: UInt64 { partial?.have ?? had ?? onDisk }

  /// A peer begins to send it.
  mutating func begin(_ partial: PartialBlob, from peer: Slot) throws {
    if had == nil { hasForeignPart = partial.have > 0 }
    if isFromOne, !senders.isSubset(of: [peer]) {
      try partial.discard()
      senders = []
    }
    self.partial = partial
    claimedBy = peer
  }

  /// The try ended; what came stays on the disk.
  mutating func pause() {
    had = have
    if had == 0 { partial?.remove() }
    partial = nil
    claimedBy = nil
  }

  func mayAsk(_ peer: Slot, at now: Instant) -> Bool { (notBefore[peer] ?? .zero) <= now }

  mutating func refused(by peer: Slot, at now: Instant) {
    let times = min(refusals[peer] ?? 0, 8)
    refusals[peer] = times + 1
    notBefore[peer] = now + min(Self.askAgain.first << Int64(times), Self.askAgain.last)
  }

  mutating func avoid(_ peer: Slot, until time: Instant) { notBefore[peer] = time }

  /// The peer called: it may have the file by now.
  mutating func met(_ peer: Slot) {
    if refusals.removeValue(forKey: peer) != nil { notBefore[peer] = nil }
  }

  /// What came was not the file. Returns who alone sent it, where that is certain.
  mutating func wasWrong(from peer: Slot) -> Slot? {
    let culprit = !hasForeignPart && senders == [peer] ? peer : nil
    isFromOne = true
    hasForeignPart = false
    senders = []
    return culprit
  }
}
