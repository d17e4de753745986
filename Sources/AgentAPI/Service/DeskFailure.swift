// What a service can answer instead of a result.

package import HelpdeskDomain

/// Why a call of ``DeskService`` or ``NodeService`` gave no result.
package enum DeskFailure: Error, Sendable {
  /// The rules say no; nothing was written.
  case refused(Refusal)
  /// The node could not do it; the state is as before.
  case failed(OperationalError)
}

/// Something in the node that does not work, in words for the one who must mend it.
package struct OperationalError: Error, Hashable, Sendable {
  /// A stable name, such as `RosterUnreadable`.
  package var code: String
  package var message: String
  /// What to do.
  package var hint: String
  /// The error underneath, for the log; not shown to clients.
  package var cause: String?
  /// The caller's input is at fault, so the answer is 422 and not 500.
  package var isInput: Bool

  package init(
    code: String, message: String, hint: String, cause: String? = nil, isInput: Bool = false
  ) {
    self.code = code
    self.message = message
    self.hint = hint
    self.cause = cause
    self.isInput = isInput
  }
}
