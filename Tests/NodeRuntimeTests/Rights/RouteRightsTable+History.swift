// Who may use exports, imports and what stands around tickets; and what customers may.

extension RouteRight {
  static let history: [RouteRight] = [
    RouteRight(
      "GET /api/v2/incremental/organizations", .privateReaders,
      path: "/api/v2/incremental/organizations?start_time=0"),
    RouteRight(
      "GET /api/v2/incremental/organizations/cursor", .privateReaders,
      path: "/api/v2/incremental/organizations/cursor?start_time=0"),
    RouteRight(
      "GET /api/v2/incremental/ticket_events", .privateReaders,
      path: "/api/v2/incremental/ticket_events?start_time=0"),
    RouteRight(
      "GET /api/v2/incremental/ticket_events/cursor", .privateReaders,
      path: "/api/v2/incremental/ticket_events/cursor?start_time=0"),
    RouteRight(
      "GET /api/v2/incremental/users", .privateReaders,
      path: "/api/v2/incremental/users?start_time=0"),
    RouteRight(
      "GET /api/v2/incremental/users/cursor", .privateReaders,
      path: "/api/v2/incremental/users/cursor?start_time=0"),
    RouteRight(
      "POST /api/v2/imports/tickets", .admins, body: #"{"ticket":{"comments":[{"body":"x"}]}}"#),
    RouteRight(
      "POST /api/v2/imports/tickets/create_many", .admins,
      body: #"{"tickets":[{"comments":[{"body":"x"}]}]}"#),
    RouteRight(
      "POST /api/helio/v1/imports/zendesk", .admins,
      body: #"{"kind":"organizations","office":"paris","rows":[]}"#),
    RouteRight("POST /api/v2/tickets/{id}/merge", .editors, body: #"{"ids":[{ticket}]}"#),
    RouteRight(
      "GET /api/v2/tickets/{id}/related", .readers, path: "/api/v2/tickets/{secret}/related"),
    RouteRight(
      "GET /api/v2/tickets/{id}/metrics", .readers, path: "/api/v2/tickets/{secret}/metrics"),
    RouteRight(
      "GET /api/v2/tickets/{id}/incidents", .readers, path: "/api/v2/tickets/{secret}/incidents"),
    RouteRight(
      "GET /api/v2/tickets/{id}/collaborators", .readers,
      path: "/api/v2/tickets/{secret}/collaborators"),
    RouteRight("GET /api/v2/ticket_metrics", .readers),
    RouteRight("GET /api/v2/problems", .readers),
    RouteRight("GET /api/v2/users/{id}/tickets/ccd", .readers),
    // Descriptions may be private comments.
    RouteRight("GET /api/v2/deleted_tickets", .privateReaders),
    RouteRight(
      "PUT /api/v2/deleted_tickets/{id}/restore", .editors,
      path: "/api/v2/deleted_tickets/{deleted}/restore"),
    RouteRight(
      "PUT /api/v2/deleted_tickets/restore_many", .editors,
      path: "/api/v2/deleted_tickets/restore_many?ids={deleted}"),
    RouteRight(
      "POST /api/v2/users/create_many", .editors, "customers",
      body: #"{"users":[{"name":"C","email":"c{fresh}@mail.example"}]}"#, denied: .eachRow),
    RouteRight(
      "POST /api/v2/users/create_many", .admins, "with a password",
      body: #"{"users":[{"name":"C","password":"correct horse battery"}]}"#, denied: .eachRow),
    RouteRight(
      "POST /api/v2/users/create_or_update_many", .editors, "customers",
      body: #"{"users":[{"name":"C","email":"c{fresh}@mail.example"}]}"#, denied: .eachRow),
    // Nor is a viewer told who has the address.
    RouteRight(
      "POST /api/v2/users/create_or_update_many", .editors, "one who is there",
      body: #"{"users":[{"name":"Ada","email":"sentinel@mail.example"}]}"#, denied: .eachRow),
    RouteRight(
      "POST /api/v2/users/create_or_update_many", .admins, "with a password",
      body: #"{"users":[{"name":"C","password":"correct horse battery"}]}"#, denied: .eachRow),
    RouteRight(
      "POST /api/v2/organizations/create_many", .editors,
      body: #"{"organizations":[{"name":"O {fresh}"}]}"#, denied: .eachRow),
    RouteRight(
      "POST /api/v2/organizations/create_or_update", .editors,
      body: #"{"organization":{"name":"O {fresh}"}}"#),
    RouteRight(
      "GET /api/v2/users/{id}/identities", .privateReaders,
      path: "/api/v2/users/{known}/identities"),
    RouteRight(
      "GET /api/v2/users/{id}/organization_memberships", .readers,
      path: "/api/v2/users/{known}/organization_memberships?include=users"),
    RouteRight(
      "GET /api/v2/organization_memberships", .readers,
      path: "/api/v2/organization_memberships?include=users"),
    RouteRight("GET /api/helio/v1/handoffs/next", .readers),
    // It tells who did what, and what was promised to whom.
    RouteRight(
      "GET /api/helio/v1/handoffs/report", .privateReaders,
      path: "/api/helio/v1/handoffs/report?from=2026-09-18T00:00:00Z&to=2026-09-18T08:00:00Z"),
    // No alarm stands here.
    RouteRight("POST /api/helio/v1/alarms/{id}/acknowledge", .editors, ok: 404...404),
  ]

  static let customers: [RouteRight] = [
    RouteRight("GET /api/v2/requests", .everybody),
    RouteRight("GET /api/v2/requests/open", .everybody),
    RouteRight("GET /api/v2/requests/solved", .everybody),
    RouteRight("GET /api/v2/requests/ccd", .everybody),
    RouteRight(
      "POST /api/v2/requests", .requesters,
      body: #"{"request":{"subject":"S","comment":{"body":"x"}}}"#),
    RouteRight("GET /api/v2/requests/{id}", .everybody, "one's own"),
    RouteRight(
      "GET /api/v2/requests/{id}", .readers, "another's",
      path: "/api/v2/requests/{secret}?include=users", denied: .status(404)),
    RouteRight(
      "PUT /api/v2/requests/{id}", .requesters, "one's own",
      body: #"{"request":{"comment":{"body":"y"}}}"#),
    RouteRight(
      "PATCH /api/v2/requests/{id}", .requesters, "one's own",
      body: #"{"request":{"comment":{"body":"y"}}}"#),
    RouteRight(
      "PUT /api/v2/requests/{id}", .requesters, "another's", path: "/api/v2/requests/{secret}",
      body: #"{"request":{"comment":{"body":"y"}}}"#, ok: 404...404),
    RouteRight("GET /api/v2/requests/{id}/comments", .everybody, "one's own"),
    RouteRight(
      "GET /api/v2/requests/{id}/comments", .readers, "another's",
      path: "/api/v2/requests/{secret}/comments", denied: .status(404)),
    RouteRight("GET /api/v2/requests/{id}/comments/{comment}", .everybody, ok: 404...404),
    RouteRight(
      "GET /api/v2/users/{id}/requests", .readers,
      path: "/api/v2/users/{known}/requests?include=users"),
    RouteRight("GET /api/v2/organizations/{id}/requests", .readers),
    RouteRight(
      "POST /api/v2/uploads", .uploaders, path: "/api/v2/uploads?filename=a.txt", body: "a"),
    // One's own uploads, and files of comments that one may read; here there are none.
    RouteRight(
      "DELETE /api/v2/uploads/{token}", .everybody, path: "/api/v2/uploads/none", ok: 404...404),
    RouteRight("GET /api/v2/attachments/{id}", .everybody, ok: 404...404),
    RouteRight("GET /api/v2/attachments/{id}/content", .everybody, ok: 404...404),
    RouteRight(
      "PUT /api/v2/tickets/{id}/comments/{comment}/attachments/{attachment}/redact", .editors,
      ok: 404...404),
  ]
}
