// The report for spreadsheets: RFC 4180, and no cell that a spreadsheet takes for a formula.

extension ShiftReport {
  /// One row for each agent and each line, with a heading; lines end in CRLF.
  package var csv: String {
    var rows = [["section"] + Self.columns + ["count"]]
    for (name, value) in [
      ("open_tickets", counts.openTickets), ("worked_tickets", counts.workedTickets),
      ("acts", counts.acts), ("accepted_by_act", counts.acceptedByAct),
      ("not_accepted", counts.notAccepted), ("promises_passed", counts.promisesPassed),
      ("nothing_done", counts.nothingDone),
    ] {
      rows.append(["count", name, "", "", "", "", "", "", "", "\(value)"])
    }
    for slot in slots {
      rows.append([
        "slot", slot.group, slot.start.description, "", "", slot.acceptedBy ?? "", "",
        Self.text(slot.end), Self.text(slot.acceptedAt), "",
      ])
    }
    for agent in agents {
      rows.append(["agent", "open", "", "", "", agent.agent, "", "", "", "\(agent.openTickets)"])
      for (kind, count) in agent.acts.sorted(by: { $0.key < $1.key }) {
        rows.append(["agent", kind, "", "", "", agent.agent, "", "", "", "\(count)"])
      }
    }
    for (title, lines) in sections {
      let section = title.lowercased().replacing(" ", with: "_")
      rows += lines.map { [section] + Self.cells($0) + [""] }
    }
    return rows.map { $0.map(Self.cell).joined(separator: ",") + "\r\n" }.joined()
  }

  /// A cell in quotes where it needs them. A first character that begins a formula gets an
  /// apostrophe before it, which spreadsheets take for "this is text".
  static func cell(_ text: String) -> String {
    let first = text.unicodeScalars.first {
      !$0.properties.isWhitespace || $0 == "\t" || $0 == "\r"
    }
    var inert = text
    if let first, "=+-@\t\r|%＝＋－＠".unicodeScalars.contains(first) { inert = "'" + text }
    let needsQuotes = inert.unicodeScalars.contains {
      $0 == "," || $0 == "\"" || $0 == "\n" || $0 == "\r" || $0 == ";" || $0 == "\t"
    }
    guard needsQuotes else { return inert }
    return "\"" + inert.replacing("\"", with: "\"\"") + "\""
  }
}
