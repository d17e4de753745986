// A failure names the commit it was found at: without it a seed alone replays nothing.

internal import Foundation

/// The commit of the program.
struct SourceCommit {
  let text: String

  /// What was given, else what git says of the tree that the program lies in (a build folder is
  /// inside of it), with `+changes` where files differ from the commit; else `unknown`.
  init(given: String?) {
    text = given ?? Self.described ?? "unknown"
  }

  private static var described: String? {
    guard let program = Bundle.main.executableURL else { return nil }
    let git = Process()
    git.executableURL = URL(filePath: "/usr/bin/env")
    git.arguments = [
      "git", "-c", "safe.directory=*", "-C", program.deletingLastPathComponent().path(),
      "describe", "--always", "--abbrev=12", "--exclude=*", "--dirty=+changes",
    ]
    let output = Pipe()
    git.standardOutput = output
    git.standardError = FileHandle.nullDevice
    guard (try? git.run()) != nil else { return nil }
    let data = (try? output.fileHandleForReading.readToEnd()) ?? Data()
    git.waitUntilExit()
    guard git.terminationStatus == 0 else { return nil }
    let text = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    return text.isEmpty ? nil : text
  }
}
