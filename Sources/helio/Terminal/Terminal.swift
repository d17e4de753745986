// Where output goes and what it is: a terminal with a person, or a pipe with a program.

internal import Foundation

/// The three standard streams as this process found them.
struct Terminal: Sendable {
  let outputIsTerminal: Bool
  let errorIsTerminal: Bool
  let inputIsTerminal: Bool
  /// For standard output.
  let style: Style
  /// For standard error.
  let errorStyle: Style

  static let current = Terminal(environment: ProcessInfo.processInfo.environment)

  init(environment: [String: String]) {
    outputIsTerminal = isatty(STDOUT_FILENO) == 1
    errorIsTerminal = isatty(STDERR_FILENO) == 1
    inputIsTerminal = isatty(STDIN_FILENO) == 1
    style = Style(
      isColoured: Style.wantsColour(isTerminal: outputIsTerminal, environment: environment))
    errorStyle = Style(
      isColoured: Style.wantsColour(isTerminal: errorIsTerminal, environment: environment))
  }

  /// The columns of the terminal that shows standard output; nil where it is none.
  var width: Int? {
    guard outputIsTerminal else { return nil }
    return Self.columns(of: STDOUT_FILENO)
  }

  /// The columns of the terminal that shows standard error.
  var errorWidth: Int { Self.columns(of: STDERR_FILENO) ?? 80 }

  /// Writes a line to standard output.
  func say(_ line: String = "") { print(line) }

  func say(_ table: Table) { print(table.rendered(style, width: width)) }

  /// Writes a line to standard error: what is for the person and not for the next program.
  func tell(_ line: String) { write(line + "\n") }

  /// Writes to standard error as it is.
  func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

  /// Asks a question that only "yes" answers. Where nobody can be asked, the answer is no.
  func confirm(_ question: String) -> Bool {
    guard inputIsTerminal, errorIsTerminal else { return false }
    write("\(question) [y/N] ")
    let answer = (readLine() ?? "").trimmingCharacters(in: .whitespaces).lowercased()
    return answer == "y" || answer == "yes"
  }

  /// Asks for a secret without showing it. Nil at the end of input.
  func secret(_ question: String) -> String? {
    write(question)
    var before = termios()
    guard tcgetattr(STDIN_FILENO, &before) == 0 else { return nil }
    var hidden = before
    hidden.c_lflag &= ~tcflag_t(ECHO)
    guard tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) == 0 else { return nil }
    defer {
      tcsetattr(STDIN_FILENO, TCSAFLUSH, &before)
      write("\n")
    }
    return readLine()
  }

  private static func columns(of descriptor: Int32) -> Int? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }
}
