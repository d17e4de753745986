// Attached files as the API needs them: what is uploaded, what is shown, and the bytes.

package import HelpdeskDomain
package import ReplicaCore

/// Where the bytes of a file are, as this node sees it.
package enum AttachmentState: Hashable, Sendable {
  case here
  /// They come, or a connected node may have them; so many bytes are here.
  case onTheWay(have: UInt64)
  /// No connected node has them; so many bytes came before.
  case missing(have: UInt64)
  /// Gone for good, everywhere.
  case redacted

  /// As `helio_state` shows it.
  package var name: String {
    switch self {
    case .here: "here"
    case .onTheWay: "on_the_way"
    case .missing: "missing"
    case .redacted: "redacted"
    }
  }
}

/// A file with the state of its bytes.
package struct ShownAttachment: Hashable, Sendable {
  package var record: AttachmentRecord
  package var state: AttachmentState
  /// The node at which it was added, where that is known.
  package var origin: String?

  package init(record: AttachmentRecord, state: AttachmentState, origin: String? = nil) {
    self.record = record
    self.state = state
    self.origin = origin
  }
}

/// What a client says about the file that it sends.
package struct UploadRequest: Hashable, Sendable {
  package var fileName: String
  package var contentType: String
  /// The upload to add it to; nil begins one.
  package var token: String?

  package init(fileName: String, contentType: String, token: String? = nil) {
    self.fileName = fileName
    self.contentType = contentType
    self.token = token
  }
}

/// An upload that no comment took yet.
package struct ShownUpload: Hashable, Sendable {
  package var token: String
  package var expiresAt: Instant
  /// At least one; the last is the newest.
  package var files: [AttachmentRecord]

  package init(token: String, expiresAt: Instant, files: [AttachmentRecord]) {
    self.token = token
    self.expiresAt = expiresAt
    self.files = files
  }
}

/// A file on its way in; for one caller. Unless it is finished, nothing stays of it.
package protocol UploadSink: Sendable {
  func write(_ bytes: [UInt8]) async throws(DeskFailure)
  /// Returns once the file and its upload are durable.
  func finish() async throws(DeskFailure) -> ShownUpload
  func abandon() async
}

/// The bytes of a file; they can be read to the end even if the file is removed meanwhile.
package protocol AttachmentBytes: Sendable {
  /// Up to `count` bytes from an offset; fewer only at the end.
  func read(_ count: Int, at offset: UInt64) throws(DeskFailure) -> [UInt8]
}

/// The files of this node's desk.
package protocol AttachmentService: Sendable {
  /// Begins to take in a file. Refuses an unknown token as not found.
  func receive(_ request: UploadRequest, as actor: Actor) async throws(DeskFailure)
    -> any UploadSink
  /// Removes an upload of the actor's with its files.
  func discard(upload token: String, as actor: Actor) async throws(DeskFailure)
  /// A file that the actor may read, or has uploaded; nil where there is none.
  func attachment(_ id: RowID, as actor: Actor) async throws(DeskFailure) -> ShownAttachment?
  /// All files of a ticket's comments, by comment and place.
  func attachments(ofTicket ticket: RowID) async throws(DeskFailure) -> [ShownAttachment]
  /// The bytes; nil where they are not here.
  func bytes(of attachment: AttachmentRecord) async throws(DeskFailure) -> (any AttachmentBytes)?
}
