// `helio ticket show`.

internal import ArgumentParser

struct TicketShow: NodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "A ticket with its owner and its comments, and its history with --history.",
    discussion: """
      Example:
        helio ticket show 120001 --history
      """)

  @OptionGroup var ticket: TicketNumber

  @Flag(help: "Every change: who, when, from where.")
  var history = false

  @OptionGroup var node: NodeOptions

  func run(with client: NodeClient) async throws {
    let number = String(ticket.id)
    let shown = try await client.get(
      .desk("tickets", number).with("include", "users,groups").naming(ticket: ticket.id))
    let owner = try await client.owners(of: [ticket.id])[ticket.id] ?? .null
    var comments = try await client.list(
      .desk("tickets", number, "comments").with("include", "users"), key: "comments")
    comments.add(names: shown)
    var members: [String: JSON] = [
      "ticket": shown["ticket"], "ownership": owner, "comments": .list(comments.rows),
    ]
    if history {
      let audits = try await client.list(
        .desk("tickets", number, "audits").with("include", "users"), key: "audits")
      comments.names.merge(audits.names) { first, _ in first }
      members["audits"] = .list(audits.rows)
    }
    let answer = JSON.object(members)
    try show(answer) { people(answer, comments.names, $0) }
  }

  private func people(_ answer: JSON, _ names: [Int64: String], _ terminal: Terminal) {
    head(answer["ticket"], answer["ownership"], names, terminal)
    for comment in answer["comments"].items {
      let isPublic = comment["public"].flag
      terminal.say()
      terminal.say(
        terminal.style.bold(
          Printable.line(TicketView.person(comment["author_id"], names)))
          + " \(comment["created_at"].shown) "
          + terminal.style.paint(isPublic ? "public" : "private note", isPublic ? .quiet : .warning)
      )
      terminal.say(Printable.text(comment["body"].shown))
    }
    guard history else { return }
    terminal.say()
    terminal.say(terminal.style.bold("History"))
    for audit in answer["audits"].items {
      let author = Printable.line(TicketView.person(audit["author_id"], names))
      let origin = audit["via"]["channel"].text.map { " via \($0)" } ?? ""
      terminal.say("\(audit["created_at"].shown) \(author)\(Printable.line(origin))")
      for event in audit["events"].items { terminal.say("  " + Self.event(event)) }
    }
  }

  private func head(
    _ row: JSON, _ owner: JSON, _ names: [Int64: String], _ terminal: Terminal
  ) {
    let style = terminal.style
    terminal.say(
      style.bold("#\(row["id"].shown) \(Printable.line(row["subject"].shown))"))
    var table = Table([.left("FIELD"), .flexible("VALUE")])
    table.add(["status", TicketView.status(row["status"])])
    table.add(["priority", TicketView.priority(row["priority"])])
    table.add(["type", Table.Cell(row["type"].shown)])
    table.add(["requester", Table.Cell(TicketView.person(row["requester_id"], names))])
    table.add(["group", Table.Cell(TicketView.person(row["group_id"], names))])
    table.add([
      "assignee",
      Table.Cell(
        TicketView.person(row["assignee_id"], names)
          + (owner["assignee_off_shift"].flag ? " (off shift)" : "")),
    ])
    if !row["tags"].items.isEmpty { table.add(["tags", Table.Cell(row["tags"].shown)]) }
    if !row["due_at"].isNull { table.add(["due", Table.Cell(row["due_at"].shown)]) }
    table.add(["created", Table.Cell(row["created_at"].shown)])
    table.add(["updated", Table.Cell(row["updated_at"].shown)])
    if !owner.isNull {
      table.add([
        "owner", Table.Cell(Self.owner(owner), owner["in_transit"].flag ? .warning : .good),
      ])
    }
    terminal.say(table)
  }

  static func owner(_ owner: JSON) -> String {
    var parts = ["\(owner["office"].shown) (\(owner["reason"].shown))"]
    if owner["in_transit"].flag { parts.append("in transit: not yet seen by that office") }
    parts.append(owner["moves_on"].flag ? "moves on" : "stays at \(owner["home"].shown)")
    if let until = owner["until"].text { parts.append("until \(until)") }
    if let wake = owner["wake_at"].text { parts.append("wakes \(wake)") }
    return parts.joined(separator: ", ")
  }

  /// One line for an event of an audit.
  static func event(_ event: JSON) -> String {
    let line =
      switch event["type"].text {
      case "Comment": event["public"].flag ? "public reply" : "private note"
      case "Create": "\(event["field_name"].shown) = \(event["value"].shown)"
      case "Change":
        "\(event["field_name"].shown): \(event["previous_value"].shown) -> \(event["value"].shown)"
      case "Ownership": "ownership: \(event["kind"].shown)"
      default: event.shown
      }
    return Printable.line(line)
  }
}
