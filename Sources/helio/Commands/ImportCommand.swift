// `helio import incidents`: brings an incident log into the desk.

internal import ArgumentParser
internal import Foundation
internal import NIOHTTP1

struct ImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Bring in data of other systems.",
    discussion: """
      Example:
        helio import incidents incident_event_log.csv.gz
      """,
    subcommands: [Incidents.self, Zendesk.self])

  struct Incidents: NodeCommand {
    static let configuration = CommandConfiguration(
      abstract: "Import an incident event log (CSV, plain or gzip) with its original dates.",
      discussion: """
        Each row is the whole incident after one update. What an incident already has adds \
        nothing, so the same file can be given again at any time; --resume only saves the time \
        for the rows that were acknowledged. Bad lines are named and do not stop the rest; then \
        the command ends with 3.

        Example:
          helio import incidents incident_event_log.csv.gz --office-map 'Group 70=paris'
        """)

    @Argument(help: ArgumentHelp("The log.", valueName: "file"))
    var file: String

    @Option(
      help: ArgumentHelp(
        "Offices of assignment groups: a file of GROUP=office lines, or such pairs with commas. "
          + "Other groups go by the node's own rule.", valueName: "map"))
    var officeMap: String?

    @Option(help: ArgumentHelp("Only the first so many incidents.", valueName: "number"))
    var limit: Int?

    @Flag(help: "Go on after the last acknowledged row of an interrupted run.")
    var resume = false

    @OptionGroup var node: NodeOptions

    /// A batch may have to wait for the node's disk.
    static let patience: Int64 = 300
    /// Bad lines that are named on a terminal; --json has them all.
    static let badLines = 20

    func validate() throws {
      if let limit, limit < 1 {
        throw ValidationError("--limit is \(limit); it must be 1 or more.")
      }
    }

    func run(with client: NodeClient) async throws {
      let map = try officeMap.map { text throws(Failure) in try OfficeMap.read(text) } ?? [:]
      let log = try IncidentFile(file)
      let terminal = terminal
      var cursor = ImportCursor(
        file: file, size: log.size, node: client.endpoint.name,
        home: ImportCursor.home(ProcessInfo.processInfo.environment))
      let after = resume ? cursor.lastLine() : 0
      if resume {
        terminal.tell(after > 0 ? "Going on after line \(after)." : "Nothing to resume.")
      }
      var bar = Progress("Importing", unit: "rows", isTerminal: terminal.errorIsTerminal)
      var mayKeep = true
      var run = ImportRun(
        file: log, source: URL(fileURLWithPath: file).lastPathComponent, officeMap: map,
        limit: limit, after: after,
        send: { batch throws(Failure) in try await Self.send(batch, client) },
        progress: { standing, isLast in
          if let text = bar.update(standing, width: terminal.errorWidth, isLast: isLast) {
            terminal.write(text)
          }
        },
        keep: { line in
          guard mayKeep else { return }
          mayKeep = cursor.keep(line: line)
          if !mayKeep { terminal.tell("Note: --resume will not work, its file cannot be written.") }
        })
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
      guard run.summary.bad.isEmpty else {
        throw Failure(
          .findings, "\(run.summary.bad.count) lines of \(file) could not be imported.",
          hint: "Mend these lines and run the command again; rows that are there add nothing.")
      }
    }

    private static func send(_ batch: IncidentBatch, _ client: NodeClient) async throws(Failure)
      -> JSON
    {
      let encoder = JSONEncoder()
      encoder.keyEncodingStrategy = .convertToSnakeCase
      encoder.outputFormatting = .withoutEscapingSlashes
      let bytes: [UInt8]
      do { bytes = [UInt8](try encoder.encode(batch)) } catch {
        throw Failure(.failed, "A batch cannot be written as JSON: \(error)")
      }
      return try await client.send(
        .POST, .helio("imports", "incidents"), bytes: bytes, type: "application/json",
        patience: patience)
    }

    private func report(_ summary: ImportSummary) throws {
      try show(try JSON.of(["import": summary])) { terminal in
        if summary.rows == 0, summary.bad.isEmpty, summary.stopped != nil { return }
        terminal.say(
          "\(summary.rows) rows of \(summary.incidents) incidents in "
            + "\(Span.text(seconds: Int64(summary.seconds.rounded()))): \(summary.created) "
            + "tickets created, \(summary.updated) updates, \(summary.unchanged) rows changed "
            + "nothing, \(summary.bad.count) bad lines"
            + (summary.skipped > 0 ? ", \(summary.skipped) rows were there already" : ""))
        for bad in summary.bad.prefix(Self.badLines) {
          terminal.say(
            terminal.style.red("line \(bad.line): ") + Printable.line(bad.reason))
        }
        if summary.bad.count > Self.badLines {
          terminal.say("… and \(summary.bad.count - Self.badLines) more; --json names them all")
        }
      }
    }
  }
}
