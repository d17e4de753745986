// The port that the system chose for a listener, known once it is open.

internal import Synchronization

/// A port to be filled in later.
final class PortBox: Sendable {
  private let port = Mutex(0)

  var value: Int { port.withLock { $0 } }
  func set(_ value: Int) { port.withLock { $0 = value } }
}
