// Every route of a node, and who may use it: one line for each.

extension RouteRight {
  static let table =
    desk + people + accounts + node + ownership + fields + setup + history + customers

  private static let desk: [RouteRight] = [
    RouteRight("GET /health", .signedIn, isOpen: true),
    // From the node's own machine; else with a login.
    RouteRight("GET /metrics", .signedIn, isOpen: true),
    RouteRight("GET /api/v2/tickets", .readers),
    RouteRight("POST /api/v2/tickets", .editors, body: #"{"ticket":{"comment":{"body":"x"}}}"#),
    RouteRight("GET /api/v2/tickets/count", .readers),
    RouteRight("GET /api/v2/tickets/recent", .readers),
    RouteRight(
      "GET /api/v2/tickets/show_many", .readers,
      path: "/api/v2/tickets/show_many?ids={secret}&include=users,organizations"),
    RouteRight(
      "GET /api/v2/tickets/{id}", .readers, path: "/api/v2/tickets/{secret}?include=users"),
    RouteRight(
      "PUT /api/v2/tickets/{id}", .editors, "a field", body: #"{"ticket":{"priority":"high"}}"#),
    RouteRight(
      "PUT /api/v2/tickets/{id}", .editors, "a public reply",
      body: #"{"ticket":{"comment":{"body":"x","public":true}}}"#),
    RouteRight(
      "PUT /api/v2/tickets/{id}", .workers, "a private note",
      body: #"{"ticket":{"comment":{"body":"x","public":false}}}"#),
    RouteRight(
      "PATCH /api/v2/tickets/{id}", .editors, body: #"{"ticket":{"priority":"high"}}"#),
    RouteRight("DELETE /api/v2/tickets/{id}", .editors),
    RouteRight(
      "POST /api/v2/tickets/create_many", .editors,
      body: #"{"tickets":[{"comment":{"body":"x"}}]}"#, denied: .eachRow),
    RouteRight(
      "PUT /api/v2/tickets/update_many", .editors,
      path: "/api/v2/tickets/update_many?ids={ticket}", body: #"{"ticket":{"priority":"low"}}"#,
      denied: .eachRow),
    RouteRight(
      "PATCH /api/v2/tickets/update_many", .editors,
      body: #"{"tickets":[{"id":{ticket},"priority":"low"}]}"#, denied: .eachRow),
    RouteRight(
      "DELETE /api/v2/tickets/destroy_many", .editors,
      path: "/api/v2/tickets/destroy_many?ids={ticket}", denied: .eachRow),
    RouteRight("GET /api/v2/job_statuses", .signedIn),
    RouteRight("GET /api/v2/job_statuses/show_many", .signedIn),
    RouteRight("GET /api/v2/job_statuses/{id}", .signedIn, ok: 404...404),
    RouteRight(
      "GET /api/v2/tickets/{id}/comments", .readers,
      path: "/api/v2/tickets/{secret}/comments?include=users"),
    RouteRight(
      "GET /api/v2/tickets/{id}/comments/count", .readers,
      path: "/api/v2/tickets/{secret}/comments/count"),
    RouteRight(
      "GET /api/v2/tickets/{id}/audits", .privateReaders,
      path: "/api/v2/tickets/{secret}/audits"),
    RouteRight("GET /api/v2/tickets/{id}/audits/{audit}", .privateReaders, ok: 404...404),
    RouteRight("GET /api/v2/tickets/{id}/tags", .readers),
    RouteRight("POST /api/v2/tickets/{id}/tags", .editors, body: #"{"tags":["a"]}"#),
    RouteRight("PUT /api/v2/tickets/{id}/tags", .editors, body: #"{"tags":["a"]}"#),
    RouteRight("DELETE /api/v2/tickets/{id}/tags", .editors, body: #"{"tags":["sun"]}"#),
    RouteRight(
      "GET /api/v2/incremental/tickets/cursor", .privateReaders,
      path: "/api/v2/incremental/tickets/cursor?start_time=0"),
    RouteRight(
      "GET /api/v2/incremental/tickets", .privateReaders,
      path: "/api/v2/incremental/tickets?start_time=0"),
    RouteRight("GET /api/v2/organizations/{id}/tickets", .readers),
    RouteRight("GET /api/v2/users/{id}/tickets/requested", .readers),
    RouteRight("GET /api/v2/users/{id}/tickets/assigned", .readers),
    RouteRight("GET /api/v2/ticket_fields", .readers),
    RouteRight("GET /api/v2/ticket_fields/count", .readers),
    RouteRight(
      "POST /api/v2/ticket_fields", .admins, body: #"{"ticket_field":{"title":"T"}}"#),
    RouteRight("GET /api/v2/ticket_fields/{id}", .readers),
    RouteRight("GET /api/v2/search", .privateReaders, path: "/api/v2/search?query=sentinel"),
    RouteRight(
      "GET /api/v2/search/count", .privateReaders, path: "/api/v2/search/count?query=sentinel"),
    RouteRight(
      "GET /api/v2/search/export", .privateReaders,
      path: "/api/v2/search/export?query=type:ticket%20sentinel"),
    RouteRight("GET /api/v2/account/settings", .everybody),
  ]

  private static let people: [RouteRight] = [
    RouteRight("GET /api/v2/users", .readers),
    RouteRight(
      "POST /api/v2/users", .editors, "a customer", body: #"{"user":{"name":"C"}}"#),
    RouteRight(
      "POST /api/v2/users", .admins, "a colleague",
      body: #"{"user":{"name":"C","role":"agent"}}"#),
    RouteRight(
      "POST /api/v2/users", .admins, "with a password",
      body: #"{"user":{"name":"C","password":"correct horse battery"}}"#),
    RouteRight("GET /api/v2/users/me", .everybody),
    RouteRight("GET /api/v2/users/count", .readers),
    RouteRight(
      "GET /api/v2/users/show_many", .readers, path: "/api/v2/users/show_many?ids={known}"),
    RouteRight(
      "GET /api/v2/users/search", .privateReaders, path: "/api/v2/users/search?query=sentinel"),
    RouteRight(
      "GET /api/v2/users/autocomplete", .privateReaders,
      path: "/api/v2/users/autocomplete?name=sen"),
    RouteRight(
      "POST /api/v2/users/create_or_update", .editors,
      body: #"{"user":{"name":"C","email":"sentinel@mail.example"}}"#),
    RouteRight("GET /api/v2/users/{id}", .readers, path: "/api/v2/users/{known}"),
    RouteRight(
      "PUT /api/v2/users/{id}", .editors, "a customer", body: #"{"user":{"phone":"1"}}"#),
    RouteRight(
      "PUT /api/v2/users/{id}", .admins, "a colleague", path: "/api/v2/users/{colleague}",
      body: #"{"user":{"active":false}}"#),
    RouteRight(
      "PUT /api/v2/users/{id}", .workers, "oneself", path: "/api/v2/users/{self}",
      body: #"{"user":{"phone":"{fresh}"}}"#),
    RouteRight(
      "PUT /api/v2/users/{id}", .admins, "one's own role", path: "/api/v2/users/{self}",
      body: #"{"user":{"helio_role":"admin"}}"#),
    RouteRight("PATCH /api/v2/users/{id}", .editors, body: #"{"user":{"phone":"1"}}"#),
    RouteRight("DELETE /api/v2/users/{id}", .editors, "a customer"),
    RouteRight(
      "DELETE /api/v2/users/{id}", .admins, "a colleague", path: "/api/v2/users/{colleague}"),
    RouteRight("GET /api/v2/groups/{id}/users", .readers),
    RouteRight("GET /api/v2/organizations/{id}/users", .readers),
    RouteRight("GET /api/v2/groups", .readers),
    RouteRight("POST /api/v2/groups", .admins, body: #"{"group":{"name":"G {fresh}"}}"#),
    RouteRight("GET /api/v2/groups/assignable", .readers),
    RouteRight("GET /api/v2/groups/count", .readers),
    RouteRight("GET /api/v2/organizations/count", .readers),
    RouteRight("GET /api/v2/groups/{id}", .readers),
    RouteRight("PUT /api/v2/groups/{id}", .admins, body: #"{"group":{"description":"d"}}"#),
    RouteRight("PATCH /api/v2/groups/{id}", .admins, body: #"{"group":{"description":"d"}}"#),
    RouteRight("DELETE /api/v2/groups/{id}", .admins),
    RouteRight("GET /api/v2/users/{id}/groups", .readers),
    RouteRight("GET /api/v2/group_memberships", .readers),
    RouteRight(
      "POST /api/v2/group_memberships", .admins,
      body: #"{"group_membership":{"user_id":{colleague},"group_id":{group}}}"#),
    RouteRight("GET /api/v2/group_memberships/assignable", .readers),
    RouteRight("GET /api/v2/group_memberships/{id}", .readers),
    RouteRight("DELETE /api/v2/group_memberships/{id}", .admins),
    RouteRight("GET /api/v2/groups/{id}/memberships", .readers),
    RouteRight("GET /api/v2/users/{id}/group_memberships", .readers),
    RouteRight("GET /api/v2/organizations", .readers),
    RouteRight(
      "POST /api/v2/organizations", .editors, body: #"{"organization":{"name":"O {fresh}"}}"#),
    RouteRight(
      "GET /api/v2/organizations/search", .readers, path: "/api/v2/organizations/search?name=O"),
    RouteRight(
      "GET /api/v2/organizations/autocomplete", .readers,
      path: "/api/v2/organizations/autocomplete?name=O"),
    RouteRight(
      "GET /api/v2/organizations/show_many", .readers,
      path: "/api/v2/organizations/show_many?ids={organization}"),
    RouteRight("GET /api/v2/organizations/{id}", .readers),
    RouteRight(
      "PUT /api/v2/organizations/{id}", .editors, body: #"{"organization":{"details":"d"}}"#),
    RouteRight(
      "PATCH /api/v2/organizations/{id}", .editors, body: #"{"organization":{"details":"d"}}"#),
    RouteRight("DELETE /api/v2/organizations/{id}", .admins),
  ]

  private static let accounts: [RouteRight] = [
    RouteRight(
      "POST /api/v2/users/{id}/password", .admins, body: #"{"password":"correct horse battery"}"#),
    // The previous one is wrong, and that is what everybody is told.
    RouteRight(
      "PUT /api/v2/users/{id}/password", .signedIn, "one's own",
      path: "/api/v2/users/{self}/password",
      body: #"{"previous_password":"not it at all","password":"correct horse battery"}"#,
      ok: 422...422),
    RouteRight(
      "PUT /api/v2/users/{id}/password", .nobody, "another's",
      body: #"{"previous_password":"not it at all","password":"correct horse battery"}"#),
    RouteRight(
      "GET /api/v2/users/{id}/password/requirements", .signedIn, "one's own",
      path: "/api/v2/users/{self}/password/requirements"),
    RouteRight("GET /api/v2/users/{id}/password/requirements", .admins, "another's"),
    RouteRight("GET /api/v2/oauth/tokens", .signedIn),
    RouteRight(
      "GET /api/v2/oauth/tokens", .accountReaders, "all", path: "/api/v2/oauth/tokens?all=true"),
    RouteRight("POST /api/v2/oauth/tokens", .signedIn, body: #"{"token":{}}"#),
    RouteRight("GET /api/v2/oauth/tokens/current", .signedIn),
    RouteRight("DELETE /api/v2/oauth/tokens/current", .signedIn, spendsToken: true),
    RouteRight("GET /api/v2/oauth/tokens/{id}", .accountReaders, denied: .status(404)),
    RouteRight("DELETE /api/v2/oauth/tokens/{id}", .admins),
    RouteRight("GET /api/helio/v1/tokens", .signedIn),
    RouteRight(
      "GET /api/helio/v1/tokens", .accountReaders, "another's",
      path: "/api/helio/v1/tokens?user_id={colleague}"),
    RouteRight(
      "POST /api/helio/v1/tokens", .signedIn, "for oneself",
      body: #"{"token":{"user_id":{self}}}"#),
    RouteRight(
      "POST /api/helio/v1/tokens", .admins, "for another",
      body: #"{"token":{"user_id":{colleague}}}"#),
    RouteRight("GET /api/helio/v1/tokens/{id}", .accountReaders, denied: .status(404)),
    RouteRight("POST /api/helio/v1/tokens/{id}/revoke", .admins),
    RouteRight(
      "POST /api/helio/v1/users", .admins,
      body: #"{"user":{"name":"L","helio_role":"lead","password":"correct horse battery"}}"#),
    // The operator's, at the machine.
    RouteRight("POST /api/helio/v1/users/{id}/confirm", .nobody),
  ]

  private static let node: [RouteRight] = [
    RouteRight("GET /api/helio/v1/node", .readers),
    RouteRight("GET /api/helio/v1/sites", .readers),
    RouteRight("GET /api/helio/v1/members", .readers),
    RouteRight("POST /api/helio/v1/members/{node}/remove", .admins, ok: 404...404),
    RouteRight(
      "POST /api/helio/v1/invites", .admins,
      body: #"{"invite":{"office":"tokyo","zone":"Asia/Tokyo"}}"#),
    RouteRight("POST /api/helio/v1/links/{peer}/pause", .admins, ok: 404...404),
    RouteRight("POST /api/helio/v1/links/{peer}/resume", .admins, ok: 404...404),
    RouteRight("GET /api/helio/v1/alarms", .readers),
    RouteRight("GET /api/helio/v1/verify", .readers),
    // It compares, and writes nothing.
    RouteRight("POST /api/helio/v1/verify", .readers),
    RouteRight("GET /api/helio/v1/verify/head", .readers),
    RouteRight("GET /api/helio/v1/events", .readers),
    RouteRight("GET /api/helio/v1/presence", .readers),
    RouteRight(
      "PUT /api/helio/v1/presence", .workers, body: #"{"presence":{"ticket_id":{ticket}}}"#),
    RouteRight("DELETE /api/helio/v1/presence", .workers),
    RouteRight("GET /api/helio/v1/conflicts", .privateReaders),
    RouteRight("GET /api/helio/v1/merge-tasks", .privateReaders),
    RouteRight("GET /api/helio/v1/conflicts/{id}", .privateReaders, ok: 404...404),
    RouteRight(
      "POST /api/helio/v1/conflicts/{id}/resolve", .editors, body: #"{"choice":"keep"}"#,
      ok: 404...404),
    RouteRight(
      "POST /api/helio/v1/imports/incidents", .admins,
      body: #"{"source":"f","office_map":{},"rows":[]}"#),
  ]

  private static let ownership: [RouteRight] = [
    RouteRight("GET /api/helio/v1/roster", .readers),
    RouteRight("POST /api/helio/v1/roster", .admins, body: "name = 1", ok: 422...422),
    RouteRight("PUT /api/helio/v1/roster", .admins, body: "name = 1", ok: 422...422),
    RouteRight("GET /api/helio/v1/roster/coverage", .readers),
    RouteRight("GET /api/helio/v1/coverage", .readers),
    RouteRight("GET /api/helio/v1/ownership", .readers),
    RouteRight("POST /api/helio/v1/tickets/{id}/take", .editors),
    // There is one office and no roster: what is allowed is not always possible.
    RouteRight(
      "POST /api/helio/v1/tickets/{id}/hand-to", .editors, body: #"{"office":"paris"}"#,
      ok: 200...422),
    RouteRight("POST /api/helio/v1/tickets/{id}/send-back", .editors, ok: 409...409),
    RouteRight("POST /api/helio/v1/tickets/{id}/stay", .editors),
    RouteRight("POST /api/helio/v1/tickets/{id}/move-on", .editors),
    RouteRight("POST /api/helio/v1/tickets/{id}/cover", .leads, ok: 409...409),
    RouteRight("GET /api/helio/v1/handoffs", .readers),
    RouteRight("POST /api/helio/v1/handoffs/accept", .leads, ok: 200...409),
    RouteRight(
      "POST /api/helio/v1/handoffs/note", .editors, body: #"{"ticket_id":{ticket},"text":"t"}"#),
    RouteRight("POST /api/helio/v1/cover", .leads, ok: 409...409),
  ]
}
