// What a client may write into a ticket.

internal import HelpdeskDomain
internal import ReplicaCore

/// A ticket body: what it asks, and whom it names by e-mail instead of by id.
struct TicketInput {
  /// A requester or assignee who is named by address.
  struct Person {
    var name: String?
    var email: String
  }

  var edit: TicketEdit
  var comment: CommentDraft?
  var home: OfficeID?
  var submitter: RowID?
  var requester: Person?
  var copied: CopiedPeople
  var assigneeEmail: String?

  /// Reads the members under `ticket`. Throws 422 with every fault. Only a new ticket's
  /// `description` is a comment; clients send it back unchanged with updates.
  init(_ body: FieldReader, creating: Bool) throws(DeskFailure) {
    var body = body
    edit = TicketEdit()
    copied = CopiedPeople(&body)
    edit.subject = body.text("subject") ?? body.text("raw_subject")
    edit.status = Self.readStatus(&body)
    edit.priority = body.textChange("priority")
    edit.type = body.textChange("type")
    edit.requester = body.id("requester_id")
    edit.assignee = body.idChange("assignee_id")
    edit.group = body.idChange("group_id")
    edit.organization = body.idChange("organization_id")
    edit.externalID = body.textChange("external_id")
    edit.dueAt = body.instantChange("due_at")
    edit.problem = body.idChange("problem_id")
    edit.recipient = body.textChange("recipient")
    edit.tags = body.texts("tags")
    edit.addTags = body.texts("additional_tags") ?? []
    edit.removeTags = body.texts("remove_tags") ?? []
    edit.collaborators = body.ids("collaborator_ids") ?? body.ids("follower_ids")
    Self.readFields("custom_fields", &body, into: &edit)
    Self.readFields("fields", &body, into: &edit)
    Self.readConcurrency(&body, into: &edit)
    comment = Self.readComment(&body, creating: creating)
    if !creating { edit.comment = comment }
    home = body.office("home_office")
    submitter = body.id("submitter_id")
    assigneeEmail = body.text("assignee_email")
    if var person = body.object("requester") {
      if let email = person.text("email") {
        requester = Person(name: person.text("name"), email: email)
      } else {
        person.problem("email", .blankValue, "requester.email must be given")
      }
      body.take(person)
    }
    if body.values["via_followup_source_id"] ?? .null != .null {
      body.problem(
        "via_followup_source_id", .invalidValue,
        "via_followup_source_id: this desk keeps no follow-ups; leave it out, and name the earlier "
          + "ticket in the comment")
    }
    try body.check()
  }

  /// The word counts where both are given: clients that send a ticket back change the word alone,
  /// and those that bring one from elsewhere send the id that its status had there.
  private static func readStatus(_ body: inout FieldReader) -> String? {
    let word = body.text("status")
    guard let id = body.id("custom_status_id"), word == nil else { return word }
    if let status = BuiltInStatus(id: id) { return status.category.rawValue }
    body.problem(
      "custom_status_id", .recordNotFound,
      "custom_status_id: there is no status \(id); GET /api/v2/custom_statuses lists them")
    return nil
  }

  /// `version`, and `safe_update` with `updated_stamp`.
  static func readConcurrency(_ body: inout FieldReader, into edit: inout TicketEdit) {
    if let text = body.text("version") {
      if let version = TicketVersion(wire: text) {
        edit.version = version
      } else {
        body.problem(
          "version", .invalidValue,
          "version is not one that this API gave out; send back the text of the ticket you read")
      }
    }
    let stamp = body.instant("updated_stamp")
    if body.flag("safe_update") == true {
      if stamp == nil {
        body.problem(
          "updated_stamp", .blankValue,
          "safe_update needs updated_stamp, the updated_at of the ticket you read")
      }
      edit.unlessChangedAfter = stamp
    }
  }

  private static func readComment(_ body: inout FieldReader, creating: Bool) -> CommentDraft? {
    if case .string(let text) = body.values["comment"] {
      // A bare text is an older form of `{"body": text}`.
      return CommentDraft(body: text)
    }
    if var comment = body.object("comment") {
      let plain = comment.text("body")
      let html = comment.text("html_body")
      let isPublic = comment.flag("public") ?? true
      let author = comment.id("author_id")
      let uploads = comment.texts("uploads") ?? []
      body.take(comment)
      guard let text = plain ?? html.map(HTMLText.plain) else {
        if !uploads.isEmpty {
          body.problem("comment", .blankValue, "a comment with uploads needs a body")
        }
        return nil
      }
      var draft = CommentDraft(
        body: text, htmlBody: plain == nil ? html : nil, isPublic: isPublic, author: author)
      draft.uploads = uploads
      return draft
    }
    guard creating else { return nil }
    return body.text("description").map { CommentDraft(body: $0) }
  }

  /// `[{"id": 1, "value": …}]`; the object form `{"1": …}` is taken too.
  private static func readFields(
    _ key: String, _ body: inout FieldReader, into edit: inout TicketEdit
  ) {
    if case .object(let members) = body.values[key] {
      for (name, value) in members {
        guard let number = Int64(name), RowID(number).isValid else {
          body.problem(key, .invalidValue, "\(key): \"\(name)\" is no field id")
          continue
        }
        edit.fields[RowID(number)] = value.fieldValue
      }
      return
    }
    guard let entries = body.objects(key) else { return }
    for var entry in entries {
      let id = entry.id("id")
      if id == nil, !entry.has("id") {
        entry.problem("id", .blankValue, "\(entry.prefix)id must be the field's id")
      }
      if let id { edit.fields[id] = (entry.values["value"] ?? .null).fieldValue }
      body.take(entry)
    }
  }
}

extension JSONValue {
  /// The cell value of a custom field: lists are kept as their JSON text.
  var fieldValue: Value {
    switch self {
    case .null: .null
    case .bool(let flag): .integer(flag ? 1 : 0)
    case .integer(let number): .integer(number)
    case .double(let number): .text(String(number))
    case .string(let text): .text(text)
    case .array, .object: .text(jsonText)
    }
  }

  private var jsonText: String {
    var json = JSONWriter()
    write(to: &json)
    return String(decoding: json.bytes, as: UTF8.self)
  }
}

extension JSONValue: JSONWritable {
  func write(to json: inout JSONWriter) {
    switch self {
    case .null: json.literal("null")
    case .bool(let flag): flag.write(to: &json)
    case .integer(let number): json.number(number)
    case .double(let number): json.number(number)
    case .string(let text): json.string(text)
    case .array(let elements): json.array(elements)
    case .object(let members):
      json.object { json in
        for (name, value) in members.sorted(by: { $0.key < $1.key }) { json.field(name, value) }
      }
    }
  }
}
