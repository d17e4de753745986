// The driver of one connection for files: asks for what is lacking, serves what is here.

internal import Logging
internal import ReplicaCore
internal import ReplicaStore

/// Runs both halves of the exchange over a channel until either side ends it.
actor BulkLink {
  /// Between two looks at what is to be done, in milliseconds.
  private static let beat: Int64 = 100
  /// How long a piece waits for the live session's messages at most: so many times 20 ms.
  private static let courtesy = 50

  nonisolated let peer: Slot
  private nonisolated let channel: any BulkChannel
  private let keeper: AttachmentKeeper
  private let isLiveBusy: @Sendable () -> Bool
  private let now: @Sendable () -> Instant
  private let log: Logger
  private var asker = BulkAsker()
  private var partial: PartialBlob?
  private var wrote = false
  private var isBeginning = false
  private var lastAnswer = Instant.zero
  private var lastUse = Instant.zero
  /// Requests of the peer that wait to be answered.
  private var waiting = 0
  private nonisolated let outgoing: AsyncStream<Outgoing>
  private nonisolated let post: AsyncStream<Outgoing>.Continuation

  private enum Outgoing: Sendable {
    case ask(BlobRange)
    case serve(BlobRange)
  }

  init(
    peer: Slot, channel: any BulkChannel, keeper: AttachmentKeeper,
    isLiveBusy: @escaping @Sendable () -> Bool, now: @escaping @Sendable () -> Instant,
    log: Logger
  ) {
    self.peer = peer
    self.channel = channel
    self.keeper = keeper
    self.isLiveBusy = isLiveBusy
    self.now = now
    self.log = log
    (outgoing, post) = AsyncStream.makeStream(of: Outgoing.self)
  }

  nonisolated func close(_ reason: String) { channel.close(reason) }

  /// Runs until the connection ends, nothing was asked for some time, or the peer breaks the rules.
  func run() async {
    lastUse = now()
    lastAnswer = lastUse
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.read() }
      group.addTask { await self.write() }
      group.addTask { await self.mind() }
      await group.next()
      post.finish()
      channel.close("the exchange of files ended")
      group.cancelAll()
    }
    await end(.broken)
  }

  // MARK: In

  private func read() async {
    do {
      try await channel.receive { message in try await self.received(message) }
    } catch let fault as BulkFault {
      await keeper.broke(peer, "\(fault)")
    } catch {
      log.debug("a connection for files ended: \(error)")
    }
  }

  private func received(_ message: BulkMessage) async throws {
    lastUse = now()
    switch message {
    case .request(let range):
      waiting += 1
      guard waiting <= 2 * Limits.bulkAhead else { throw BulkFault.tooManyRequests }
      post.yield(.serve(range))
    case .chunk(let hash, let offset, let bytes):
      lastAnswer = now()
      try await take(asker.chunk(hash: hash, offset: offset, count: bytes.count), bytes)
    case .refused(let hash, let reason):
      lastAnswer = now()
      try await take(asker.refused(hash: hash, reason), [])
    }
  }

  private func take(_ step: BulkAsker.Step, _ bytes: [UInt8]) async throws {
    switch step {
    case .stray: break
    case .refused:
      await end(.refused)
      await begin()
    case .write(_, next: let next, isLast: let isLast):
      guard let partial else { return }
      do {
        try partial.append(bytes)
        wrote = true
        for range in next { post.yield(.ask(range)) }
        guard isLast else { return }
        let isRight = try await keeper.disk.run { try partial.finish() }
        await end(.came(isRight: isRight))
        await begin()
      } catch {
        log.warning("a file cannot be taken in: \(error)")
        await end(.notStored)
        // What is under way is of no use, and would be taken for answers to what is asked next.
        throw error
      }
    }
  }

  /// Gives the file that is being fetched back to the keeper.
  private func end(_ ending: AttachmentKeeper.Ending) async {
    guard let partial else { return }
    self.partial = nil
    await keeper.end(partial.key, from: peer, wrote: wrote, ending)
  }

  // MARK: Out

  private func write() async {
    for await item in outgoing {
      do {
        switch item {
        case .ask(let range): try await channel.send(.request(range))
        case .serve(let range):
          await giveWay()
          try await channel.send(await piece(range))
          waiting -= 1
          lastUse = now()
        }
      } catch {
        log.debug("a connection for files broke: \(error)")
        return
      }
    }
  }

  /// Live messages go first; but a file does not wait for ever behind a stream of them.
  private func giveWay() async {
    for _ in 0..<Self.courtesy where isLiveBusy() {
      try? await Task.sleep(for: .milliseconds(20))
    }
  }

  private func piece(_ range: BlobRange) async -> BulkMessage {
    do {
      guard let file = try keeper.blobs.file(range.key), await keeper.serves(range, to: peer) else {
        return .refused(hash: range.key.hash, .notHere)
      }
      let bytes = try file.read(range.length, at: range.offset)
      guard bytes.count == range.length else { return .refused(hash: range.key.hash, .unreadable) }
      return .chunk(hash: range.key.hash, offset: range.offset, bytes: bytes)
    } catch {
      log.error("a file cannot be read: \(error)")
      return .refused(hash: range.key.hash, .unreadable)
    }
  }

  // MARK: Time

  private func mind() async {
    while !Task.isCancelled {
      await begin()
      let time = now()
      if asker.isWaiting {
        guard time - lastAnswer < Limits.bulkPatience else {
          log.notice("slot \(peer) does not answer for a file; another is asked")
          return
        }
      } else if partial == nil, waiting == 0, time - lastUse > Limits.bulkIdle {
        return
      }
      try? await Task.sleep(for: .milliseconds(Self.beat))
    }
  }

  /// Takes the next file that this peer may have, where none is being fetched.
  private func begin() async {
    guard partial == nil, !isBeginning else { return }
    isBeginning = true
    defer { isBeginning = false }
    guard let next = await keeper.claim(for: peer) else { return }
    partial = next
    wrote = false
    lastUse = now()
    if !asker.isWaiting { lastAnswer = lastUse }
    if next.isWhole {
      // It came whole before this process ended.
      guard let isRight = try? await keeper.disk.run({ try next.finish() }) else {
        return await end(.notStored)
      }
      return await end(.came(isRight: isRight))
    }
    for range in asker.begin(next.key, have: next.have) { post.yield(.ask(range)) }
  }
}
