// When the rows that every desk has were made: loaders sort and compare these dates, so they are there.

internal import ReplicaCore

extension JSONWriter {
  /// `created_at` and `updated_at` of a built-in field, form, status, brand or language: the same on every
  /// node and in every release, and earlier than any row of a desk.
  mutating func builtInDates() {
    let since = Instant(milliseconds: 1_767_225_600_000)  // 2026-01-01T00:00:00Z
    field("created_at", since)
    field("updated_at", since)
  }
}
