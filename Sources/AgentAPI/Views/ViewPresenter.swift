// How a view looks on the wire.

internal import HelpdeskDomain
internal import ReplicaCore

struct ViewPresenter {
  let base: String
  /// By id, for the titles of columns.
  let fields: [RowID: TicketFieldRecord]

  init(base: String, fields: [TicketFieldRecord]) {
    self.base = base
    self.fields = Dictionary(fields.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
  }

  func write(_ view: ViewRecord, to json: inout JSONWriter) {
    json.object { json in
      json.field("url", url(view.id))
      json.field("id", view.id)
      json.field("title", view.title)
      json.field("raw_title", view.title)
      json.field("active", view.active)
      json.field("default", false)
      json.field("position", view.position)
      json.field("description", view.description)
      json.field("created_at", view.createdAt)
      json.field("updated_at", view.updatedAt)
      json.field("execution", object: { execution(view.output, to: &$0) })
      json.field(
        "conditions",
        object: { json in
          conditions("all", view.conditions.all, to: &json)
          conditions("any", view.conditions.any, to: &json)
        })
      json.field("restriction", view.restriction)
      json.field("watchable", true)
    }
  }

  private func conditions(
    _ name: String, _ list: [ViewCondition], to json: inout JSONWriter
  ) {
    json.key(name)
    json.array(list) { json, condition in
      json.object { json in
        json.field("field", condition.field)
        json.field("operator", condition.comparison)
        json.field("value", condition.value)
      }
    }
  }

  private func execution(_ output: ViewOutput, to json: inout JSONWriter) {
    let group = order(output.groupAscending)
    let sort = order(output.sortAscending)
    json.field("group_by", output.groupBy)
    json.field("group_order", group)
    json.field("sort_by", output.sortBy)
    json.field("sort_order", sort)
    sorting("group", output.groupBy, group, to: &json)
    sorting("sort", output.sortBy, sort, to: &json)
    json.key("columns")
    columns(output.columns, to: &json)
    json.key("fields")
    columns(output.columns.filter { ViewOutput.title($0) != nil }, to: &json)
    json.key("custom_fields")
    columns(output.columns.filter { ViewOutput.title($0) == nil }, to: &json)
  }

  private func order(_ isAscending: Bool) -> String { isAscending ? "asc" : "desc" }

  private func sorting(
    _ name: String, _ column: String?, _ order: String, to json: inout JSONWriter
  ) {
    guard let column else { return json.null(name) }
    json.field(
      name,
      object: { json in
        json.field("id", column)
        json.field("title", ViewOutput.title(column) ?? column)
        json.field("order", order)
      })
  }

  /// A list of columns with their titles; a custom field also says its type and where it is.
  func columns(_ names: [String], to json: inout JSONWriter) {
    json.array(names) { json, name in
      json.object { json in
        if let title = ViewOutput.title(name) {
          json.field("id", name)
          json.field("title", title)
        } else if let number = Int64(name) {
          let field = fields[RowID(number)]
          json.field("id", number)
          json.field("title", field?.title ?? name)
          json.field("type", field?.type ?? "text")
          json.field("url", "\(base)/api/v2/ticket_fields/\(number).json")
        } else {
          json.field("id", name)
          json.field("title", name)
        }
      }
    }
  }

  /// The ticket of a row in short.
  func brief(
    _ ticket: TicketRecord, _ comment: CommentRecord?, _ tickets: TicketPresenter,
    to json: inout JSONWriter
  ) {
    json.field(
      "ticket",
      object: { json in
        json.field("id", ticket.id)
        json.field("subject", ticket.subject)
        json.field("description", ticket.description)
        json.field("status", ticket.status)
        json.field("type", ticket.type)
        json.field("priority", ticket.priority)
        json.field("url", tickets.url(ticket.id))
        guard let comment else { return json.null("last_comment") }
        json.field(
          "last_comment",
          object: { json in
            json.field("id", comment.id)
            json.field("author_id", comment.author)
            json.field("body", comment.body)
            json.field("public", comment.isPublic)
            json.field("created_at", comment.createdAt)
          })
      })
  }

  /// The columns of a row.
  func cells(_ columns: [String], of ticket: TicketRecord, to json: inout JSONWriter) {
    for name in columns { cell(name, of: ticket, to: &json) }
    let custom = columns.compactMap { Int64($0) }.map { RowID($0) }
    for name in ["custom_fields", "fields"] {
      json.key(name)
      json.array(custom) { json, id in
        json.object { json in
          json.field("id", id)
          json.field("value", ticket.fields[id] ?? .null)
        }
      }
    }
  }

  private func cell(_ name: String, of ticket: TicketRecord, to json: inout JSONWriter) {
    switch name {
    case "nice_id": json.field(name, ticket.id)
    case "status": json.field(name, ticket.status)
    case "subject": json.field(name, ticket.subject)
    case "description": json.field(name, ticket.description)
    case "requester": json.field("requester_id", ticket.requester)
    case "submitter": json.field("submitter_id", ticket.submitter)
    case "assignee": json.field("assignee_id", ticket.assignee)
    case "group": json.field("group_id", ticket.group)
    case "organization": json.field("organization_id", ticket.organization)
    case "priority": json.field(name, ticket.priority)
    case "type": json.field(name, ticket.type)
    case "created": json.field(name, ticket.createdAt)
    case "updated": json.field(name, ticket.updatedAt)
    case "assigned": json.field(name, ticket.assignee == nil ? nil : ticket.assignedAt)
    case "solved": json.field(name, ticket.isSolved ? ticket.statusSince : nil)
    case "due_date": json.field(name, ticket.dueAt)
    case "helio_home":
      json.field(name, Placement(ticket.placement.map { .text($0) } ?? .null)?.home)
    default:
      if let number = Int64(name) { json.field(name, ticket.fields[RowID(number)] ?? .null) }
    }
  }

  func count(_ view: RowID?, active: Bool, _ value: Int, to json: inout JSONWriter) {
    json.object { json in
      json.field("view_id", view)
      json.field("url", view.map { "\(base)/api/v2/views/\($0)/count.json" })
      json.field("value", value)
      json.field("pretty", "\(value)")
      json.field("fresh", true)
      json.field("active", active)
    }
  }

  func url(_ view: RowID) -> String { "\(base)/api/v2/views/\(view).json" }
}

extension TicketRecord {
  fileprivate var isSolved: Bool { status == "solved" || status == "closed" }
}
