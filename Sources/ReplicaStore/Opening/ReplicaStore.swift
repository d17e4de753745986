// The store of one replica: one writing connection, read-only readers, one image in memory.

internal import GRDB
package import ReplicaCore
internal import Synchronization

/// The durable truth of one replica. Opened with ``open(_:)``; safe to share between tasks.
package final class ReplicaStore: Sendable {
  let plan: StorePlan
  let pool: DatabasePool
  private let lock: DirectoryLock
  private let memory: Mutex<Memory>
  private let jobs = Mutex<[@Sendable (Database) -> Void]>([])

  struct Memory: Sendable {
    var image: StoreImage
    var isClosed = false
    /// Why nothing may be written any more, after the disk failed.
    var stopped: String?
  }

  init(plan: StorePlan, pool: DatabasePool, lock: DirectoryLock, image: StoreImage) {
    self.plan = plan
    self.pool = pool
    self.lock = lock
    memory = Mutex(Memory(image: image))
  }

  var image: StoreImage { memory.withLock { $0.image } }
  var isClosed: Bool { memory.withLock { $0.isClosed } }
  /// Why nothing can be written any more, after the disk failed, until the store is opened anew; else
  /// nil.
  package var stopped: String? { memory.withLock { $0.stopped } }

  /// The slot that this replica writes under; nil before ``WriteTransaction/adopt(slot:)``.
  package var slot: Slot? { image.slot }
  /// What is applied and committed.
  package var vector: VersionVector { image.vector }
  /// The vector with the chain hash at each of its dots.
  package var headedVector: HeadedVector {
    let image = image
    return HeadedVector(vector: image.vector, hashes: image.replicas.mapValues(\.hash))
  }
  package var fingerprint: Fingerprint { image.fingerprint }
  /// The hybrid clock as of the last commit.
  package var clock: HybridClock { image.clock }
  /// Deltas in the log, void ones included.
  package var deltaCount: Int64 { image.deltas }
  /// The apply number of the last delta.
  package var appliedNumber: Int64 { image.applied }
  /// Replicas whose further deltas are refused since two deltas were seen under one dot.
  package var frozenSlots: Set<Slot> { image.frozen }
  package var schemaLevel: UInt16 { plan.schema.level }
  package var directory: String { plan.options.directory }
  /// Free bytes of the volume; nil where the system does not say.
  package var freeBytes: Int64? { plan.options.freeBytes(plan.options.directory) }

  /// Runs one transaction: all of it is durable when this returns, or nothing of it happened.
  ///
  /// The body runs on the writing thread. Deltas it made must be sealed before it ends. Throws
  /// what the body throws, or a ``StoreError``.
  package func write<T: Sendable>(
    _ body: @escaping @Sendable (WriteTransaction) throws -> T
  ) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
      post { db in continuation.resume(with: Result { try self.perform(db, body) }) }
    }
  }

  /// Hands a job to the writing thread. Jobs wait in a queue of our own, so that a long backup on
  /// the writing connection can let them through between its steps.
  private func post(_ job: @escaping @Sendable (Database) -> Void) {
    jobs.withLock { $0.append(job) }
    pool.asyncWriteWithoutTransaction { db in self.runJobs(db) }
  }

  /// Runs what waits, in order. Only on the writing thread, outside of any transaction.
  func runJobs(_ db: Database) {
    while let job = jobs.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { job(db) }
  }

  /// ``write(_:)`` for callers without tasks (simulator, tools): it blocks the thread.
  ///
  /// `written` runs when all is written and nothing committed; what it throws ends the transaction
  /// as a failing disk does.
  package func writeNow<T>(
    written: () throws -> Void = {}, _ body: (WriteTransaction) throws -> T
  ) throws -> T {
    try StoreError.mapped {
      try pool.writeWithoutTransaction { db in try perform(db, body, written: written) }
    }
  }

  /// Reads one consistent snapshot on a read-only connection.
  package func read<T: Sendable>(
    _ body: @escaping @Sendable (ReadView) throws -> T
  ) async throws -> T {
    let plan = plan
    do {
      return try await pool.read { db in try body(ReadView(db, plan)) }
    } catch { throw StoreError.mapping(error) }
  }

  /// ``read(_:)`` for callers without tasks: it blocks the thread.
  package func readNow<T>(_ body: (ReadView) throws -> T) throws -> T {
    try StoreError.mapped { try pool.read { db in try body(ReadView(db, plan)) } }
  }

  /// Closes all connections and gives the directory free. The write-ahead log is taken into the
  /// database first, so that the file alone is whole.
  package func close() throws {
    let wasClosed = memory.withLock { memory in
      defer { memory.isClosed = true }
      return memory.isClosed
    }
    guard !wasClosed else { return }
    try StoreError.mapped {
      pool.writeWithoutTransaction { db in _ = try? db.checkpoint(.truncate) }
      try pool.close()
    }
    lock.release()
  }

  private func perform<T>(
    _ db: Database, _ body: (WriteTransaction) throws -> T, written: () throws -> Void = {}
  ) throws -> T {
    let image = try begin()
    do {
      try db.beginTransaction(.immediate)
      let transaction = WriteTransaction(db, plan, image)
      let result = try body(transaction)
      try transaction.finish()
      try written()
      try db.commit()
      memory.withLock { $0.image = transaction.image }
      relieve(db)
      return result
    } catch {
      if db.isInsideTransaction { try? db.rollback() }
      throw stopping(StoreError.mapping(error))
    }
  }

  /// The image to begin with, if anything may be written now.
  private func begin() throws -> StoreImage {
    let now = memory.withLock { $0 }
    guard !now.isClosed else { throw StoreError.closed }
    if let reason = now.stopped { throw StoreError.stopped(reason: reason) }
    if let free = freeBytes, free < StoreLimits.reserveBytes {
      throw StoreError.diskFull(free: free)
    }
    return now.image
  }

  /// A failed disk may have lost what it said it had: nothing more is written until a reopening
  /// has verified the files.
  private func stopping(_ error: any Error) -> any Error {
    switch error {
    case StoreError.ioFailed(let cause), StoreError.damaged(let cause):
      memory.withLock { $0.stopped = cause }
    default: break
    }
    return error
  }
}
