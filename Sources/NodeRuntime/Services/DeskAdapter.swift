// The desk as the API sees it: the mutation door for changes, read-only connections for reads.

internal import AgentAPI
internal import HelpdeskDomain
internal import ReplicaCore
internal import ReplicaStore

/// Puts door and store behind ``DeskService``.
struct DeskAdapter: DeskService {
  var store: ReplicaStore
  var door: MutationDoor
  var clock: NodeClock
  var offices: @Sendable () -> OfficeFacts
  var feed: DeskFeed
  var duty: DutyDesk
  /// Files that comments may take.
  var uploads: UploadBook

  func submit(_ command: DeskCommand, as actor: Actor) async throws(DeskFailure) -> Receipt {
    do {
      let command = try await withFiles([command], as: actor)[0]
      let accepted = try await door.submit(command, as: actor)
      uploads.settle(command)
      return Receipt(accepted)
    } catch { throw Self.failure(error) }
  }

  func submit(
    all commands: [DeskCommand], as actor: Actor
  ) async -> [Result<Receipt, DeskFailure>] {
    let filled: [DeskCommand]
    do { filled = try await withFiles(commands, as: actor) } catch {
      let failure = Self.failure(error)
      return commands.map { _ in .failure(failure) }
    }
    let results = await door.submit(all: filled, as: actor)
    for (command, result) in zip(filled, results) {
      if case .success = result { uploads.settle(command) }
    }
    return results.map { result in
      result.map(Receipt.init).mapError(Self.failure)
    }
  }

  /// The commands of one request with the files that they take.
  private func withFiles(
    _ commands: [DeskCommand], as actor: Actor
  ) async throws -> [DeskCommand] {
    let now = clock.now
    return try await commands.map { uploads.filled($0, as: actor, now: now) }
      .withOwnFiles { count in
        try await store.write { transaction in
          try (0..<count).map { _ in try transaction.newRowID() }
        }
      }
  }

  func version() async throws(DeskFailure) -> VersionVector { store.vector }

  func events(after number: Int64?) async -> AsyncStream<NumberedEvent> {
    guard let number else { return feed.subscribe(in: store) }
    return await feed.subscribe(after: number, in: store)
  }

  /// Runs a read; store errors become what the API can tell.
  func read<T: Sendable>(
    _ body: @escaping @Sendable (ReadView) throws -> T
  ) async throws(DeskFailure) -> T {
    do { return try await store.read(body) } catch { throw Self.failure(error) }
  }

  static func failure(_ error: any Error) -> DeskFailure {
    switch error {
    case let failure as DeskFailure: return failure
    case let refusal as Refusal: return .refused(refusal)
    case StoreError.diskFull: return .refused(.storageFull)
    case StoreError.badCursor:
      return .refused(
        .invalid([
          FieldProblem(
            "page", .invalidValue,
            "page: the cursor is not one of this list; begin again without a cursor")
        ]))
    case StoreError.deltaTooLarge(let bytes, let maximum):
      return .refused(
        .overLimit(
          limit: "bytes of one change", value: Int64(bytes), maximum: Int64(maximum)))
    case let error as StoreError:
      return .failed(
        OperationalError(
          code: error.code, message: error.message, hint: error.hint, cause: "\(error)"))
    default:
      return .failed(
        OperationalError(
          code: "InternalFault", message: "The node could not do this.",
          hint: "The node's log has the cause; `helio doctor` looks at the data directory.",
          cause: "\(error)"))
    }
  }
}

extension Receipt {
  fileprivate init(_ accepted: Accepted) {
    self.init(delta: accepted.delta, applied: accepted.applied, created: accepted.created)
  }
}
