// What macros do to a ticket, and how their texts are filled in.

import HelpdeskDomain
import ReplicaCore
import Testing

@Suite struct MacroTests {
  private let me = RowID(10_001)
  private let groups = [RowID(30_001), RowID(40_001)]

  private func effect(_ actions: MacroAction...) -> MacroEffect {
    MacroEffect(of: actions, for: me, groups: groups) { text, isHTML in
      isHTML ? "<\(text)>" : "[\(text)]"
    }
  }

  @Test func actionsBecomeAnEdit() {
    let found = effect(
      MacroAction("status", .text("pending")), MacroAction("priority", .text("")),
      MacroAction("type", .text("task")), MacroAction("assignee_id", .text("current_user")),
      MacroAction("group_id", .text("current_groups")), MacroAction("subject", .text("S")),
      MacroAction("custom_fields_50001", .flag(true)),
      MacroAction("custom_fields_60001", .text("x")))
    #expect(found.edit.status == "pending")
    #expect(found.edit.priority == .clear)
    #expect(found.edit.type == .set("task"))
    #expect(found.edit.assignee == .set(me))
    #expect(found.edit.group == .set(groups[0]))
    #expect(found.edit.subject == "[S]")
    #expect(
      found.edit.fields == [RowID(50_001): .integer(1), RowID(60_001): .text("[x]")])
    #expect(found.text == nil && found.html == nil && found.isPublic == nil)
  }

  @Test func commentsAndTagsAddUp() {
    let found = effect(
      MacroAction("current_tags", .text("old")), MacroAction("set_tags", .text("a b")),
      MacroAction("current_tags", .list([.text("c"), .text("d,e")])),
      MacroAction("remove_tags", .text("a")),
      MacroAction("comment_value", .list([.text("channel:all"), .text("one")])),
      MacroAction("comment_value", .text("two")), MacroAction("comment_value_html", .text("b")),
      MacroAction("comment_mode_is_public", .text("false")))
    #expect(found.edit.tags == ["a", "b"])
    #expect(found.edit.addTags == ["c", "d", "e"])
    #expect(found.edit.removeTags == ["a"])
    #expect(found.text == "[one]\n[two]")
    #expect(found.html == "<b>")
    #expect(found.isPublic == false)
  }

  private var facts: Placeholders {
    var ticket = TicketRecord(id: RowID(90_001), status: "open")
    ticket.subject = "Pump <1>"
    ticket.requester = RowID(20_001)
    ticket.group = groups[0]
    ticket.fields = [RowID(50_001): .integer(7)]
    var ada = UserRecord(
      id: RowID(20_001), name: "Ada Marie Lovelace", role: .endUser, roleDot: Dot(Slot(1), 1),
      active: true)
    ada.email = "ada@example.com"
    var facts = Placeholders(ticket: ticket, me: me)
    facts.users = [
      ada.id: ada,
      me: UserRecord(
        id: me, name: "Noor", role: .agent, roleDot: Dot(Slot(1), 1), active: true),
    ]
    facts.groups = [
      groups[0]: GroupRecord(
        id: groups[0], name: "Pumps", description: nil, home: nil, deleted: false,
        createdAt: .zero, updatedAt: .zero)
    ]
    return facts
  }

  @Test(arguments: [
    ("#{{ticket.id}} {{ ticket.title }}", "#90001 Pump <1>"),
    ("{{ticket.requester.first_name}}|{{ticket.requester.last_name}}", "Ada|Lovelace"),
    ("{{ticket.requester.email}}", "ada@example.com"),
    ("{{ticket.assignee.name}}.", "."),
    ("{{ticket.group.name}} {{ticket.status}}", "Pumps open"),
    ("{{ticket.ticket_field_50001}}{{ticket.ticket_field_1}}", "7"),
    ("{{current_user.name}} {{current_user.last_name}}", "Noor "),
    ("{{nothing}}{{}}{{ticket}}{{ticket.requester}}{{ticket.id.x}}", ""),
    ("{{open", "{{open"),
    ("a {{ticket.id}} b {{", "a 90001 b {{"),
    // What is filled in is not filled in again.
    ("{{ticket.requester.name}}", "Ada Marie Lovelace"),
  ])
  func placeholdersAreFilledIn(_ template: String, _ text: String) {
    #expect(facts.fill(template) == text)
  }

  @Test func valuesAreMadeFitForHTML() {
    let escaped = facts.fill("<b>{{ticket.title}}</b>") { $0.uppercased() }
    #expect(escaped == "<b>PUMP <1></b>")
  }

  /// A long text named often would fill the memory; who sends it is told that it is too long.
  @Test func nothingIsFilledInBeyondWhatACommentHolds() {
    var long = facts
    long.ticket?.description = String(repeating: "x", count: 64 << 10)
    let template = String(repeating: "{{ticket.description}}", count: 2_000)
    let filled = long.fill(template).utf8.count
    #expect(filled > DeskLimits.bodyBytes)
    #expect(filled < DeskLimits.bodyBytes + (64 << 10) + template.utf8.count)
    let actions = Array(repeating: MacroAction("comment_value", .text(template)), count: 50)
    let effect = MacroEffect(of: actions, for: me, groups: []) { text, _ in long.fill(text) }
    #expect((effect.text?.utf8.count ?? 0) < 3 * DeskLimits.bodyBytes)
  }

  @Test func withoutATicketWhatAsksForItStays() {
    var empty = facts
    empty.ticket = nil
    #expect(empty.fill("{{ticket.id}} {{current_user.name}}") == "{{ticket.id}} Noor")
  }
}
