// How a ticket looks to the customer who asked for it.

internal import HelpdeskDomain
internal import ReplicaCore

struct RequestPresenter {
  let base: String
  let reader: Actor
  /// The first public text of each request; a customer sees no private one.
  let texts: [RowID: String]

  func write(_ ticket: TicketRecord, to json: inout JSONWriter) {
    json.object { json in
      json.field("url", url(ticket.id))
      json.field("id", ticket.id)
      json.field("status", Self.status(ticket.status))
      json.null("custom_status_id")
      json.field("priority", ticket.priority)
      json.field("type", ticket.type)
      json.field("subject", ticket.subject)
      json.field("description", texts[ticket.id])
      json.field("organization_id", ticket.organization)
      json.field("via", ticket.via)
      json.field("requester_id", ticket.requester)
      json.field("assignee_id", ticket.assignee)
      json.field("group_id", ticket.group)
      json.field("collaborator_ids", ticket.collaborators)
      json.field("email_cc_ids", [RowID]())
      json.field("is_public", texts[ticket.id] != nil)
      json.field("due_at", ticket.dueAt)
      json.field("can_be_solved_by_me", mayBeSolved(ticket))
      json.field("solved", ticket.status == "solved" || ticket.status == "closed")
      json.field("recipient", reader.role == .viewer ? nil : ticket.recipient)
      json.null("followup_source_id", "ticket_form_id", "satisfaction_rating")
      json.field("created_at", ticket.createdAt)
      json.field("updated_at", ticket.updatedAt)
    }
  }

  func url(_ ticket: RowID) -> String { "\(base)/api/v2/requests/\(ticket).json" }

  /// Waiting for a third party is the desk's affair.
  private static func status(_ status: String) -> String { status == "hold" ? "open" : status }

  private func mayBeSolved(_ ticket: TicketRecord) -> Bool {
    ticket.requester == reader.user && ticket.assignee != nil && ticket.status != "solved"
      && ticket.status != "closed"
  }
}
