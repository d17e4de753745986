// The node and the cluster: state, sites, members, invitations, links, verification.

internal import HelpdeskDomain
internal import Hummingbird
internal import ReplicaCore

struct NodeRoutes {
  let node: any NodeService

  func add(to routes: Routes) {
    routes.get("/node", status)
    routes.get("/sites", sites)
    routes.get("/members", members)
    routes.post("/members/{node}/remove", remove)
    routes.post("/invites", invite)
    routes.post("/links/{peer}/pause") { try await link($0, paused: true) }
    routes.post("/links/{peer}/resume") { try await link($0, paused: false) }
    routes.get("/verify", verify)
    routes.post("/verify", verify)
    routes.get("/verify/head", head)
  }

  @Sendable private func status(_ call: Call) async throws -> Response {
    try call.mustRead()
    return try .codable(["node": try await node.status()])
  }

  @Sendable private func sites(_ call: Call) async throws -> Response {
    try call.mustRead()
    return try .codable(["sites": try await node.sites()])
  }

  @Sendable private func members(_ call: Call) async throws -> Response {
    try call.mustRead()
    return try .codable(["members": try await node.members()])
  }

  @Sendable private func remove(_ call: Call) async throws -> Response {
    try call.mustAdminister("remove a node")
    var body = try await call.optionalJSON()
    let confirm = body.text("confirm")
    try body.check()
    let removed = try await node.remove(
      node: call.text("node"), confirm: confirm, as: call.actor)
    return try .codable(["member": removed])
  }

  @Sendable private func invite(_ call: Call) async throws -> Response {
    try call.mustAdminister("invite a node")
    var body = try await call.json("invite")
    let office = body.office("office")
    let zone = body.text("zone")
    let languages = body.texts("languages") ?? []
    let ttl = body.integer("ttl_seconds") ?? 1_800
    if office == nil, !body.has("office") {
      body.problem("office", .blankValue, "office must be the code of the office to invite")
    }
    if ttl < 1 || ttl > 30 * 86_400 {
      body.problem("ttl_seconds", .invalidValue, "ttl_seconds must be 1 s to 30 days")
    }
    try body.check()
    let request = InviteRequest(
      office: office?.rawValue ?? "", zone: zone, languages: languages, ttlSeconds: ttl)
    return try .codable(["invite": try await node.invite(request, as: call.actor)], .created)
  }

  /// The peer's name, or `all`.
  private func link(_ call: Call, paused: Bool) async throws -> Response {
    try call.mustAdminister(paused ? "pause a link" : "resume a link")
    let peer = call.text("peer")
    let sites = try await node.setLink(
      peer: peer == "all" ? nil : peer, paused: paused, as: call.actor)
    return try .codable(["sites": sites])
  }

  @Sendable private func verify(_ call: Call) async throws -> Response {
    try call.mustRead()
    return try .codable(["verify": try await node.verify()])
  }

  @Sendable private func head(_ call: Call) async throws -> Response {
    try call.mustRead()
    guard let head = try await node.signedHead() else { throw APIError.notFound }
    return try .codable(["head": head])
  }
}
