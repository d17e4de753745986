// Offices are present in windows; duty is given out among the windows that are open.

package import ReplicaCore

/// A stretch of time in which an office is staffed: the union of its touching waves.
package struct OfficeWindow: Hashable, Sendable {
  package var office: OfficeID
  package var start: Instant
  package var end: Instant

  package init(office: OfficeID, start: Instant, end: Instant) {
    self.office = office
    self.start = start
    self.end = end
  }

  package func contains(_ instant: Instant) -> Bool { start <= instant && instant < end }
}

/// A half-open stretch of time in milliseconds since 1970.
struct Span: Hashable, Sendable {
  var start: Int64
  var end: Int64

  func contains(_ instant: Int64) -> Bool { start <= instant && instant < end }
}

extension [Span] {
  /// The span that holds an instant; the spans are ordered and apart.
  func span(at instant: Int64) -> Span? {
    let index = partitioned { $0.start > instant }
    guard index > 0, self[index - 1].end > instant else { return nil }
    return self[index - 1]
  }
}
