// Options of ticket fields: made and changed one by one, on two nodes at once too.

import HelpdeskDomain
import ReplicaCore
import Testing

@Suite struct FieldOptionTests {
  let scene: DeskScene
  let node: DeskNode
  let field: RowID

  init() throws {
    scene = try DeskScene()
    node = scene.paris
    let draft = TicketFieldDraft(
      title: "Handset", type: "tagger",
      options: #"[{"name":"Model A","value":"model_a"},"other"]"#)
    field = try #require(try node.act(.createTicketField(draft), by: scene.admin).created)
    scene.sync()
  }

  private func options(_ node: DeskNode) -> [TicketFieldOption] {
    TicketFieldOption.all(field: field, node.row(Tables.ticketField, field))
  }

  @discardableResult
  private func put(_ draft: TicketFieldOptionDraft, on node: DeskNode) throws -> RowID? {
    try node.act(.ticketField(.putOption(field: field, draft)), by: scene.admin).created
  }

  @Test func thoseItWasMadeWithHaveIdsAlready() {
    let found = options(node)
    #expect(found.map(\.value) == ["model_a", "other"])
    #expect(found.map(\.name) == ["Model A", "other"])
    #expect(Set(found.map(\.id)).count == 2)
    #expect(found.allSatisfy { $0.id.isValid && $0.id.rawValue >= 10_000 })
    #expect(options(scene.tokyo) == found)
  }

  @Test func oneIsMadeRenamedAndTakenAway() throws {
    let made = try #require(
      try put(TicketFieldOptionDraft(name: "Model B", value: "model_b"), on: node))
    #expect(options(node).map(\.value) == ["model_a", "other", "model_b"])
    try put(TicketFieldOptionDraft(id: made, name: "B", position: 0), on: node)
    #expect(options(node).first { $0.id == made }?.name == "B")
    #expect(options(node).first { $0.id == made }?.value == "model_b")
    let first = options(node)[0].id == made ? options(node)[1].id : options(node)[0].id
    try node.act(.ticketField(.deleteOption(field: field, first)), by: scene.admin)
    #expect(!options(node).contains { $0.id == first })
    #expect(throws: Refusal.notFound(kind: "option", id: "\(first)")) {
      try node.act(.ticketField(.deleteOption(field: field, first)), by: scene.admin)
    }
    // A value that was taken away can come back.
    try put(TicketFieldOptionDraft(value: "model_a"), on: node)
    #expect(options(node).contains { $0.value == "model_a" })
  }

  @Test func twoOfficesAddApart() throws {
    try put(TicketFieldOptionDraft(value: "paris_only"), on: scene.paris)
    try put(TicketFieldOptionDraft(value: "both"), on: scene.paris)
    try put(TicketFieldOptionDraft(value: "tokyo_only"), on: scene.tokyo)
    try put(TicketFieldOptionDraft(value: "both"), on: scene.tokyo)
    scene.sync()
    #expect(options(scene.paris) == options(scene.tokyo))
    #expect(
      options(scene.paris).map(\.value).sorted()
        == ["both", "model_a", "other", "paris_only", "tokyo_only"])
  }

  @Test func aWholeListReplacesTheOptions() throws {
    let other = options(node)[1].id
    var edit = TicketFieldEdit()
    edit.options = [
      TicketFieldOptionDraft(id: other, name: "Another", value: "other"),
      TicketFieldOptionDraft(name: "C", value: "model_c"),
    ]
    try node.act(.ticketField(.update(field, edit)), by: scene.admin)
    #expect(options(node).map(\.name) == ["Another", "C"])
    #expect(options(node)[0].id == other)
    edit.options = [
      TicketFieldOptionDraft(value: "x"), TicketFieldOptionDraft(value: "x"),
      TicketFieldOptionDraft(value: " "),
    ]
    let found = problems { try node.act(.ticketField(.update(field, edit)), by: scene.admin) }
    #expect(
      found == [
        "custom_field_options[1].value:DuplicateValue",
        "custom_field_options[2].value:BlankValue", "custom_field_options[2].name:BlankValue",
      ])
  }

  @Test func ticketsTakeTheOptionsOfNow() throws {
    let ticket = try scene.ticket()
    try put(TicketFieldOptionDraft(value: "model_b"), on: node)
    let known = TicketEdit.with { $0.fields = [field: .text("model_b")] }
    try node.act(.updateTicket(ticket, known), by: scene.agent)
    try node.act(.ticketField(.deleteOption(field: field, options(node)[0].id)), by: scene.admin)
    let gone = TicketEdit.with { $0.fields = [field: .text("model_a")] }
    #expect(
      problems { try node.act(.updateTicket(ticket, gone), by: scene.agent) }
        == ["custom_fields:InvalidValue"])
  }

  /// Another release may write an option that does not say where it stands.
  @Test func aNewOptionComesAfterOneWithoutAPlace() throws {
    for (key, text) in [
      (70_001, #"{"name":"X","value":"x"}"#),
      (80_001, #"{"name":"Y","value":"y","position":9223372036854775807}"#),
    ] as [(Int64, String)] {
      let cell = CellKey(TicketFieldColumn.choices, key: key)
      let write = CellAction(cell, .write(.plain(.text(text)), replaces: [], unread: []))
      #expect(
        node.forge(
          [RowChange(RowRef(Tables.ticketField, field), [write])], by: node.actor(scene.admin))
          == nil)
    }
    try put(TicketFieldOptionDraft(value: "z"), on: node)
    #expect(Set(options(node).map(\.value)) == ["model_a", "other", "x", "y", "z"])
  }

  @Test func aFieldIsNotMadeWithMoreThanItMayHave() {
    let many = (0...DeskLimits.fieldOptions).map { "\"o\($0)\"" }.joined(separator: ",")
    let draft = TicketFieldDraft(title: "Many", type: "tagger", options: "[\(many)]")
    #expect(
      problems { try node.act(.createTicketField(draft), by: scene.admin) }
        == ["custom_field_options:TooLong"])
  }

  @Test func builtInFieldsStayAsTheyAre() {
    for system in SystemField.allCases {
      #expect(
        problems { try node.act(.ticketField(.delete(system.id)), by: scene.admin) }
          == ["base:InvalidValue"])
    }
  }
}
