// Cuts what a file holds into the rows that a node takes.

/// One row on its way to the node.
struct ZendeskRow: Hashable, Sendable {
  /// JSON of one object.
  var bytes: [UInt8]
}

enum ZendeskRows {
  /// The rows of one kind in an object of a file.
  static func of(_ kind: ZendeskKind, in object: [UInt8], of file: ZendeskFile) -> [ZendeskRow] {
    guard file.isPaged else { return rows(of: kind, from: plainName(file), [object]) }
    let lists = JSONPage.lists(in: object)
    return kind.names.flatMap { name in rows(of: kind, from: name, lists[name] ?? []) }
  }

  private static func plainName(_ file: ZendeskFile) -> String {
    let last = file.name.split(separator: "/").last.map(String.init) ?? file.name
    return String(last.lowercased().prefix { $0.isLetter || $0 == "_" })
  }

  /// Comments may lie in events and audits; all others are rows as they are.
  private static func rows(
    of kind: ZendeskKind, from name: String, _ objects: [[UInt8]]
  ) -> [ZendeskRow] {
    guard kind == .comments, name.hasPrefix("ticket_events") || name.contains("audits") else {
      return objects.map { ZendeskRow(bytes: $0) }
    }
    return objects.flatMap { object in comments(of: JSON.parse(object) ?? .null) }
  }

  private static func comments(of event: JSON) -> [ZendeskRow] {
    let children = event["child_events"].items + event["events"].items
    return children.compactMap { child in
      let kind = child["event_type"].text ?? child["type"].text
      // Without `include=comment_events` the export says only that there is a comment.
      guard kind == "Comment", child["body"].text != nil || child["html_body"].text != nil,
        case .object(var members) = child
      else { return nil }
      members["ticket_id"] = event["ticket_id"]
      if members["created_at"] == nil { members["created_at"] = event["created_at"] }
      return (try? JSON.object(members).encoded()).map { ZendeskRow(bytes: $0) }
    }
  }

  /// A ticket whose comments make it too long, without them, and its comments on their own.
  static func split(_ ticket: ZendeskRow) -> (ticket: ZendeskRow, comments: [ZendeskRow])? {
    guard case .object(var members)? = JSON.parse(ticket.bytes), let id = members["id"],
      let comments = members.removeValue(forKey: "comments"),
      let bytes = try? JSON.object(members).encoded()
    else { return nil }
    let rows: [ZendeskRow] = comments.items.compactMap { comment in
      guard case .object(var members) = comment else { return nil }
      members["ticket_id"] = id
      return (try? JSON.object(members).encoded()).map { ZendeskRow(bytes: $0) }
    }
    return (ZendeskRow(bytes: bytes), rows)
  }
}
