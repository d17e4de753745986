// Why a verified delta has no effect; the same on every node, kept and shown with the delta.

/// The rule that a void delta breaks. The raw value is what stores and APIs keep.
package enum VoidReason: String, Error, Hashable, Sendable, CaseIterable {
  /// A user acts without naming the write that gave the role.
  case noAuthority = "no_authority"
  /// The named write did not give this user a role.
  case foreignAuthority = "foreign_authority"
  /// The role was changed or taken away before this act, and its author had that change.
  case supersededAuthority = "superseded_authority"
  /// The user was deactivated or deleted before this act, and its author had that change.
  case inactiveActor = "inactive_actor"
  /// The role does not allow such changes.
  case role = "role"
  /// A light agent sends what a customer sees.
  case publicReply = "public_reply"
  /// A node without a user does what only a user may.
  case nodeAct = "node_act"
  /// A new row has an id of another replica.
  case foreignRowID = "foreign_row_id"
  /// A row that is only ever inserted is changed afterwards.
  case rewrite = "rewrite"
  /// One delta writes a register twice: what is checked would not be what is shown.
  case doubleWrite = "double_write"
  /// A write names another that its author had not got.
  case unseenSibling = "unseen_sibling"
  /// A fence higher than the token and the writes named allow.
  case fence = "fence"
  /// Owner's rights are claimed by an office that did not own the ticket.
  case notOwner = "not_owner"
  /// Accepted by an office that was not on duty in that slot.
  case notOnDuty = "not_on_duty"
  /// An act in the name of an office other than the actor's.
  case otherOffice = "other_office"
  /// Covered by an office that is not the fallback, or before its time.
  case notFallback = "not_fallback"
  /// A grant whose slot, roster, chain or office does not fit its causal past.
  case badGrant = "bad_grant"
  /// A placement that cannot be read, or weighs other than one more than what it replaces.
  case badPlacement = "bad_placement"
  /// A roster publication that cannot be read or breaks the rules of rosters.
  case badRoster = "bad_roster"
  /// A row lacks what its kind needs.
  case incomplete = "incomplete"

  /// What stores and APIs keep; never changes.
  package var code: String { rawValue }

  /// For people: what happened and what it means.
  package var words: String {
    switch self {
    case .noAuthority: "the act names no role"
    case .foreignAuthority: "the act names a role of somebody else"
    case .supersededAuthority: "the role had been changed before"
    case .inactiveActor: "the user had been deactivated before"
    case .role: "the role does not allow it"
    case .publicReply: "a light agent may not reply publicly"
    case .nodeAct: "only a user may do this"
    case .foreignRowID: "the new row has an id of another node"
    case .rewrite: "entries of this kind are never changed"
    case .doubleWrite: "it writes one value twice"
    case .unseenSibling: "it replaces a write that its author had not seen"
    case .fence: "it claims a higher token than it held"
    case .notOwner: "the office did not own the ticket"
    case .notOnDuty: "the office was not on duty"
    case .otherOffice: "it acts for another office"
    case .notFallback: "the office was not the fallback, or it was too early to cover"
    case .badGrant: "the grant does not fit what was known"
    case .badPlacement: "the placement does not fit what was known"
    case .badRoster: "the roster cannot be used"
    case .incomplete: "the entry lacks what its kind needs"
    }
  }
}
