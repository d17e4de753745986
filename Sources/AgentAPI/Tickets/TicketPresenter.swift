// How a ticket looks on the wire: all keys of the API, null where empty.

internal import HelpdeskDomain
internal import ReplicaCore

struct TicketPresenter {
  /// Scheme and host for the URLs.
  let base: String
  /// What this replica had applied before the tickets were read.
  let version: String
  /// Fields whose 0 and 1 are false and true.
  var checkboxes: Set<RowID>
  /// Who reads; nil shows all.
  var reader: Actor?

  func write(_ ticket: TicketRecord, to json: inout JSONWriter) {
    json.object { json in members(of: ticket, to: &json) }
  }

  /// The ticket without what the reader may not see.
  func shown(_ ticket: TicketRecord) -> TicketRecord {
    guard reader?.role.mayReadPrivate == false else { return ticket }
    var ticket = ticket
    if !ticket.isDescriptionPublic { ticket.description = nil }
    ticket.recipient = nil
    return ticket
  }

  func members(of ticket: TicketRecord, to json: inout JSONWriter) {
    let ticket = shown(ticket)
    json.field("url", url(ticket.id))
    json.field("id", ticket.id)
    json.field("external_id", ticket.externalID)
    json.key("via")
    ticket.via.write(to: &json)
    json.field("created_at", ticket.createdAt)
    json.field("updated_at", ticket.updatedAt)
    json.field("generated_timestamp", ticket.appliedAt.seconds)
    json.field("type", ticket.type)
    json.field("subject", ticket.subject)
    json.field("raw_subject", ticket.subject)
    json.field("description", ticket.description)
    json.field("priority", ticket.priority)
    json.field("status", ticket.deleted ? "deleted" : ticket.status)
    json.field("custom_status_id", BuiltInStatus(word: ticket.status)?.id)
    json.field("recipient", ticket.recipient)
    json.field("requester_id", ticket.requester)
    json.field("submitter_id", ticket.submitter)
    json.field("assignee_id", ticket.assignee)
    json.field("organization_id", ticket.organization)
    json.field("group_id", ticket.group)
    json.field("collaborator_ids", ticket.collaborators)
    json.field("follower_ids", ticket.collaborators)
    json.field("email_cc_ids", [RowID]())
    json.null("forum_topic_id")
    json.field("problem_id", ticket.problem)
    json.field("has_incidents", ticket.hasIncidents)
    json.field("is_public", ticket.isPublic)
    json.field("due_at", ticket.dueAt)
    json.field("tags", ticket.tags)
    writeFields(ticket.fields, as: "custom_fields", to: &json)
    writeFields(ticket.fields, as: "fields", to: &json)
    json.null("satisfaction_rating")
    json.field("sharing_agreement_ids", [RowID]())
    json.field("followup_ids", [RowID]())
    json.field("ticket_form_id", TicketFormRoutes.id)
    json.field("brand_id", BrandRoutes.id)
    json.field("allow_channelback", false)
    json.field("allow_attachments", true)
    json.field("from_messaging_channel", false)
    json.field("version", version)
  }

  func url(_ ticket: RowID) -> String { "\(base)/api/v2/tickets/\(ticket).json" }

  private func writeFields(
    _ fields: [RowID: Value], as name: String, to json: inout JSONWriter
  ) {
    json.key(name)
    json.array(fields.sorted { $0.key < $1.key }) { json, field in
      json.object { json in
        json.field("id", field.key)
        if checkboxes.contains(field.key), let number = field.value.integer {
          json.field("value", number != 0)
        } else {
          json.field("value", field.value)
        }
      }
    }
  }
}

extension Via: JSONWritable {
  func write(to json: inout JSONWriter) {
    json.object { json in
      json.field("channel", channel)
      json.field(
        "source",
        object: { json in
          json.field("from", object: { _ in })
          json.field("to", object: { _ in })
          json.null("rel")
        })
    }
  }
}
