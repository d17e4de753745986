// Why a command did not succeed: what happened, against which rule, and what to do.

/// What the process ends with. Scripts tell these apart; docs/CLI.md explains them.
enum ExitStatus: Int32, CaseIterable, Sendable {
  case success = 0
  /// The node, or this machine, refused or failed; nothing was done.
  case failed = 1
  /// No node answers there.
  case notRunning = 2
  /// The command did its work and found something that is not in order.
  case findings = 3
  /// The command line itself is wrong.
  case usage = 64
}

/// The one error type that commands throw.
struct Failure: Error, Hashable, Sendable {
  var status: ExitStatus
  /// What happened, and against which rule or limit.
  var message: String
  /// One line per problem, such as the fields that a node refused.
  var details: [String]
  /// What to do; empty where the message says it already.
  var hint: String
  /// The node's own name for it, such as `ForeignTicket`.
  var name: String?

  init(_ status: ExitStatus, _ message: String, details: [String] = [], hint: String = "") {
    self.status = status
    self.message = message
    self.details = details
    self.hint = hint
  }

  /// The lines for standard error.
  func rendered(_ style: Style) -> String {
    var lines = [style.red("error: ") + Printable.text(message)]
    lines += details.map { "  - " + Printable.line($0) }
    if !hint.isEmpty { lines.append(style.bold("what to do: ") + Printable.text(hint)) }
    return lines.joined(separator: "\n")
  }
}
