// GRDB's errors end here: what leaves the store is a StoreError or the caller's own error.

internal import GRDB

extension StoreError {
  /// The store's error for one of SQLite; any other error is passed through.
  static func mapping(_ error: any Error) -> any Error {
    guard let error = error as? DatabaseError else { return error }
    let text = "\(error.message ?? "no message") (\(error.extendedResultCode.rawValue))"
    switch error.resultCode {
    case .SQLITE_FULL: return StoreError.diskFull(free: nil)
    case .SQLITE_IOERR: return StoreError.ioFailed(cause: text)
    case .SQLITE_CORRUPT, .SQLITE_NOTADB: return StoreError.damaged(detail: text)
    case .SQLITE_BUSY, .SQLITE_LOCKED: return StoreError.busy(cause: text)
    default:
      return StoreError.database(code: error.resultCode.rawValue, message: "\(error)")
    }
  }

  /// Runs `body` and maps what it throws.
  static func mapped<T>(_ body: () throws -> T) throws -> T {
    do { return try body() } catch { throw mapping(error) }
  }
}
