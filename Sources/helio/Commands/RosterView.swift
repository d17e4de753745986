// The rules of a publication, for people; the carried offset changes are for machines (--json).

/// A roster's rules on a terminal.
enum RosterView {
  static func show(_ rules: JSON, _ terminal: Terminal) {
    var facts = Table([.left("RULE"), .left("VALUE")])
    facts.add(["handover", Table.Cell(rules["handover"].shown)])
    facts.add(["accept within", Table.Cell(rules["accept_within"].shown + " min")])
    facts.add(["fallback", Table.Cell(rules["fallback"].shown)])
    facts.add(["stays at most", Table.Cell(rules["max_stay"].shown + " h")])
    facts.add(["promise", Table.Cell(rules["promise"].shown)])
    terminal.say(facts)
    terminal.say()
    shifts(rules, terminal)
    list("HOLIDAY", rules["holidays"].items, terminal)
    list("OVERRIDE", rules["overrides"].items, terminal)
  }

  private static func shifts(_ rules: JSON, _ terminal: Terminal) {
    var zones: [String: String] = [:]
    for office in rules["offices"].items {
      if let code = office["code"].text { zones[code] = office["zone"].shown }
    }
    var table = Table([
      .left("GROUP"), .left("OFFICE"), .left("ZONE"), .left("DAYS"), .left("STARTS"),
      .right("HOURS"), .left("LEAD"),
    ])
    for group in rules["groups"].items {
      for shift in group["shifts"].items {
        let office = shift["office"].shown
        table.add([
          Table.Cell(RosterCommand.groupName(group["name"])), Table.Cell(office),
          Table.Cell(shift["zone"].text ?? zones[office] ?? "-"),
          Table.Cell(days(shift)),
          Table.Cell(shift["starts"].isNull ? shift["start"].shown : shift["starts"].shown),
          Table.Cell(
            shift["minutes"].integer.map(RosterCommand.Coverage.hours) ?? "to \(shift["end"].shown)"
          ),
          Table.Cell(shift["lead"].shown),
        ])
      }
    }
    terminal.say(table)
  }

  private static func days(_ shift: JSON) -> String {
    shift["days"].items.isEmpty ? "all" : shift["days"].shown
  }

  private static func list(_ title: String, _ rows: [JSON], _ terminal: Terminal) {
    guard !rows.isEmpty else { return }
    var table = Table([.left(title)])
    for row in rows { table.add([Table.Cell(row.shown)]) }
    terminal.say()
    terminal.say(table)
  }
}
