// What one line of the table of rights says.

import HelpdeskDomain
import Testing

/// Who may use a route. A route that is registered and has no line here fails the test.
struct RouteRight: Sendable, CustomTestStringConvertible {
  enum Denial: Sendable {
    /// The answer's status.
    case status(Int)
    /// A bulk request is answered with 200, and each of its rows is refused as forbidden.
    case eachRow
  }

  /// As registered, such as `GET /api/v2/tickets/{id}`.
  let route: String
  /// Of what, where a route has several lines.
  let what: String
  let may: Set<Role>
  /// The path and query that are asked for; nil: that of the route, filled in.
  let path: String?
  let body: String?
  /// The statuses that say "allowed".
  let ok: ClosedRange<Int>
  let denied: Denial
  /// Works without any login.
  let isOpen: Bool
  /// Spends the token it is asked with.
  let spendsToken: Bool

  init(
    _ route: String, _ may: Set<Role>, _ what: String = "", path: String? = nil,
    body: String? = nil, ok: ClosedRange<Int> = 200...299, denied: Denial = .status(403),
    isOpen: Bool = false, spendsToken: Bool = false
  ) {
    (self.route, self.may, self.what) = (route, may, what)
    (self.path, self.body, self.ok, self.denied) = (path, body, ok, denied)
    (self.isOpen, self.spendsToken) = (isOpen, spendsToken)
  }

  /// What a customer's login opens; everything else is refused at the door.
  var isForCustomers: Bool {
    ["requests", "uploads", "attachments"].contains { template.hasPrefix("/api/v2/\($0)") }
      || ["/api/v2/users/me", "/api/v2/account/settings"].contains(template)
  }
  var method: String { String(route.prefix { $0 != " " }) }
  var template: String { String(route.drop { $0 != " " }.dropFirst()) }
  var testDescription: String { what.isEmpty ? route : "\(route) (\(what))" }

  /// The path with the names of rows in it, such as `/api/v2/tickets/{ticket}`.
  var filled: String {
    if let path { return path }
    let rows = [
      "tickets": "{ticket}", "users": "{customer}", "groups": "{group}",
      "organizations": "{organization}", "group_memberships": "{membership}",
      "ticket_fields": "{field}", "tokens": "{token}", "conflicts": "{conflict}",
      "job_statuses": "none", "views": "{view}", "macros": "{macro}", "schedules": "{schedule}",
      "webhooks": "{webhook}", "requests": "{own}",
    ]
    let segments = template.split(separator: "/").map(String.init)
    return segments.indices.map { index in
      switch segments[index] {
      case "{id}": "/" + (index > 0 ? rows[segments[index - 1]] ?? "1" : "1")
      case let segment where segment.hasPrefix("{"): "/1"
      case let segment: "/" + segment
      }
    }.joined()
  }
}

extension Set<Role> {
  static let nobody: Set<Role> = []
  static let admins: Set<Role> = [.admin]
  static let accountReaders: Set<Role> = [.admin, .auditor]
  static let leads: Set<Role> = [.lead, .admin]
  static let editors: Set<Role> = [.agent, .lead, .admin]
  static let workers: Set<Role> = [.lightAgent, .agent, .lead, .admin]
  /// Private comments, history, how to reach a person.
  static let privateReaders: Set<Role> = [.auditor, .lightAgent, .agent, .lead, .admin]
  static let readers: Set<Role> = [.viewer, .auditor, .lightAgent, .agent, .lead, .admin]
  /// Whoever works with the desk has an account there; a customer has their requests alone.
  static let signedIn = readers
  static let everybody = readers.union([.endUser])
  /// Who may ask, as customers do.
  static let requesters = editors.union([.endUser])
  static let uploaders = workers.union([.endUser])
}
