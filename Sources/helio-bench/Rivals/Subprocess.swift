// Programs that a rival consists of, run with a bound on their time and nothing to wait for.

internal import Foundation

/// Runs a program to its end; one that takes too long is killed with all that it started.
///
/// Output goes to files, and the end is asked of the system: what a daemon inherits from the
/// program that started it (a pipe, or the socket by which Foundation's Process notices an end)
/// stays open as long as the daemon runs, and waiting for it would hang.
enum Subprocess {
  /// What a run left on standard output. Throws where it failed, or was not done in `seconds`.
  @discardableResult
  static func run(
    _ arguments: [String], seconds: Double, in folder: String, input: String? = nil
  ) async throws -> String {
    let files = RunFiles(in: folder)
    defer { files.remove() }
    try files.prepare(input)
    let name = String(arguments.joined(separator: " ").prefix(200))
    let process = try spawn(arguments, files)
    let watch = Stopwatch()
    var status: Int32 = 0
    while waitpid(process, &status, WNOHANG) == 0 {
      if watch.seconds > seconds {
        kill(-process, SIGKILL)
        waitpid(process, &status, 0)
        throw BenchFailure("\(name): not done in \(BenchReport.fixed(seconds, 1)) s")
      }
      try? await Task.sleep(for: .milliseconds(2))
    }
    // The low bits name the signal that ended it, if one did; above them is the exit code.
    guard status == 0 else {
      throw BenchFailure("\(name) ended with \(status >> 8): \(files.said)")
    }
    return try String(contentsOfFile: files.output, encoding: .utf8)
  }

  /// What a program would have open beside its three: sockets too, and a listener's port would stay
  /// taken for as long as the program runs. Some more, since others open files meanwhile.
  private static var inherited: Range<Int32> {
    let open = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    return 3..<(open.compactMap { Int32($0) }.max() ?? 3) + 64
  }

  /// Starts it in a process group of its own.
  private static func spawn(_ arguments: [String], _ files: RunFiles) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawn_file_actions_addopen(&actions, 0, files.input, O_RDONLY, 0)
    for (handle, path) in [(Int32(1), files.output), (2, files.errors)] {
      posix_spawn_file_actions_addopen(&actions, handle, path, O_WRONLY | O_CREAT, 0o600)
    }
    for handle in inherited { posix_spawn_file_actions_addclose(&actions, handle) }
    var strings = arguments.map { strdup($0) } + [nil]
    defer { for string in strings { free(string) } }
    var process = pid_t()
    let code = posix_spawnp(&process, arguments[0], &actions, &attributes, &strings, environ)
    guard code == 0 else {
      throw BenchFailure("\(arguments[0]) cannot be run: \(String(cString: strerror(code)))")
    }
    return process
  }
}

/// The files of one run: what goes in and what comes out.
private struct RunFiles {
  private let base: String

  init(in folder: String) {
    base = "\(folder)/run-" + String(UInt64.random(in: 0 ... .max), radix: 36)
  }

  var input: String { base + ".in" }
  var output: String { base + ".out" }
  var errors: String { base + ".err" }

  func prepare(_ text: String?) throws {
    try (text ?? "").write(toFile: input, atomically: false, encoding: .utf8)
  }

  /// The end of what it said in failing.
  var said: String {
    let text = [errors, output].compactMap { try? String(contentsOfFile: $0, encoding: .utf8) }
    return String(text.joined().suffix(600))
  }

  func remove() {
    for path in [input, output, errors] { try? FileManager.default.removeItem(atPath: path) }
  }
}
