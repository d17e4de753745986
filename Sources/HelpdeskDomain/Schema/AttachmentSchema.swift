// Files attached to comments: their rows are replicated, their bytes follow by hash.

package import ReplicaCore

extension Desk {
  /// One row for each file of a comment. Inserted with its comment; only ever redacted afterwards.
  package static let attachment = EntityCode(16)
}

package enum AttachmentColumn {
  package static let comment: UInt16 = 1
  package static let ticket: UInt16 = 2
  package static let fileName: UInt16 = 3
  /// As its author declared it; what is served is decided anew.
  package static let contentType: UInt16 = 4
  /// In bytes.
  package static let size: UInt16 = 5
  /// SHA-256 of the bytes.
  package static let hash: UInt16 = 6
  /// Place among the files of the comment, from 0.
  package static let position: UInt16 = 7
  /// 1: the bytes are gone for good, everywhere.
  package static let redacted: UInt16 = 8

  static let specs: [ColumnSpec] = [
    ColumnSpec(comment, "comment_id", .register, .integer, indexed: true),
    ColumnSpec(ticket, "ticket_id", .register, .integer, indexed: true),
    ColumnSpec(fileName, "file_name", personal: true),
    ColumnSpec(contentType, "content_type"),
    ColumnSpec(size, "size", .register, .integer),
    ColumnSpec(hash, "hash", .register, .blob, indexed: true),
    ColumnSpec(position, "position", .register, .integer),
    ColumnSpec(redacted, "redacted", .register, .integer),
  ]
}
