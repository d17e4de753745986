// One thing that a macro does to a ticket.

package import ReplicaCore

/// An action, such as `status` → `solved`, as the compatible API writes it.
package struct MacroAction: Hashable, Sendable, Codable {
  package var field: String
  package var value: PlainJSON

  package init(_ field: String, _ value: PlainJSON) {
    self.field = field
    self.value = value
  }

  private enum CodingKeys: String, CodingKey { case field, value }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    field = try container.decode(String.self, forKey: .field)
    value = try container.decodeIfPresent(PlainJSON.self, forKey: .value) ?? .null
  }

  /// Reads the column's text; nil where it cannot be read.
  package static func list(stored text: String) -> [MacroAction]? {
    CanonicalJSON.read([MacroAction].self, text)
  }

  /// As the column holds a list.
  package static func stored(_ actions: [MacroAction]) -> String { CanonicalJSON.text(actions) }

  /// The actions that a macro can have beside custom fields, with their titles and, where they
  /// are a closed list, their values.
  package static let kinds: [(field: String, title: String, values: [String])] = [
    ("subject", "Set subject", []),
    ("status", "Status", TicketStatus.words.filter { $0 != "new" && $0 != "closed" }),
    ("priority", "Priority", [""] + TicketPriority.words),
    ("type", "Type", [""] + TicketType.words),
    ("group_id", "Group", []),
    ("assignee_id", "Assignee", ["", "current_user"]),
    ("set_tags", "Set tags", []),
    ("current_tags", "Add tags", []),
    ("remove_tags", "Remove tags", []),
    ("comment_value", "Comment/description", []),
    ("comment_value_html", "Comment/description, rich", []),
    ("comment_mode_is_public", "Comment mode", ["true", "false"]),
  ]

  /// What is wrong with the value; nil where nothing is. `isGroup`, `isUser` and `isField` say
  /// whether there is such a row.
  package func fault(
    isGroup: (RowID) -> Bool, isUser: (RowID) -> Bool, isField: (RowID) -> Bool
  ) -> (part: String, message: String)? {
    func among(_ words: [String]) -> (part: String, message: String)? {
      guard let text = value.single, words.contains(text.lowercased()) else {
        return ("value", "must be one of \(words.map { "'\($0)'" }.joined(separator: ", "))")
      }
      return nil
    }
    switch field {
    case "status": return among(TicketStatus.words.filter { $0 != "new" && $0 != "closed" })
    case "priority": return among([""] + TicketPriority.words)
    case "type": return among([""] + TicketType.words)
    case "comment_mode_is_public": return among(["true", "false"])
    case "custom_status_id":
      let status = value.single.flatMap(TicketSearch.id).flatMap(BuiltInStatus.init(id:))
      return status == nil ? ("value", "must be the id of a custom status") : nil
    case "group_id":
      guard let text = value.single else { return ("value", "must be one id") }
      if text.isEmpty || text == "current_groups" { return nil }
      let isThere = TicketSearch.id(text).map(isGroup) ?? false
      return isThere ? nil : ("value", "there is no group \(text.prefix(64))")
    case "assignee_id":
      guard let text = value.single else { return ("value", "must be one id") }
      if text.isEmpty || text == "current_user" { return nil }
      let isThere = TicketSearch.id(text).map(isUser) ?? false
      return isThere ? nil : ("value", "there is no active user \(text.prefix(64))")
    case "subject", "comment_value", "comment_value_html", "set_tags", "current_tags",
      "remove_tags":
      return value.texts.allSatisfy({ $0.allSatisfy(\.isWhitespace) })
        ? ("value", "must say something") : nil
    default:
      guard let custom = ConditionReader.customField(field) else {
        return (
          "field",
          "'\(field.prefix(64))' is not one of "
            + Self.kinds.map(\.field).joined(separator: ", ") + ", custom_fields_ID"
        )
      }
      return isField(custom) ? nil : ("field", "there is no ticket field \(custom)")
    }
  }
}

/// What a macro would do to a ticket, for one agent.
package struct MacroEffect: Hashable, Sendable {
  /// The fields, without the comment.
  package var edit = TicketEdit()
  /// The comment, plain and rich; nil where there is none.
  package var text: String?
  package var html: String?
  package var isPublic: Bool?

  /// Later actions on a field go before earlier ones; comments and tags add up.
  ///
  /// - Parameters:
  ///   - groups: those of the actor, their default one first.
  ///   - fill: fills the placeholders of a text, which is HTML where the flag says so.
  package init(
    of actions: [MacroAction], for actor: RowID, groups: [RowID],
    fill: (_ text: String, _ isHTML: Bool) -> String
  ) {
    for action in actions {
      let texts = action.value.texts
      switch action.field {
      case "comment_value": Self.join(&text, fill(Self.said(action.value), false))
      case "comment_value_html": Self.join(&html, fill(Self.said(action.value), true))
      case "comment_mode_is_public": isPublic = texts.first == "true"
      case "set_tags":
        edit.tags = texts.flatMap(Self.tags)
        edit.addTags = []
        edit.removeTags = []
      case "current_tags": edit.addTags += texts.flatMap(Self.tags)
      case "remove_tags": edit.removeTags += texts.flatMap(Self.tags)
      case "subject": edit.subject = fill(Self.said(action.value), false)
      default: apply(action, texts.first ?? "", actor, groups, fill)
      }
    }
  }

  private mutating func apply(
    _ action: MacroAction, _ text: String, _ actor: RowID, _ groups: [RowID],
    _ fill: (_ text: String, _ isHTML: Bool) -> String
  ) {
    switch action.field {
    case "status": edit.status = text.lowercased()
    case "custom_status_id":
      let status = TicketSearch.id(text).flatMap(BuiltInStatus.init(id:))
      edit.status = status?.category.rawValue ?? edit.status
    case "priority": edit.priority = text.isEmpty ? .clear : .set(text.lowercased())
    case "type": edit.type = text.isEmpty ? .clear : .set(text.lowercased())
    case "group_id":
      let id = text == "current_groups" ? groups.first : TicketSearch.id(text)
      edit.group = text.isEmpty ? .clear : id.map { .set($0) } ?? edit.group
    case "assignee_id":
      let id = text == "current_user" ? actor : TicketSearch.id(text)
      edit.assignee = text.isEmpty ? .clear : id.map { .set($0) } ?? edit.assignee
    default:
      guard let field = ConditionReader.customField(action.field) else { return }
      if case .text(let template) = action.value {
        edit.fields[field] = PlainJSON.text(fill(template, false)).cell
      } else {
        edit.fields[field] = action.value.cell
      }
    }
  }

  /// The text of a comment action: a text, or a channel and a text.
  private static func said(_ value: PlainJSON) -> String { value.texts.last ?? "" }

  private static func tags(_ text: String) -> [String] {
    text.split { $0.isWhitespace || $0 == "," }.map(String.init)
  }

  /// What comes after more than a comment may hold is left out: the whole is refused anyway.
  private static func join(_ text: inout String?, _ more: @autoclosure () -> String) {
    guard let present = text else { return text = more() }
    guard present.utf8.count <= DeskLimits.bodyBytes else { return }
    text = present + "\n" + more()
  }
}
