// `helio roster apply|show|coverage`: who works when.

internal import ArgumentParser
internal import Foundation
internal import NIOHTTP1

struct RosterCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "roster",
    abstract: "Publish rosters and see what they cover.",
    discussion: """
      Example:
        helio roster coverage --week 2026-W12
      """,
    subcommands: [Apply.self, Show.self, Coverage.self])

  struct Apply: NodeCommand {
    static let configuration = CommandConfiguration(
      abstract: "Check a roster file (TOML) and publish it.",
      discussion: """
        The first roster takes effect at once, later ones a day later, or at once with \
        --emergency. Nothing is published where the node finds a problem.

        Example:
          helio roster apply roster.toml
        """)

    @Argument(help: ArgumentHelp("TOML file; - is standard input.", valueName: "file"))
    var file: String

    @Flag(help: "Takes effect at once, not a day later.")
    var emergency = false

    @OptionGroup var node: NodeOptions

    func run(with client: NodeClient) async throws {
      let text = try TextFile.read(file)
      let answer = try await client.send(
        .PUT, .helio("roster").with("emergency", emergency ? "true" : nil),
        bytes: [UInt8](text.utf8), type: "application/toml")
      try show(answer) { RosterCommand.people(answer["roster"], $0) }
    }
  }

  struct Show: NodeCommand {
    static let configuration = CommandConfiguration(
      abstract: "The roster in force, and what is not right about it.",
      discussion: """
        Example:
          helio roster show
        """)
    @OptionGroup var node: NodeOptions

    func run(with client: NodeClient) async throws {
      let answer = try await client.get(.helio("roster"))
      let report = answer["roster"]
      try show(answer) { terminal in
        guard !report.isNull else {
          terminal.say("No roster has been published; every ticket stays with its home office.")
          return
        }
        RosterCommand.people(report, terminal)
      }
    }
  }

  private static func people(_ report: JSON, _ terminal: Terminal) {
    let style = terminal.style
    terminal.say(
      style.bold("Roster \(report["number"].shown)") + ", published "
        + "\(report["published_at"].shown), in force from \(report["effective_at"].shown)"
        + (report["emergency"].flag ? style.yellow(" (emergency)") : ""))
    terminal.say("Offices: \(report["offices"].shown)")
    terminal.say("Groups: \(report["groups"].shown)")
    for warning in report["warnings"].items {
      terminal.say(style.yellow("Warning: ") + Printable.text(warning.shown))
    }
    guard let text = report["publication"].text,
      let publication = JSON.parse([UInt8](text.utf8))
    else { return }
    terminal.say()
    RosterView.show(publication["rules"], terminal)
  }

  /// `*` stands for all groups that have no shifts of their own.
  static func groupName(_ name: JSON) -> String {
    name.text == "*" ? "all other groups" : name.shown
  }
}

extension RosterCommand {
  struct Coverage: NodeCommand {
    static let configuration = CommandConfiguration(
      abstract: "Covered hours of a week, gaps and overlaps; times in UTC.",
      discussion: """
        Example:
          helio roster coverage --week 2026-W12 --group Support
        """)

    @Option(
      help: ArgumentHelp("ISO week (default: this one).", valueName: "yyyy-Www"),
      transform: Input.week)
    var week: String?

    @Option(help: ArgumentHelp("Only this group.", valueName: "name"))
    var group: String?

    @OptionGroup var node: NodeOptions

    func run(with client: NodeClient) async throws {
      var answer = try await client.get(.helio("coverage").with("week", week))
      if let group {
        answer = ["coverage": try Self.only(group, answer["coverage"])]
      }
      try show(answer) { Self.people(answer["coverage"], $0) }
    }

    static func only(_ name: String, _ report: JSON) throws(Failure) -> JSON {
      let groups = report["groups"].items
      let wanted = groups.filter { $0["group"].text?.lowercased() == name.lowercased() }
      guard !wanted.isEmpty else {
        throw Failure(
          .failed, "The roster has no group called \(name).",
          hint: "Groups of the roster: "
            + groups.compactMap { $0["group"].text }.joined(separator: ", "))
      }
      var members = report.members
      members["groups"] = .list(wanted)
      return .object(members)
    }

    private static func people(_ report: JSON, _ terminal: Terminal) {
      terminal.say(terminal.style.bold("Week \(report["week"].shown), UTC"))
      for group in report["groups"].items {
        let days = group["days"].items
        let whole = Int64(max(1, days.count)) * 1_440
        let covered = group["covered_minutes"].integer ?? 0
        terminal.say()
        terminal.say(
          terminal.style.bold(Printable.line(RosterCommand.groupName(group["group"]))) + ": "
            + terminal.style.paint(
              "\(hours(covered)) of \(hours(whole))", covered >= whole ? .good : .warning))
        var table = Table([.left("DAY"), .right("COVERED")])
        for day in days {
          let minutes = day["covered_minutes"].integer ?? 0
          table.add([
            Table.Cell(day["date"].shown),
            Table.Cell(hours(minutes), minutes >= 1_440 ? .good : .warning),
          ])
        }
        terminal.say(table)
        spans("gap", group["gaps"].items, .bad, terminal)
        spans("overlap", group["overlaps"].items, .quiet, terminal)
      }
    }

    private static func spans(
      _ word: String, _ spans: [JSON], _ tone: Tone, _ terminal: Terminal
    ) {
      for span in spans {
        let offices = span["offices"].items.map(\.shown).joined(separator: " + ")
        let line =
          "\(word) \(span["from"].shown) to \(span["to"].shown)"
          + (offices.isEmpty ? "" : ": \(offices)")
        terminal.say("  " + terminal.style.paint(Printable.line(line), tone))
      }
    }

    /// `23.5 h`, one decimal.
    static func hours(_ minutes: Int64) -> String {
      let tenths = (minutes * 10 + 30) / 60
      return "\(tenths / 10).\(tenths % 10) h"
    }
  }
}
