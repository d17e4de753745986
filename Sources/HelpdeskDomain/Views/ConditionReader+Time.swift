// Conditions on time: hours since something happened, or a day it is compared with.

internal import ReplicaCore

/// A field that tells when.
enum TimeField {
  case created, updated, assigned, solved, sinceDue, untilDue
  /// Hours since the ticket got this status, while it has it.
  case status(TicketStatus)

  init?(_ name: String) {
    switch name {
    case "created_at", "created", "NEW": self = .created
    case "updated_at", "updated": self = .updated
    case "assigned_at", "assigned": self = .assigned
    case "solved_at", "solved", "SOLVED": self = .solved
    case "due_date", "due_at": self = .sinceDue
    case "until_due_date": self = .untilDue
    case "OPEN": self = .status(.open)
    case "PENDING": self = .status(.pending)
    case "HOLD": self = .status(.hold)
    case "CLOSED": self = .status(.closed)
    default: return nil
    }
  }

  /// What besides the time must hold.
  fileprivate var also: [TicketFilter] {
    switch self {
    case .solved: [TicketFilter(.status(.greaterOrEqual, TicketStatus.solved.rawValue))]
    case .status(let status): [TicketFilter(.status(.equal, status.rawValue))]
    case .created, .updated, .assigned, .sinceDue, .untilDue: []
    }
  }

  fileprivate func term(_ comparison: Comparison, _ instant: Instant) -> TicketFilter.Term {
    switch self {
    case .created: .created(comparison, instant)
    case .updated: .updated(comparison, instant)
    case .assigned: .assigned(comparison, instant)
    case .solved, .status: .statusSince(comparison, instant)
    case .sinceDue, .untilDue: .due(comparison, instant)
    }
  }
}

extension ConditionReader {
  private static let hour: Int64 = 3_600_000
  /// A hundred years, so that no sum overflows.
  private static let mostHours: Int64 = 876_000

  func time(_ condition: ViewCondition) throws(ConditionFault) -> TicketFilter {
    guard let field = TimeField(condition.field) else { throw .field }
    let allowed = "is, less_than, greater_than, less_than_equal or greater_than_equal"
    let comparison: Comparison
    if let bound = Self.bound(condition.comparison) {
      comparison = bound
    } else if condition.comparison == "is" {
      comparison = .equal
    } else {
      throw .comparison(allowed)
    }
    guard let text = condition.value.single else { throw .value("a number of hours, or a day") }
    let bounds: [(Comparison, Instant)]
    if let hours = Int64(text.trimmed) {
      guard (0...Self.mostHours).contains(hours) else {
        throw .value("0 to \(Self.mostHours) hours")
      }
      bounds = self.hours(hours, comparison, field)
    } else {
      guard let time = SearchTime(text.trimmed, now: now) else {
        throw .value("a number of hours, a day (2026-01-31) or a UTC time")
      }
      bounds = time.bounds(comparison)
    }
    return TicketFilter(
      .allOf(field.also + bounds.map { TicketFilter(field.term($0.0, $0.1)) }))
  }

  /// Less than 3 hours ago is later than 3 hours before now.
  private func hours(
    _ hours: Int64, _ comparison: Comparison, _ field: TimeField
  ) -> [(Comparison, Instant)] {
    if case .untilDue = field {
      let then = now + hours * Self.hour
      return switch comparison {
      case .equal: [(.greaterOrEqual, then), (.less, then + Self.hour)]
      case .less, .lessOrEqual: [(.greaterOrEqual, now), (comparison, then)]
      case .greater, .greaterOrEqual: [(comparison, then)]
      }
    }
    let then = now + -(hours * Self.hour)
    let past: [(Comparison, Instant)]
    if case .sinceDue = field { past = [(.lessOrEqual, now)] } else { past = [] }
    return switch comparison {
    case .equal: [(.lessOrEqual, then), (.greater, then + -Self.hour)]
    case .less: [(.greater, then)] + past
    case .lessOrEqual: [(.greaterOrEqual, then)] + past
    case .greater: [(.less, then)]
    case .greaterOrEqual: [(.lessOrEqual, then)]
    }
  }
}
