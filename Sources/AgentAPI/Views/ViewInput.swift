// What a client may write into a view.

internal import HelpdeskDomain
internal import ReplicaCore

struct ViewInput {
  var draft = ViewDraft()

  /// Reads the members under `view`. What is given of the output changes `before`, the output as
  /// it is. Throws 422 with every fault.
  init(_ body: FieldReader, before: ViewOutput = ViewOutput()) throws(DeskFailure) {
    var body = body
    draft.title = body.text("title") ?? body.text("raw_title")
    draft.description = body.textChange("description")
    draft.active = body.flag("active")
    draft.position = body.integer("position")
    draft.restriction = body.restriction()
    draft.conditions = Self.conditions(&body)
    draft.output = Self.output(&body, before)
    try body.check()
  }

  /// `all` and `any`, plain or under `conditions`; given one of them, the other is empty.
  private static func conditions(_ body: inout FieldReader) -> ViewConditions? {
    if var inner = body.object("conditions") {
      let read = lists(&inner)
      body.take(inner)
      if let read { return read }
    }
    return lists(&body)
  }

  private static func lists(_ body: inout FieldReader) -> ViewConditions? {
    guard body.has("all") || body.has("any") else { return nil }
    return ViewConditions(all: list("all", &body), any: list("any", &body))
  }

  private static func list(_ key: String, _ body: inout FieldReader) -> [ViewCondition] {
    var found: [ViewCondition] = []
    for var entry in body.objects(key) ?? [] {
      let field = entry.text("field") ?? entry.text("subject")
      let comparison = entry.text("operator")
      if field == nil { entry.problem("field", .blankValue, "\(entry.prefix)field must be given") }
      if comparison == nil {
        entry.problem("operator", .blankValue, "\(entry.prefix)operator must be given")
      }
      let value = entry.plain("value")
      body.take(entry)
      found.append(ViewCondition(field ?? "", comparison ?? "", value))
    }
    return found
  }

  private static func output(_ body: inout FieldReader, _ before: ViewOutput) -> ViewOutput? {
    guard var inner = body.object("output") ?? body.object("execution") else { return nil }
    var output = before
    if case .array(let elements) = inner.values["columns"] {
      output.columns = elements.compactMap(column).map(ViewOutput.column)
      if output.columns.count != elements.count {
        inner.problem(
          "columns", .invalidValue,
          "\(inner.prefix)columns must be a list of names and ids of ticket fields")
      }
    } else if let columns = inner.texts("columns") {
      output.columns = columns.map(ViewOutput.column)
    }
    apply(inner.textChange("group_by"), to: &output.groupBy)
    apply(inner.textChange("sort_by"), to: &output.sortBy)
    direction("group_order", &inner, &output.groupAscending)
    direction("sort_order", &inner, &output.sortAscending)
    body.take(inner)
    return output
  }

  /// A name, an id, or an object with one.
  private static func column(_ value: JSONValue) -> String? {
    switch value {
    case .string(let name): Int64(name).map { RowID($0).isValid } ?? true ? name : nil
    case .integer(let id): RowID(id).isValid ? "\(id)" : nil
    case .object(let members): members["id"].flatMap(column)
    case .null, .bool, .double, .array: nil
    }
  }

  private static func apply(_ change: Change<String>, to name: inout String?) {
    switch change {
    case .keep: break
    case .clear: name = nil
    case .set(let text): name = text.isEmpty ? nil : ViewOutput.column(text)
    }
  }

  private static func direction(
    _ key: String, _ body: inout FieldReader, _ ascending: inout Bool
  ) {
    guard let word = body.text(key)?.lowercased() else { return }
    guard word == "asc" || word == "desc" else {
      return body.problem(key, .invalidValue, "\(body.prefix)\(key) must be asc or desc")
    }
    ascending = word == "asc"
  }
}
