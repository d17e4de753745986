// What a client may write into a macro.

internal import HelpdeskDomain
internal import ReplicaCore

struct MacroInput {
  var draft = MacroDraft()

  /// Reads the members under `macro`. Throws 422 with every fault.
  init(_ body: FieldReader) throws(DeskFailure) {
    var body = body
    draft.title = body.text("title") ?? body.text("raw_title")
    draft.description = body.textChange("description")
    draft.active = body.flag("active")
    draft.position = body.integer("position")
    draft.restriction = body.restriction()
    if let entries = body.objects("actions") {
      var actions: [MacroAction] = []
      for var entry in entries {
        let field = entry.text("field")
        if field == nil {
          entry.problem("field", .blankValue, "\(entry.prefix)field must be given")
        }
        let value = entry.plain("value")
        body.take(entry)
        actions.append(MacroAction(field ?? "", value))
      }
      draft.actions = actions
    }
    try body.check()
  }
}
