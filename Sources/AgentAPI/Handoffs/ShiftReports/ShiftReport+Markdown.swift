// The report for people who read: Markdown in which nobody's words can become markup.

extension ShiftReport {
  /// CommonMark with tables.
  package var markdown: String {
    var text = """
      # Shift report of \(Self.inert(office))

      From \(from) to \(to), made at \(at).


      """
    if truncated { text += "More was done than one report reads: these are the first acts.\n\n" }
    for warning in warnings { text += "* \(Self.inert(warning))\n" }
    text += Self.table(
      ["count", "value"],
      [
        ["open tickets", "\(counts.openTickets)"], ["worked on", "\(counts.workedTickets)"],
        ["acts", "\(counts.acts)"], ["accepted by an act", "\(counts.acceptedByAct)"],
        ["not accepted", "\(counts.notAccepted)"],
        ["promises passed", "\(counts.promisesPassed)"],
        ["nothing done", "\(counts.nothingDone)"],
      ])
    text += "\n## Slots\n\n"
    text += Self.table(
      ["group", "start", "end", "accepted at", "by"],
      slots.map {
        [$0.group, "\($0.start)", Self.text($0.end), Self.text($0.acceptedAt), $0.acceptedBy ?? ""]
      })
    text += "\n## Agents\n\n"
    text += Self.table(
      ["agent", "open", "worked on", "acts"],
      agents.map { agent in
        let acts = agent.acts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        return [
          agent.agent, "\(agent.openTickets)", "\(agent.workedTickets)",
          acts.joined(separator: ", "),
        ]
      })
    for (title, lines) in sections {
      text += "\n## \(title)\n\n"
      text += Self.table(Self.columns, lines.map(Self.cells))
    }
    return text
  }

  static let columns = ["kind", "at", "ticket", "subject", "agent", "from", "to", "note"]

  static func cells(_ line: Line) -> [String] {
    [
      line.kind, text(line.at), line.ticketID.map { "\($0)" } ?? "", line.subject ?? "",
      line.agent ?? "", line.from ?? "", line.to ?? "", line.note ?? "",
    ]
  }

  static func text(_ time: WireTime?) -> String { time?.description ?? "" }

  private static func table(_ head: [String], _ rows: [[String]]) -> String {
    guard !rows.isEmpty else { return "None.\n" }
    let lines = [head, head.map { _ in "---" }] + rows.map { $0.map(inert) }
    return lines.map { "| " + $0.joined(separator: " | ") + " |\n" }.joined()
  }

  /// One line in which no character begins markup, a link or HTML.
  static func inert(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\\", "`", "*", "_", "{", "}", "[", "]", "(", ")", "#", "+", "!", "|", "~":
        result += "\\" + String(scalar)
      // Schemes make links of themselves.
      case ":": result += "&#58;"
      case "@": result += "&#64;"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F: result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
