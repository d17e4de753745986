// Which node a command talks to: the one on this machine, or one at a URL.

internal import Foundation

/// Where the requests go.
enum Endpoint: Hashable, Sendable {
  /// The operator's socket in a data directory.
  case directory(String)
  /// An agent's access: base URL, API token, and the CA file to trust (nil: the system's).
  case url(String, token: String, ca: String?)

  /// The socket's name in the data directory.
  static let socketName = "helio.sock"
  /// sun_path holds 108 bytes on Linux, the ending zero included.
  static let socketPathBytes = 107

  /// What messages call it.
  var name: String {
    switch self {
    case .directory(let path): path
    case .url(let url, _, _): url
    }
  }

  var socketPath: String? {
    guard case .directory(let path) = self else { return nil }
    return URL(fileURLWithPath: path, isDirectory: true).appendingPathComponent(Self.socketName)
      .path
  }

  /// The base of every request, without a slash at the end. Throws where no node can be there.
  func base() throws(Failure) -> String {
    switch self {
    case .url(let url, _, _):
      return url.hasSuffix("/") ? String(url.dropLast()) : url
    case .directory(let path):
      let socket = socketPath ?? path
      try Self.check(socket, in: path)
      guard
        let escaped = socket.addingPercentEncoding(withAllowedCharacters: NodePath.unreserved)
      else {
        throw Failure(.failed, "The path \(socket) cannot be written as a URL.")
      }
      return "http+unix://\(escaped)"
    }
  }

  private static func check(_ socket: String, in directory: String) throws(Failure) {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: directory, isDirectory: &isDirectory),
      isDirectory.boolValue
    else {
      throw Failure(
        .notRunning, "There is no data directory \(directory), so no node runs on it.",
        hint: "Name the directory with --data or HELIO_DATA, or make a node there: "
          + "helio init --data \(directory) … or helio join --data \(directory) TOKEN")
    }
    guard socket.utf8.count <= socketPathBytes else {
      throw Failure(
        .failed,
        "The path of the operator's socket has \(socket.utf8.count) bytes; the system takes "
          + "\(socketPathBytes): \(socket)",
        hint: "Use a data directory with a shorter path.")
    }
    guard access(directory, X_OK) == 0 else {
      throw Failure(
        .failed, "This user may not enter the data directory \(directory).",
        hint: "Run the command as the node's user, or use --url and --token as an agent.")
    }
    guard FileManager.default.fileExists(atPath: socket) else { throw notRunning(directory) }
  }

  static func notRunning(_ directory: String) -> Failure {
    Failure(
      .notRunning, "No node is running on \(directory): nothing answers on its \(socketName).",
      hint: "Start it: helio serve --data \(directory)")
  }
}
