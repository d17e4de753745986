// The limits of the desk, in one place; every refusal over one of them names it.

/// Limits of what people may put into the desk. Characters are Unicode scalars, bytes are UTF-8.
package enum DeskLimits {
  /// A subject, in characters.
  package static let subjectCharacters = 1_000
  /// One comment body, plain or HTML, in bytes. Up to here it is kept whole.
  package static let bodyBytes = 512 << 10
  /// Names, titles, labels, external ids, phone numbers, in characters.
  package static let nameCharacters = 255
  /// An e-mail address, in characters.
  package static let emailCharacters = 254
  /// One tag, in characters.
  package static let tagCharacters = 255
  /// Tags of one ticket, user or organization.
  package static let tags = 500
  /// Collaborators of one ticket.
  package static let collaborators = 100
  /// Tickets that are merged into another one at once.
  package static let mergedTickets = 100
  /// Files of one comment.
  package static let attachments = 50
  /// The name of a file, in characters.
  package static let fileNameCharacters = 255
  /// Custom field values in one command.
  package static let fieldValues = 200
  /// One custom field value, in bytes.
  package static let fieldBytes = 64 << 10
  /// Notes, details, hand-off notes, in bytes.
  package static let noteBytes = 64 << 10
  /// What is written on taking notice of an alarm, in characters.
  package static let alarmNoteCharacters = 1_000
  /// How often one user takes notice of one alarm.
  package static let alarmNotes = 10
  /// Tokens of one user that are neither revoked nor expired.
  package static let tokens = 100
  /// A stored password hash, in bytes.
  package static let passwordHashBytes = 1_024
  /// Options of a ticket field, JSON, in bytes.
  package static let optionsBytes = 256 << 10
  /// A roster publication in canonical JSON, in bytes.
  package static let publicationBytes = 1 << 20
  /// Rows that one command may touch, so that a delta stays below 2 MiB.
  package static let rowsPerCommand = 400
  /// Texts of one command together, in bytes: below the 2 MiB of a delta with all that goes along.
  package static let commandBytes = 3 << 19
  /// Between two *seen* entries of one node, in milliseconds.
  package static let seenInterval: Int64 = 60_000
  /// Webhooks of the desk.
  package static let webhooks = 100
  /// A webhook's address, in bytes.
  package static let endpointBytes = 2_048
  /// Events that one webhook subscribes to.
  package static let subscriptions = 50
  /// The length of a search, in bytes.
  package static let searchBytes = 4_096
  /// Conditions of one view.
  package static let conditions = 100
  /// Values of one condition.
  package static let conditionValues = 100
  /// Values of all conditions of one view.
  package static let viewValues = 1_000
  /// Columns of one view.
  package static let viewColumns = 30
  /// Actions of one macro.
  package static let macroActions = 100
  /// Conditions of a view or actions of a macro in JSON, in bytes.
  package static let ruleBytes = 64 << 10
  /// Options of one ticket field.
  package static let fieldOptions = 2_000
  /// Intervals of one schedule's week.
  package static let scheduleIntervals = 168
  /// The length of one holiday, in days.
  package static let holidayDays = 730
  /// Terms of one search.
  package static let searchTerms = 64
}
