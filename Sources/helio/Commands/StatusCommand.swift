// `helio status`: how the node is, and what it knows of the other sites.

internal import ArgumentParser

struct StatusCommand: NodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "The node and its sites: state, lag, age of their data, what is unsent.",
    discussion: """
      LAG is what this node knows of and has not applied; UNSENT what the site has not confirmed. \
      DATA AGE says how old this node's picture of the site is.

      Example:
        helio status --json | jq '.sites[] | select(.state == "unreachable")'
      """)

  @OptionGroup var node: NodeOptions

  func run(with client: NodeClient) async throws {
    let report = try await client.get(.helio("node"))["node"]
    let sites = try await client.get(.helio("sites"))["sites"]
    try show(["node": report, "sites": sites]) { terminal in
      Self.head(report, terminal)
      terminal.say()
      terminal.say(SiteTable.table(sites.items))
    }
  }

  private static func head(_ report: JSON, _ terminal: Terminal) {
    let style = terminal.style
    let state = report["state"].text ?? "unknown"
    terminal.say(
      "\(style.bold("Node \(report["node"].shown)")) of office \(report["office"].shown), cluster "
        + "\(report["cluster"].shown), slot \(report["slot"].shown): "
        + style.paint(state, state == "serving" ? .good : .bad))
    if let reason = report["state_reason"].text {
      terminal.say(style.red(Printable.text("Why it does not serve: \(reason)")))
    }
    let clock = report["clock"]
    if let offset = clock["drill_offset_seconds"].integer, offset != 0 {
      let span = Span.text(seconds: abs(offset))
      terminal.say(
        style.loud(
          " DRILL: roster time is moved by \(offset > 0 ? "+" : "-")\(span) (\(offset) s). "
            + "Owners and shifts are not the real ones. "))
    }
    if !clock["trusted"].isNull, !clock["trusted"].flag {
      terminal.say(
        style.loud(
          " CLOCK NOT TRUSTED: off by \(clock["drift_milliseconds"].shown) ms. This node may not "
            + "accept or cover until its clock is mended. "))
    }
    terminal.say(
      "\(report["tickets"].shown) tickets, \(report["conflicts"].shown) conflicts, "
        + "\(report["deltas"].shown) deltas, search behind by \(report["search_lag"].shown)")
    terminal.say(
      "Roster \(report["roster_number"].isNull ? "none" : report["roster_number"].shown), "
        + "node time \(clock["now"].shown), up since \(report["started_at"].shown), "
        + "version \(report["software"].shown)")
    terminal.say(style.dim("Fingerprint \(report["fingerprint"].shown)"))
  }
}

/// The table of sites, shared with `helio link`.
enum SiteTable {
  static func table(_ sites: [JSON]) -> Table {
    var table = Table([
      .left("SITE"), .left("OFFICE"), .left("STATE"), .right("LAG"), .right("DATA AGE"),
      .right("UNSENT"), .right("ROUND TRIP"), .left("LAST HEARD"), .left("ADDRESS"),
    ])
    for site in sites {
      let state = site["state"].text ?? "unknown"
      let isSelf = state == "self"
      table.add([
        Table.Cell(site["node"].shown), Table.Cell(site["office"].shown),
        Table.Cell(state, tone(state)), counted(site["lag"]),
        Table.Cell(site["data_age_seconds"].integer.map(Span.text) ?? "-"),
        isSelf ? "-" : counted(site["unsent"]),
        Table.Cell(site["round_trip_milliseconds"].integer.map { "\($0) ms" } ?? "-"),
        Table.Cell(site["last_heard_at"].shown), Table.Cell(site["address"].shown),
      ])
    }
    return table
  }

  private static func counted(_ value: JSON) -> Table.Cell {
    Table.Cell(value.shown, (value.integer ?? 0) > 0 ? .warning : .plain)
  }

  private static func tone(_ state: String) -> Tone {
    switch state {
    case "self", "connected": .good
    case "connecting", "paused": .warning
    case "unreachable": .bad
    default: .plain
    }
  }
}
