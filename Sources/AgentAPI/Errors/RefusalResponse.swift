// The one place where the domain's refusals become HTTP answers.

internal import HelpdeskDomain
internal import Hummingbird
internal import ReplicaCore

extension APIError {
  /// The answer to a refusal.
  init(_ refusal: Refusal) {
    switch refusal {
    case .notFound("office", let code):
      self = .notFound
      description =
        "There is no office \"\(code.prefix(64))\" in this cluster; /api/helio/v1/sites names all."
    case .notFound:
      self = .notFound
    case .forbidden(let lack):
      self = .forbidden(Self.describe(lack))
    case .invalid(let problems):
      self = .invalid(problems)
    case .updateConflict(let ticket, let changedAt):
      self.init(
        status: .conflict, error: "UpdateConflict",
        description: "Ticket \(ticket) was changed at \(WireTime.text(changedAt)), after your "
          + "updated_stamp. Read it again and repeat the change. Only changes that this node has "
          + "applied are compared.")
    case .ownership(let reason):
      self.init(reason)
    case .overLimit(let limit, let value, let maximum):
      self.init(
        status: .contentTooLarge, error: "LimitExceeded",
        description: "\(limit) is \(value), the limit is \(maximum). Nothing was written; send "
          + "less.")
    case .clockUntrusted(let drift):
      self.init(
        status: .serviceUnavailable, error: "ClockUntrusted",
        description: "This node's clock is off by \(drift) ms against its peers or its own steady "
          + "time, so it may not accept or cover. Mend the clock, or accept at another node.")
    case .readOnly(let reason):
      self.init(
        status: .serviceUnavailable, error: "ReadOnly",
        description: "This node takes no writes; write at another one. \(reason)")
    case .storageFull:
      self.init(
        status: HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage"),
        error: "StorageFull",
        description: "The disk of this node is full, so nothing was written; reads go on. Free "
          + "space and repeat.")
    }
  }

  private static func describe(_ lack: Forbidden) -> String {
    switch lack {
    case .role(let role, let needs): "The role \(role.rawValue) may not do this; it needs \(needs)."
    case .office(let office, let needs):
      "Agents of \(office) may not do this; it needs \(needs)."
    case .inactiveUser(let user): "User \(user) is not active."
    case .ownerOnly(let owner, let actor):
      "Nobody keeps a personal view or macro for another: restriction.id must be your own id, "
        + "\(actor), not \(owner). To share it, name a group or send \"restriction\": null."
    }
  }

  private init(_ reason: OwnershipRefusal) {
    let error: String
    let description: String
    switch reason {
    case .notOnDuty(let office, let onDuty, let until):
      error = "NotOnDuty"
      description =
        "\(office) is not on duty: \(onDuty) is, until \(WireTime.text(until)). Only the office "
        + "on duty accepts."
    case .notFallback(let office, let fallback):
      error = "NotFallback"
      description =
        "\(office) is not the fallback"
        + (fallback.map { ": \($0) is" } ?? " and the roster names none")
        + ". Only the fallback office covers."
    case .tooEarlyToCover(let at):
      error = "TooEarlyToCover"
      description =
        "The office on duty may still accept until \(WireTime.text(at)); cover after that."
    case .notOwner(let office, let owner):
      error = "NotOwner"
      description = "\(owner) owns this ticket, not \(office). Take it first, or ask \(owner)."
    case .foreignTicket(let owner):
      error = "ForeignTicket"
      description =
        "\(owner) owns this ticket. To take it nevertheless, send \"even_if_foreign\": true."
    case .unknownOffice(let office):
      self = .invalid(
        "office", .recordNotFound, "\(office) is no office of this cluster; see /api/helio/v1/sites"
      )
      return
    case .officeClosed(let office, let opensAt, let onDuty):
      error = "OfficeClosed"
      let opens = opensAt.map { " until \(WireTime.text($0))" } ?? ": the roster gives it no shift"
      description =
        "\(office) is closed\(opens)." + (onDuty.map { " Choose an open office: \($0)." } ?? "")
    case .nothingToCover:
      error = "NothingToCover"
      description = "Nothing is waiting to be covered now."
    case .noFallback:
      error = "NoFallback"
      description = "The roster names no fallback office, so nobody may cover. Publish one."
    case .noEarlierOwner:
      error = "NoEarlierOwner"
      description = "No other office has owned this ticket, so it cannot be sent back."
    }
    self.init(status: .conflict, error: error, description: description)
  }

  /// The answer to a service's failure.
  init(_ failure: DeskFailure) {
    switch failure {
    case .refused(let refusal): self.init(refusal)
    case .failed(let error):
      self.init(
        status: error.isInput ? .unprocessableContent : .internalServerError, error: error.code,
        description: error.hint.isEmpty ? error.message : "\(error.message) \(error.hint)")
    }
  }
}
