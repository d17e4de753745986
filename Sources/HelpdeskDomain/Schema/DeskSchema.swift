// The helpdesk's replicated tables: codes are on the wire and never change.

package import ReplicaCore

/// The entities of the desk.
package enum Desk {
  package static let user = EntityCode(1)
  package static let token = EntityCode(2)
  package static let group = EntityCode(3)
  package static let membership = EntityCode(4)
  package static let organization = EntityCode(5)
  package static let ticket = EntityCode(6)
  package static let comment = EntityCode(7)
  package static let ticketField = EntityCode(8)
  package static let roster = EntityCode(9)
  package static let grant = EntityCode(10)
  package static let acceptance = EntityCode(11)
  package static let seen = EntityCode(12)
  package static let cover = EntityCode(13)
  package static let handoffNote = EntityCode(14)

  package static let schema = Schema(
    level: 2,
    entities: [
      EntitySpec(user, "user", UserColumn.specs),
      EntitySpec(token, "token", TokenColumn.specs),
      EntitySpec(group, "team", GroupColumn.specs),
      EntitySpec(membership, "membership", MembershipColumn.specs),
      EntitySpec(organization, "organization", OrganizationColumn.specs),
      EntitySpec(ticket, "ticket", TicketColumn.specs),
      EntitySpec(comment, "comment", CommentColumn.specs),
      EntitySpec(ticketField, "ticket_field", TicketFieldColumn.specs),
      EntitySpec(roster, "roster", RosterColumn.specs),
      EntitySpec(grant, "ownership_grant", GrantColumn.specs),
      EntitySpec(acceptance, "acceptance", AcceptanceColumn.specs),
      EntitySpec(seen, "seen", SeenColumn.specs),
      EntitySpec(cover, "cover", CoverColumn.specs),
      EntitySpec(handoffNote, "handoff_note", HandoffNoteColumn.specs),
      EntitySpec(site, "site", SiteColumn.specs),
      EntitySpec(view, "desk_view", ViewColumn.specs),
      EntitySpec(macro, "macro", MacroColumn.specs),
      EntitySpec(schedule, "schedule", ScheduleColumn.specs),
      EntitySpec(holiday, "holiday", HolidayColumn.specs),
      EntitySpec(importLink, "import_link", ImportLinkColumn.specs),
      EntitySpec(webhook, "webhook", WebhookColumn.specs),
      EntitySpec(alarmAck, "alarm_ack", AlarmAckColumn.specs),
      EntitySpec(attachment, "attachment", AttachmentColumn.specs),
    ])
}

package enum UserColumn {
  package static let name: UInt16 = 1
  package static let email: UInt16 = 2
  package static let role: UInt16 = 3
  package static let office: UInt16 = 4
  package static let active: UInt16 = 5
  package static let passwordHash: UInt16 = 6
  package static let organization: UInt16 = 7
  package static let locale: UInt16 = 8
  package static let externalID: UInt16 = 9
  package static let phone: UInt16 = 10
  package static let deleted: UInt16 = 11
  package static let tags: UInt16 = 12
  package static let notes: UInt16 = 13
  package static let timeZone: UInt16 = 14
  /// When the user was made in the system that it was imported from, milliseconds.
  package static let originalCreated: UInt16 = 15
  /// Names the row of another system that this one stands for; see ``ImportOrigin``.
  package static let origin: UInt16 = 16

  static let specs: [ColumnSpec] = [
    ColumnSpec(name, "name", personal: true),
    ColumnSpec(email, "email", personal: true, indexed: true),
    ColumnSpec(role, "role", indexed: true),
    ColumnSpec(office, "office"),
    ColumnSpec(active, "active", .register, .integer),
    ColumnSpec(passwordHash, "password_hash", personal: true),
    ColumnSpec(organization, "organization_id", .register, .integer, indexed: true),
    ColumnSpec(locale, "locale"),
    ColumnSpec(externalID, "external_id", indexed: true),
    ColumnSpec(phone, "phone", personal: true),
    ColumnSpec(deleted, "deleted", .register, .integer),
    ColumnSpec(tags, "tags", .set),
    ColumnSpec(notes, "notes", personal: true),
    ColumnSpec(timeZone, "time_zone"),
    ColumnSpec(originalCreated, "original_created_at", .register, .integer),
    ColumnSpec(origin, "origin", indexed: true),
  ]
}

package enum TokenColumn {
  package static let user: UInt16 = 1
  /// SHA-256 of the token, lowercase hex.
  package static let hash: UInt16 = 2
  package static let label: UInt16 = 3
  package static let revoked: UInt16 = 4
  /// Milliseconds; null never expires.
  package static let expiresAt: UInt16 = 5

  static let specs: [ColumnSpec] = [
    ColumnSpec(user, "user_id", .register, .integer, indexed: true),
    ColumnSpec(hash, "hash", indexed: true),
    ColumnSpec(label, "label"),
    ColumnSpec(revoked, "revoked", .register, .integer),
    ColumnSpec(expiresAt, "expires_at", .register, .integer),
  ]
}

package enum GroupColumn {
  package static let name: UInt16 = 1
  package static let description: UInt16 = 2
  package static let deleted: UInt16 = 3
  /// Home office of tickets that this group's imports and rules bring in; null: the creator's.
  package static let home: UInt16 = 4

  static let specs: [ColumnSpec] = [
    ColumnSpec(name, "name", indexed: true),
    ColumnSpec(description, "description"),
    ColumnSpec(deleted, "deleted", .register, .integer),
    ColumnSpec(home, "home_office"),
  ]
}

package enum MembershipColumn {
  package static let user: UInt16 = 1
  package static let group: UInt16 = 2
  package static let isDefault: UInt16 = 3
  package static let deleted: UInt16 = 4

  static let specs: [ColumnSpec] = [
    ColumnSpec(user, "user_id", .register, .integer, indexed: true),
    ColumnSpec(group, "group_id", .register, .integer, indexed: true),
    ColumnSpec(isDefault, "is_default", .register, .integer),
    ColumnSpec(deleted, "deleted", .register, .integer),
  ]
}

package enum OrganizationColumn {
  package static let name: UInt16 = 1
  package static let externalID: UInt16 = 2
  package static let domains: UInt16 = 3
  package static let details: UInt16 = 4
  package static let notes: UInt16 = 5
  package static let deleted: UInt16 = 6
  package static let tags: UInt16 = 7
  /// As ``UserColumn/originalCreated``.
  package static let originalCreated: UInt16 = 8
  /// As ``UserColumn/origin``.
  package static let origin: UInt16 = 9

  static let specs: [ColumnSpec] = [
    ColumnSpec(name, "name", indexed: true),
    ColumnSpec(externalID, "external_id", indexed: true),
    ColumnSpec(domains, "domain_names", .set),
    ColumnSpec(details, "details"),
    ColumnSpec(notes, "notes"),
    ColumnSpec(deleted, "deleted", .register, .integer),
    ColumnSpec(tags, "tags", .set),
    ColumnSpec(originalCreated, "original_created_at", .register, .integer),
    ColumnSpec(origin, "origin", indexed: true),
  ]
}

package enum TicketColumn {
  package static let subject: UInt16 = 1
  package static let status: UInt16 = 2
  package static let priority: UInt16 = 3
  package static let type: UInt16 = 4
  package static let requester: UInt16 = 5
  package static let submitter: UInt16 = 6
  package static let assignee: UInt16 = 7
  package static let group: UInt16 = 8
  package static let organization: UInt16 = 9
  package static let externalID: UInt16 = 10
  package static let dueAt: UInt16 = 11
  package static let tags: UInt16 = 12
  package static let collaborators: UInt16 = 13
  /// The ``Placement`` of the ticket in its compact text form.
  package static let placement: UInt16 = 14
  /// Map: ticket field id → value.
  package static let fields: UInt16 = 15
  package static let problem: UInt16 = 16
  package static let deleted: UInt16 = 17
  package static let recipient: UInt16 = 18
  /// When the ticket was made in the system that it was imported from, milliseconds.
  package static let originalCreated: UInt16 = 19
  /// When it was solved there, milliseconds.
  package static let originalSolved: UInt16 = 20
  /// The ticket that this one was merged into.
  package static let mergedInto: UInt16 = 21
  /// As ``UserColumn/origin``.
  package static let origin: UInt16 = 22

  static let specs: [ColumnSpec] = [
    ColumnSpec(subject, "subject", personal: true),
    ColumnSpec(status, "status"),
    ColumnSpec(priority, "priority"),
    ColumnSpec(type, "type"),
    ColumnSpec(requester, "requester_id", .register, .integer, indexed: true),
    ColumnSpec(submitter, "submitter_id", .register, .integer),
    ColumnSpec(assignee, "assignee_id", .register, .integer, indexed: true),
    ColumnSpec(group, "group_id", .register, .integer, indexed: true),
    ColumnSpec(organization, "organization_id", .register, .integer, indexed: true),
    ColumnSpec(externalID, "external_id", indexed: true),
    ColumnSpec(dueAt, "due_at", .register, .integer),
    ColumnSpec(tags, "tags", .set),
    ColumnSpec(collaborators, "collaborator_ids", .set),
    ColumnSpec(placement, "placement"),
    ColumnSpec(fields, "fields", .map),
    ColumnSpec(problem, "problem_id", .register, .integer, indexed: true),
    ColumnSpec(deleted, "deleted", .register, .integer),
    ColumnSpec(recipient, "recipient", personal: true),
    ColumnSpec(originalCreated, "original_created_at", .register, .integer),
    ColumnSpec(originalSolved, "original_solved_at", .register, .integer),
    ColumnSpec(mergedInto, "merged_into", .register, .integer, indexed: true),
    ColumnSpec(origin, "origin", indexed: true),
  ]
}

package enum CommentColumn {
  package static let ticket: UInt16 = 1
  package static let author: UInt16 = 2
  package static let isPublic: UInt16 = 3
  package static let body: UInt16 = 4
  package static let htmlBody: UInt16 = 5
  /// When it was written in the system that it was imported from, milliseconds.
  package static let originalCreated: UInt16 = 6
  /// As ``UserColumn/origin``.
  package static let origin: UInt16 = 7

  static let specs: [ColumnSpec] = [
    ColumnSpec(ticket, "ticket_id", .register, .integer, indexed: true),
    ColumnSpec(author, "author_id", .register, .integer),
    ColumnSpec(isPublic, "public", .register, .integer),
    ColumnSpec(body, "body", personal: true),
    ColumnSpec(htmlBody, "html_body", personal: true),
    ColumnSpec(originalCreated, "original_created_at", .register, .integer),
    ColumnSpec(origin, "origin", indexed: true),
  ]
}

package enum TicketFieldColumn {
  package static let title: UInt16 = 1
  package static let type: UInt16 = 2
  /// Stable machine name, such as the column name of an import.
  package static let key: UInt16 = 3
  package static let active: UInt16 = 4
  package static let position: UInt16 = 5
  package static let description: UInt16 = 6
  /// JSON array of options.
  package static let options: UInt16 = 7
  package static let deleted: UInt16 = 8
  /// Map: option id → the option in JSON, or null where it was taken away. Lies over `options`.
  package static let choices: UInt16 = 9

  static let specs: [ColumnSpec] = [
    ColumnSpec(title, "title"),
    ColumnSpec(type, "type"),
    ColumnSpec(key, "key", indexed: true),
    ColumnSpec(active, "active", .register, .integer),
    ColumnSpec(position, "position", .register, .integer),
    ColumnSpec(description, "description"),
    ColumnSpec(options, "options"),
    ColumnSpec(deleted, "deleted", .register, .integer),
    ColumnSpec(choices, "choices", .map),
  ]
}

package enum RosterColumn {
  package static let number: UInt16 = 1
  /// The ``RosterPublication`` in canonical JSON, zones' offset changes included.
  package static let publication: UInt16 = 2

  static let specs: [ColumnSpec] = [
    ColumnSpec(number, "number", .register, .integer),
    ColumnSpec(publication, "publication"),
  ]
}
