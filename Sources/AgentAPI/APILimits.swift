// The limits of the agent API, in one place.

/// Limits that a client can meet; each error names the limit it met.
package enum APILimits {
  /// A request body, in bytes.
  package static let bodyBytes = 1 << 20
  /// Of a body over the limit of a file so much is read and thrown away, in bytes.
  package static let uploadDrainBytes: UInt64 = 64 << 20
  /// An upload gets a second more for so many bytes that came.
  package static let uploadBytesPerSecond: UInt64 = 8 << 10
  /// A file is sent in pieces of so many bytes.
  package static let filePieceBytes = 256 << 10
  /// All header fields of a request together, in bytes.
  package static let headerBytes = 64 << 10
  /// One header field or the request line, in bytes.
  package static let headerFieldBytes = 32 << 10
  package static let headerCount = 100
  /// For the header, for the body, and for an idle or unread connection, in seconds.
  package static let timeoutSeconds: Int64 = 15
  /// Open connections of one listener; more wait in the backlog.
  package static let connections = 4_096
  /// Rows of a page.
  package static let pageSize = 100
  /// Rows of a page of an export.
  package static let exportRows = 1_000
  /// Records that offset paging reaches.
  package static let offsetRecords = 10_000
  /// Rows of one bulk request (`create_many`, `show_many`, …).
  package static let bulkRows = 100
  /// Views that are counted in one request.
  package static let countedViews = 20
  /// Views of the compact list.
  package static let compactViews = 32
  /// Rows of one batch of an import.
  package static let importRows = 1_000
  /// Finished bulk jobs that are remembered, of all users.
  package static let jobs = 1_000
  /// Requests of one user in a minute, unless the configuration says otherwise.
  package static let requestsPerMinute = 60_000
  /// Users whose request counters are kept at once.
  package static let countedUsers = 10_000
  /// Event streams that one user has open at once.
  package static let eventStreams = 100
  /// Events that wait for a slow reader of the event stream; the rest are counted as lost.
  package static let eventsBuffered = 1_024
  /// Deltas that an event stream reads back for a client that was away.
  package static let eventsReplayed = 10_000
  /// Notices to one webhook that are shown.
  package static let deliveries = 1_000
  /// The longest stretch of a shift report, in milliseconds: a week.
  package static let shiftMilliseconds: Int64 = 7 * 86_400_000
  /// Between two signs of life on the event stream.
  package static let eventPingSeconds: Int64 = 10
  /// Between two looks whether the listener may still listen.
  package static let eventCheckSeconds: Int64 = 2
  /// Who was last said to be present so many seconds ago is gone.
  package static let presenceSeconds: Int64 = 60
  /// Agents who are present at one node.
  package static let presences = 2_000
  /// Nested arrays and objects of a body.
  package static let jsonDepth = 32
}
