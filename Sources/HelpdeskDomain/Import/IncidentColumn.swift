// The 36 columns of the incident log, by the names in its header.

/// A column of the incident event log; each is kept as a ticket field of the same key.
package enum IncidentColumn: String, Hashable, Sendable, CaseIterable {
  case number
  case incidentState = "incident_state"
  case active
  case reassignmentCount = "reassignment_count"
  case reopenCount = "reopen_count"
  case sysModCount = "sys_mod_count"
  case madeSLA = "made_sla"
  case callerID = "caller_id"
  case openedBy = "opened_by"
  case openedAt = "opened_at"
  case sysCreatedBy = "sys_created_by"
  case sysCreatedAt = "sys_created_at"
  case sysUpdatedBy = "sys_updated_by"
  case sysUpdatedAt = "sys_updated_at"
  case contactType = "contact_type"
  case location
  case category
  case subcategory
  case symptom = "u_symptom"
  case configurationItem = "cmdb_ci"
  case impact
  case urgency
  case priority
  case assignmentGroup = "assignment_group"
  case assignedTo = "assigned_to"
  case knowledge
  case priorityConfirmation = "u_priority_confirmation"
  case notify
  case problemID = "problem_id"
  case rfc
  case vendor
  case causedBy = "caused_by"
  case closedCode = "closed_code"
  case resolvedBy = "resolved_by"
  case resolvedAt = "resolved_at"
  case closedAt = "closed_at"

  /// Columns that every update of a record changes by itself. A row that changes nothing else
  /// makes no delta; its values come with the next one that does, or with a closing one.
  package static let bookkeeping: Set<IncidentColumn> = [
    .sysModCount, .sysUpdatedBy, .sysUpdatedAt,
  ]

  /// How the log writes an unknown value.
  package static let unknown = "?"

  /// The key of the field that holds how many snapshots are in: resuming starts after them.
  package static let snapshotKey = "incident_snapshot"
}
