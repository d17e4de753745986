// `helio import zendesk`: brings a Zendesk export into the desk.

internal import ArgumentParser
internal import Foundation
internal import NIOHTTP1

extension ImportCommand {
  struct Zendesk: NodeCommand {
    static let configuration = CommandConfiguration(
      commandName: "zendesk",
      abstract: "Import a folder of a Zendesk export with its original dates.",
      discussion: """
        The folder holds organizations, groups, users, group_memberships, ticket_fields, tickets, \
        ticket_comments (or ticket_events, ticket_audits) and macros as JSON lines, JSON arrays, \
        or the pages of Zendesk's API, plain or gzip. Rows are found again by their ids there: the \
        same folder, or a newer export, can be given at any time and adds only what is new. \
        Nothing is sent to anybody, and no rule acts on what comes in. What was left out is \
        reported; where rows could not be taken the command ends with 3.

        Example:
          helio import zendesk ./zendesk-export --office paris
        """)

    @Argument(help: ArgumentHelp("The folder.", valueName: "folder"))
    var folder: String

    @Option(
      help: ArgumentHelp(
        "Office of the agents, and home of the tickets; without it the importing user's.",
        valueName: "code"))
    var office: String?

    @Flag(help: "Go on after the last acknowledged row of an interrupted run.")
    var resume = false

    @OptionGroup var node: NodeOptions

    /// Findings that are named on a terminal; --json has them all.
    static let findings = 20
    /// A batch may have to wait for the node's disk.
    static let patience: Int64 = 300

    func validate() throws {
      if let office, !office.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") })
      {
        throw ValidationError("--office is '\(office)'; a code has a-z, 0-9 and -.")
      }
    }

    func run(with client: NodeClient) async throws {
      let export = try ZendeskFolder(folder)
      let terminal = terminal
      var cursor = ImportCursor(
        file: folder, size: export.files.reduce(0) { $0 + $1.size }, node: client.endpoint.name,
        home: ImportCursor.home(ProcessInfo.processInfo.environment))
      let after = resume ? cursor.lastLine() : 0
      if resume {
        terminal.tell(after > 0 ? "Going on after \(after) rows." : "Nothing to resume.")
      }
      var bar = Progress("Importing", unit: "rows", isTerminal: terminal.errorIsTerminal)
      var run = ZendeskRun(
        folder: export, office: office, after: after,
        send: { body throws(Failure) in
          try await client.send(
            .POST, .helio("imports", "zendesk"), bytes: body, type: "application/json",
            patience: Self.patience)
        },
        progress: { standing, isLast in
          if let text = bar.update(standing, width: terminal.errorWidth, isLast: isLast) {
            terminal.write(text)
          }
        },
        keep: { rows in _ = cursor.keep(line: rows) })
      do throws(Failure) {
        try await run.run()
      } catch {
        try report(run.summary)
        var failure = error
        if failure.hint.isEmpty {
          failure.hint = "Run the command again with --resume once the cause is mended."
        }
        throw failure
      }
      cursor.clear()
      try report(run.summary)
      guard run.summary.badCount == 0 else {
        throw Failure(
          .findings, "\(run.summary.badCount) rows of \(folder) could not be imported.",
          hint: "Mend what is named and run the command again; rows that are there add nothing.")
      }
    }

    private func report(_ summary: ZendeskSummary) throws {
      try show(try JSON.of(["import": summary])) { terminal in
        for kind in ZendeskKind.allCases {
          guard let count = summary.kinds[kind.rawValue] else { continue }
          terminal.say(
            "\(kind.rawValue): \(count.rows) rows, \(count.created) created, \(count.updated) "
              + "updated, \(count.unchanged) were there already or are left out, \(count.bad) "
              + "bad, \(count.warnings) warnings")
        }
        for (title, findings) in [("not taken", summary.bad), ("note", summary.warnings)] {
          for finding in findings.prefix(Self.findings) {
            terminal.say(
              terminal.style.red("\(title): ") + Printable.line(finding.file)
                + ", row \(finding.row): " + Printable.line(finding.reason))
          }
          if findings.count > Self.findings {
            terminal.say("… and \(findings.count - Self.findings) more; --json names them all")
          }
        }
        for file in summary.unknownFiles { terminal.say("not read: " + Printable.line(file)) }
      }
    }
  }
}
