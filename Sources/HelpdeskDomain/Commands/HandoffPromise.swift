// What an office promised a customer, so that the office after it keeps it.

package import ReplicaCore

/// A promise that goes along with a hand-off note.
package struct HandoffPromise: Hashable, Sendable {
  /// What was promised, in words.
  package var text: String
  /// To whom, in words; nil: to the requester.
  package var to: String?
  /// Until when, roster time.
  package var until: Instant

  package init(text: String, to: String? = nil, until: Instant) {
    self.text = text
    self.to = to
    self.until = until
  }
}
