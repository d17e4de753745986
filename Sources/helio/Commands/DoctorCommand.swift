// `helio doctor`: looks at a data directory and says what ails it.

internal import ArgumentParser
internal import NodeRuntime

struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Examine the node of a data directory; works whether it runs or not.",
    discussion: """
      Ends with 3 where something is bad.

      Example:
        helio doctor --data /srv/heliotrope
      """)

  @OptionGroup var data: DataOption

  @Flag(help: "Print the findings as JSON.")
  var json = false

  func run() async throws {
    let terminal = Terminal.current
    let findings = await NodeFunctions.shipped.examine(data.directory)
    if json {
      terminal.say(try JSON.of(["findings": findings]).pretty())
    } else {
      show(findings, terminal)
    }
    let bad = findings.count { $0.level == .bad }
    guard bad == 0 else {
      throw Failure(
        .findings, "\(bad) of \(findings.count) checks of \(data.directory) are bad.",
        hint: "Do what the list says, then run helio doctor again.")
    }
  }

  private func show(_ findings: [Finding], _ terminal: Terminal) {
    var table = Table([.left("CHECK"), .left("VERDICT"), .left("WHAT")])
    for finding in findings {
      table.add([
        Table.Cell(finding.check), Table.Cell(finding.level.rawValue, tone(finding.level)),
        Table.Cell(finding.message),
      ])
    }
    terminal.say(table)
    for finding in findings where !finding.hint.isEmpty {
      terminal.say("\(terminal.style.bold(finding.check)): \(Printable.text(finding.hint))")
    }
  }

  private func tone(_ level: Finding.Level) -> Tone {
    switch level {
    case .fine: .good
    case .warning: .warning
    case .bad: .bad
    }
  }
}
