// Fills `{{ticket.requester.first_name}}` and the like into the texts of macros.

package import ReplicaCore

/// What placeholders stand for: a ticket, the people around it, and who acts.
package struct Placeholders: Sendable {
  package var ticket: TicketRecord?
  package var users: [RowID: UserRecord] = [:]
  package var groups: [RowID: GroupRecord] = [:]
  package var organizations: [RowID: OrganizationRecord] = [:]
  package var me: RowID
  /// Where the ticket is found; empty without one.
  package var link = ""
  /// The name of this desk.
  package var account = ""

  package init(ticket: TicketRecord?, me: RowID) {
    self.ticket = ticket
    self.me = me
  }

  /// The rows that texts may speak of, to be read into the dictionaries.
  package var people: [RowID] {
    let around = [ticket?.requester, ticket?.assignee, ticket?.submitter, me].compactMap(\.self)
    return Set(around).filter(\.isValid).sorted()
  }

  /// The text with each `{{…}}` replaced. What stands for nothing is replaced by nothing; what is
  /// not closed stays, and so does what asks for a ticket where there is none. `escape` makes a
  /// value fit for the text, such as for HTML. Once the text is longer than a comment may be, the
  /// rest stays as it is: nobody can send it anyway, and a long value named often fills no memory.
  package func fill(_ text: String, escape: (String) -> String = { $0 }) -> String {
    var result = ""
    var rest = Substring(text)
    while result.utf8.count <= DeskLimits.bodyBytes, let open = rest.firstRange(of: "{{") {
      let inside = rest[open.upperBound...]
      guard let close = inside.firstRange(of: "}}") else { break }
      let path = String(inside[..<close.lowerBound])
      result += rest[..<open.lowerBound]
      if ticket == nil, path.trimmed.hasPrefix("ticket") {
        result += rest[open.lowerBound..<close.upperBound]
      } else {
        result += escape(value(path) ?? "")
      }
      rest = inside[close.upperBound...]
    }
    return result + rest
  }

  /// What a path stands for; nil where it is nothing.
  package func value(_ path: String) -> String? {
    var words = path.trimmed.split(separator: ".").map(String.init)
    guard !words.isEmpty else { return nil }
    switch words.removeFirst() {
    case "ticket": return ticket.flatMap { value(words, of: $0) }
    case "current_user": return value(words, of: users[me])
    default: return nil
    }
  }

  private func value(_ words: [String], of ticket: TicketRecord) -> String? {
    let rest = Array(words.dropFirst())
    switch words.first {
    case "requester": return value(rest, of: ticket.requester.flatMap { users[$0] })
    case "assignee": return value(rest, of: ticket.assignee.flatMap { users[$0] })
    case "submitter": return value(rest, of: ticket.submitter.flatMap { users[$0] })
    case "organization":
      return value(rest, of: ticket.organization.flatMap { organizations[$0] })
    case "group":
      return rest == ["name"] ? ticket.group.flatMap { groups[$0]?.name } : nil
    case let word?: return rest.isEmpty ? plain(word, of: ticket) : nil
    case nil: return nil
    }
  }

  private func plain(_ word: String, of ticket: TicketRecord) -> String? {
    switch word {
    case "id": return ticket.id.description
    case "title", "subject": return ticket.subject
    case "description": return ticket.description
    case "status": return ticket.status
    case "priority": return ticket.priority
    case "type", "ticket_type": return ticket.type
    case "external_id": return ticket.externalID
    case "tags": return ticket.tags.joined(separator: " ")
    case "account": return account
    case "url", "link": return link
    case "created_at": return CivilDate(utc: ticket.createdAt).description
    case "updated_at": return CivilDate(utc: ticket.updatedAt).description
    case "due_date": return ticket.dueAt.map { CivilDate(utc: $0).description }
    case "home_office": return Placement(ticket.placement.map { .text($0) } ?? .null)?.home.rawValue
    default:
      let prefix = "ticket_field_"
      guard word.hasPrefix(prefix), let id = TicketSearch.id(String(word.dropFirst(prefix.count)))
      else { return nil }
      switch ticket.fields[id] {
      case .text(let text): return text
      case .integer(let number): return "\(number)"
      default: return nil
      }
    }
  }

  private func value(_ words: [String], of user: UserRecord?) -> String? {
    guard let user else { return nil }
    if words.first == "organization" {
      return value(Array(words.dropFirst()), of: user.organization.flatMap { organizations[$0] })
    }
    guard words.count == 1 else { return nil }
    let names = user.name.split(separator: " ")
    switch words[0] {
    case "id": return user.id.description
    case "name": return user.name
    case "first_name": return names.first.map(String.init)
    case "last_name": return names.count > 1 ? names.last.map(String.init) : ""
    case "email": return user.email
    case "phone": return user.phone
    case "external_id": return user.externalID
    case "language", "locale": return user.locale
    case "time_zone": return user.timeZone
    case "notes": return user.notes
    case "tags": return user.tags.joined(separator: " ")
    case "office": return user.office?.rawValue
    default: return nil
    }
  }

  private func value(_ words: [String], of organization: OrganizationRecord?) -> String? {
    guard let organization, words.count == 1 else { return nil }
    switch words[0] {
    case "id": return organization.id.description
    case "name": return organization.name
    case "external_id": return organization.externalID
    case "details": return organization.details
    case "notes": return organization.notes
    default: return nil
    }
  }
}
