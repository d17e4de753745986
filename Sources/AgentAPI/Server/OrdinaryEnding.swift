// Whoever stops a node shall not read of errors where none is: what the server library says then.

internal import Logging

/// Passes on what is logged; two errors that the library logs at every ordinary end of a listener
/// become `debug`.
struct OrdinaryEnding: LogHandler {
  /// The listener was cancelled; and its port was closed before it was told to close it.
  static let messages: Set<String> = [
    "Waiting on child channel: CancellationError()", "Server shutdown error: Already closed",
  ]

  private var base: any LogHandler

  /// The same logger, with those two lines hidden.
  static func hidden(in logger: Logger) -> Logger {
    var logger = logger
    logger.handler = OrdinaryEnding(base: logger.handler)
    return logger
  }

  private init(base: any LogHandler) { self.base = base }

  func log(event: LogEvent) {
    guard event.level == .error, Self.messages.contains(event.message.description) else {
      return base.log(event: event)
    }
    guard logLevel <= .debug else { return }
    var event = event
    event.level = .debug
    base.log(event: event)
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { base[metadataKey: key] }
    set { base[metadataKey: key] = newValue }
  }

  var metadata: Logger.Metadata {
    get { base.metadata }
    set { base.metadata = newValue }
  }

  var metadataProvider: Logger.MetadataProvider? {
    get { base.metadataProvider }
    set { base.metadataProvider = newValue }
  }

  var logLevel: Logger.Level {
    get { base.logLevel }
    set { base.logLevel = newValue }
  }
}
