// Why an act on ownership has no effect: the reasons of refusals and of void verdicts.

package import ReplicaCore

/// A closed list; every reason follows from the act and its causal past.
package enum DutyRefusal: Error, Hashable, Sendable {
  /// Only a lead accepts and covers.
  case notLead
  /// No roster gives anybody duty: there is nothing to accept or cover.
  case noDuty
  case notOnDuty(office: OfficeID, onDuty: OfficeID?, until: Instant)
  /// The act names another slot than the one that ran at its time.
  case otherSlot(named: Instant, running: Instant)
  /// The act names another roster than the one in force at its time.
  case otherRoster(named: RosterVersion, inForce: RosterVersion)
  case noFallback
  case notFallback(office: OfficeID, fallback: OfficeID)
  /// The office on duty still has time to accept.
  case tooEarly(from: Instant)
  /// It was accepted, or nobody has to accept it.
  case nothingToCover
  case notOwner(office: OfficeID, owner: OfficeID)
  case unknownOffice(OfficeID)
  /// The receiving office is closed.
  case offShift(OfficeID, opensAt: Instant?, onDuty: OfficeID?)
  case noEarlierOwner
}

extension DutyRefusal: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notLead: "only a lead accepts and covers; ask the lead of the shift"
    case .noDuty: "no roster is in force for it; publish one, or work with the home office"
    case .notOnDuty(let office, let onDuty, _):
      "\(office) is not on duty; \(onDuty?.rawValue ?? "the home office") is, and may accept"
    case .otherSlot(let named, let running):
      "the act names the slot of \(named.utcText) but that of \(running.utcText) ran; read the board again"
    case .otherRoster(let named, let inForce):
      "the act names roster \(named) but \(inForce) is in force; synchronise and try again"
    case .noFallback: "the roster names no fallback office; name one to allow covering"
    case .notFallback(let office, let fallback):
      "\(office) is not the fallback office; \(fallback) may cover"
    case .tooEarly(let from):
      "the office on duty may still accept until \(from.utcText); wait for it"
    case .nothingToCover: "nothing waits for acceptance here; nothing has to be done"
    case .notOwner(let office, let owner):
      "\(office) does not own the ticket, \(owner) does; take it first"
    case .unknownOffice(let office): "there is no office \(office); see the list of members"
    case .offShift(let office, let opensAt, let onDuty):
      """
      \(office) is closed\(opensAt.map { " until \($0.utcText)" } ?? ""); choose an open office\
      \(onDuty.map { " such as \($0)" } ?? "")
      """
    case .noEarlierOwner: "no other office owned the ticket before; hand it to one by name"
    }
  }

  /// The refusal of a command for the same reason; nil where it is a matter of roles.
  package var ownership: OwnershipRefusal? {
    switch self {
    case .notLead: nil
    case .noDuty, .nothingToCover, .otherSlot, .otherRoster: .nothingToCover
    case .notOnDuty(let office, let onDuty, let until):
      .notOnDuty(office: office, onDuty: onDuty ?? office, until: until)
    case .noFallback: .noFallback
    case .notFallback(let office, let fallback):
      .notFallback(office: office, fallback: fallback)
    case .tooEarly(let from): .tooEarlyToCover(at: from)
    case .notOwner(let office, let owner): .notOwner(office: office, owner: owner)
    case .unknownOffice(let office): .unknownOffice(office)
    case .offShift(let office, let opensAt, let onDuty):
      .officeClosed(office, opensAt: opensAt, onDuty: onDuty)
    case .noEarlierOwner: .noEarlierOwner
    }
  }
}
