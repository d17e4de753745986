// A customer's login opens a few paths only; new routes stay closed to them until named here.

internal import HelpdeskDomain
internal import Hummingbird

/// What end users may call at all. What they may see and write there is for the routes and for
/// the domain to say.
enum CustomerPaths {
  /// These, and what lies below them.
  private static let trees = [
    "/api/v2/requests", "/api/v2/uploads", "/api/v2/attachments",
  ]
  private static let single = ["/api/v2/users/me", "/api/v2/account/settings"]

  static func check(_ actor: Actor, _ request: Request) throws(APIError) {
    guard actor.role == .endUser else { return }
    var path = request.uri.path
    if path.hasSuffix(".json") { path.removeLast(".json".count) }
    let isOpen =
      single.contains(path) || trees.contains { path == $0 || path.hasPrefix($0 + "/") }
    guard isOpen else {
      throw .forbidden(
        "The role \(actor.role.rawValue) may not read the desk; it has /api/v2/requests.")
    }
  }
}
