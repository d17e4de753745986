// What waits for the disk runs beside the threads that all tasks share: on two cores there are two.

internal import Foundation

/// Runs blocking work with files, a few pieces at a time.
struct DiskWork: Sendable {
  private static let atOnce = 4

  private let workers = OperationQueue()

  init() { workers.maxConcurrentOperationCount = Self.atOnce }

  /// Throws what the body throws.
  func run<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { answer in
      workers.addOperation { answer.resume(with: Result(catching: body)) }
    }
  }
}
