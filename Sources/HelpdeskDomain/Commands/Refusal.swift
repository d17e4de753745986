// Why a command was refused: a closed list, switched over exhaustively at the edge.

package import ReplicaCore

/// A command was not accepted; nothing was written.
package enum Refusal: Error, Hashable, Sendable {
  /// There is no such row, or it was deleted.
  case notFound(kind: String, id: String)
  /// The actor's role or office does not allow it.
  case forbidden(Forbidden)
  /// The input breaks rules; one entry per problem.
  case invalid([FieldProblem])
  /// `safe_update`: the ticket changed after the given second on this replica.
  case updateConflict(ticket: RowID, changedAt: Instant)
  /// Ownership does not allow it now.
  case ownership(OwnershipRefusal)
  /// A named limit is exceeded.
  case overLimit(limit: String, value: Int64, maximum: Int64)
  /// The node's clock jumped: it may not accept or cover.
  case clockUntrusted(driftMilliseconds: Int64)
  /// The node is read-only until it is admitted again (after restore or a fork).
  case readOnly(reason: String)
  /// The disk is full; reads go on.
  case storageFull
}

/// What the actor lacks.
package enum Forbidden: Hashable, Sendable {
  case role(Role, needs: String)
  case office(OfficeID, needs: String)
  case inactiveUser(RowID)
  /// A view or a macro of one person is made and kept by that person alone.
  case ownerOnly(owner: RowID, actor: RowID)
}

/// Why an act on ownership is refused. `board` names who is on duty so that a person can act.
package enum OwnershipRefusal: Hashable, Sendable {
  case notOnDuty(office: OfficeID, onDuty: OfficeID, until: Instant)
  case notFallback(office: OfficeID, fallback: OfficeID?)
  case tooEarlyToCover(at: Instant)
  case notOwner(office: OfficeID, owner: OfficeID)
  case foreignTicket(owner: OfficeID)
  case unknownOffice(OfficeID)
  /// The office that would receive is closed; `opensAt` is nil where the roster never opens it.
  case officeClosed(OfficeID, opensAt: Instant?, onDuty: OfficeID?)
  case nothingToCover
  case noFallback
  case noEarlierOwner
}

/// One problem of the input.
package struct FieldProblem: Hashable, Sendable {
  package enum Code: String, Hashable, Sendable {
    case blankValue = "BlankValue"
    case invalidValue = "InvalidValue"
    case duplicateValue = "DuplicateValue"
    case recordNotFound = "RecordNotFound"
    case tooLong = "TooLong"
  }

  /// The JSON field, or `base` for the whole.
  package var field: String
  package var code: Code
  /// What is wrong, against which rule, what to do.
  package var message: String

  package init(_ field: String, _ code: Code, _ message: String) {
    self.field = field
    self.code = code
    self.message = message
  }
}
