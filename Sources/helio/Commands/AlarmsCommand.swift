// `helio alarms`: what a person must look at.

internal import ArgumentParser

struct AlarmsCommand: NodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "alarms",
    abstract: "What a person must look at, oldest first.",
    discussion: """
      Example:
        helio alarms --json | jq '.alarms | length'
      """)

  @OptionGroup var node: NodeOptions

  func run(with client: NodeClient) async throws {
    let alarms = try await client.list(.helio("alarms"), key: "alarms").rows
    try show(["alarms": .list(alarms)]) { terminal in
      var table = Table([
        .left("SINCE"), .left("SEVERITY"), .left("KIND"), .left("OFFICE"), .right("TICKET"),
        .flexible("WHAT"),
      ])
      for alarm in alarms {
        // Who has taken notice, so that nobody calls twice.
        let seen = alarm["acknowledged"].items.map { " [seen by \($0["agent"].shown)]" }.joined()
        table.add([
          Table.Cell(alarm["raised_at"].shown), Table.Cell(alarm["severity"].shown),
          Table.Cell(alarm["kind"].shown, .bad), Table.Cell(alarm["office"].shown),
          Table.Cell(alarm["ticket_id"].shown), Table.Cell(alarm["message"].shown + seen),
        ])
      }
      if table.rows.isEmpty {
        terminal.say("No alarms.")
      } else {
        terminal.say(table)
      }
    }
  }
}
