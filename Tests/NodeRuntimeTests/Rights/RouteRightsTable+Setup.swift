// Who may use what a desk sets up for its work: fields, views, macros, schedules, receivers.

extension RouteRight {
  static let fields: [RouteRight] = [
    RouteRight("GET /api/v2/brands", .readers),
    RouteRight("GET /api/v2/locales", .readers),
    RouteRight("GET /api/v2/locales/agent", .readers),
    RouteRight("GET /api/v2/locales/public", .readers),
    RouteRight("GET /api/v2/locales/current", .readers),
    RouteRight("GET /api/v2/custom_statuses", .readers),
    RouteRight("GET /api/v2/ticket_forms", .readers),
    RouteRight("GET /api/v2/user_fields", .readers),
    RouteRight("GET /api/v2/organization_fields", .readers),
    RouteRight("GET /api/v2/brands/{id}", .readers, ok: 200...404),
    RouteRight("GET /api/v2/locales/{id}", .readers, ok: 200...404),
    RouteRight("GET /api/v2/custom_statuses/{id}", .readers, ok: 200...404),
    RouteRight("GET /api/v2/ticket_forms/{id}", .readers, ok: 200...404),
    RouteRight(
      "GET /api/v2/ticket_forms/show_many", .readers, path: "/api/v2/ticket_forms/show_many?ids=1"),
    RouteRight("PUT /api/v2/ticket_fields/{id}", .admins, body: #"{"ticket_field":{"title":"U"}}"#),
    RouteRight(
      "PATCH /api/v2/ticket_fields/{id}", .admins, body: #"{"ticket_field":{"title":"U"}}"#),
    RouteRight("DELETE /api/v2/ticket_fields/{id}", .admins),
    RouteRight(
      "GET /api/v2/ticket_fields/{id}/options", .readers,
      path: "/api/v2/ticket_fields/{list}/options"),
    RouteRight(
      "POST /api/v2/ticket_fields/{id}/options", .admins,
      path: "/api/v2/ticket_fields/{list}/options",
      body: #"{"custom_field_option":{"name":"A","value":"a"}}"#),
    RouteRight(
      "GET /api/v2/ticket_fields/{id}/options/{option}", .readers,
      path: "/api/v2/ticket_fields/{list}/options/1", ok: 404...404),
    RouteRight(
      "DELETE /api/v2/ticket_fields/{id}/options/{option}", .admins,
      path: "/api/v2/ticket_fields/{list}/options/1", ok: 404...404),
  ]

  private static let open =
    #""all":[{"field":"status","operator":"less_than","value":"solved"}]"#
  private static let output =
    #""output":{"columns":["subject","description","requester"]}"#
  private static let personal = #""restriction":{"type":"User","id":{self}}"#
  private static let closing = #""title":"M","actions":[{"field":"status","value":"solved"}]"#

  static let setup: [RouteRight] = [
    RouteRight(
      "POST /api/v2/views", .leads, "for everybody", body: "{\"view\":{\"title\":\"V\",\(open)}}"),
    RouteRight(
      "POST /api/v2/views", .editors, "one's own",
      body: "{\"view\":{\"title\":\"V\",\(open),\(personal)}}"),
    RouteRight("GET /api/v2/views", .readers),
    RouteRight("GET /api/v2/views/active", .readers),
    RouteRight("GET /api/v2/views/compact", .readers),
    RouteRight("GET /api/v2/views/count", .readers),
    RouteRight("GET /api/v2/views/search", .readers, path: "/api/v2/views/search?query=V"),
    RouteRight("GET /api/v2/views/show_many", .readers, path: "/api/v2/views/show_many?ids={view}"),
    RouteRight(
      "GET /api/v2/views/count_many", .readers, path: "/api/v2/views/count_many?ids={view}"),
    RouteRight("GET /api/v2/views/{id}", .readers),
    RouteRight(
      "GET /api/v2/views/{id}", .nobody, "another's own", path: "/api/v2/views/{mine}",
      denied: .status(404)),
    RouteRight(
      "GET /api/v2/views/{id}/execute", .nobody, "another's own",
      path: "/api/v2/views/{mine}/execute", denied: .status(404)),
    RouteRight(
      "GET /api/v2/views/{id}/tickets", .nobody, "another's own",
      path: "/api/v2/views/{mine}/tickets", denied: .status(404)),
    RouteRight("GET /api/v2/views/{id}/count", .readers),
    RouteRight("GET /api/v2/views/{id}/execute", .readers),
    RouteRight("GET /api/v2/views/{id}/tickets", .readers),
    RouteRight("PUT /api/v2/views/{id}", .leads, body: #"{"view":{"title":"W"}}"#),
    RouteRight("PATCH /api/v2/views/{id}", .leads, body: #"{"view":{"title":"W"}}"#),
    RouteRight("DELETE /api/v2/views/{id}", .leads),
    RouteRight(
      "DELETE /api/v2/views/destroy_many", .leads, path: "/api/v2/views/destroy_many?ids={view}"),
    // They look, and write nothing.
    RouteRight(
      "POST /api/v2/views/preview", .readers,
      body: "{\"view\":{\"title\":\"V\",\(open),\(output)}}"),
    RouteRight(
      "POST /api/v2/views/preview/count", .readers,
      body: "{\"view\":{\"title\":\"V\",\(open),\(output)}}"),
    RouteRight(
      "POST /api/v2/macros", .leads, "for everybody", body: "{\"macro\":{\(closing)}}"),
    RouteRight(
      "POST /api/v2/macros", .editors, "one's own",
      body: "{\"macro\":{\(closing),\(personal)}}"),
    RouteRight("GET /api/v2/macros", .readers),
    RouteRight("GET /api/v2/macros/active", .readers),
    RouteRight("GET /api/v2/macros/count", .readers),
    RouteRight("GET /api/v2/macros/actions", .readers),
    RouteRight("GET /api/v2/macros/categories", .readers),
    RouteRight("GET /api/v2/macros/search", .readers, path: "/api/v2/macros/search?query=M"),
    RouteRight("GET /api/v2/macros/{id}", .readers),
    RouteRight(
      "GET /api/v2/macros/{id}", .nobody, "another's own", path: "/api/v2/macros/{my macro}",
      denied: .status(404)),
    RouteRight(
      "GET /api/v2/macros/{id}/apply", .nobody, "another's own",
      path: "/api/v2/macros/{my macro}/apply", denied: .status(404)),
    RouteRight("GET /api/v2/macros/{id}/apply", .readers),
    RouteRight("PUT /api/v2/macros/{id}", .leads, body: #"{"macro":{"title":"N"}}"#),
    RouteRight("PATCH /api/v2/macros/{id}", .leads, body: #"{"macro":{"title":"N"}}"#),
    RouteRight("DELETE /api/v2/macros/{id}", .leads),
    RouteRight(
      "DELETE /api/v2/macros/destroy_many", .leads,
      path: "/api/v2/macros/destroy_many?ids={macro}"),
    RouteRight(
      "POST /api/v2/macros/{id}/apply_many", .editors,
      path: "/api/v2/macros/{macro}/apply_many?ids={ticket}", denied: .eachRow),
    // Placeholders stand for comments and addresses too.
    RouteRight(
      "GET /api/v2/tickets/{id}/macros/{macro}/apply", .privateReaders,
      path: "/api/v2/tickets/{secret}/macros/{macro}/apply"),
    RouteRight("GET /api/v2/business_hours/schedules", .readers),
    RouteRight(
      "POST /api/v2/business_hours/schedules", .admins,
      body: #"{"schedule":{"name":"S","time_zone":"Europe/Paris"}}"#),
    RouteRight("GET /api/v2/business_hours/schedules/{id}", .readers),
    RouteRight(
      "PUT /api/v2/business_hours/schedules/{id}", .admins, body: #"{"schedule":{"name":"T"}}"#),
    RouteRight(
      "PATCH /api/v2/business_hours/schedules/{id}", .admins, body: #"{"schedule":{"name":"T"}}"#),
    RouteRight("DELETE /api/v2/business_hours/schedules/{id}", .admins),
    RouteRight(
      "PUT /api/v2/business_hours/schedules/{id}/workweek", .admins,
      body: #"{"workweek":{"intervals":[{"start_time":1980,"end_time":2460}]}}"#),
    RouteRight("GET /api/v2/business_hours/schedules/{id}/holidays", .readers),
    RouteRight(
      "POST /api/v2/business_hours/schedules/{id}/holidays", .admins,
      body: #"{"holiday":{"name":"H","start_date":"2026-12-25","end_date":"2026-12-26"}}"#),
    RouteRight(
      "GET /api/v2/business_hours/schedules/{id}/holidays/{holiday}", .readers,
      path: "/api/v2/business_hours/schedules/{holiday}"),
    RouteRight(
      "PUT /api/v2/business_hours/schedules/{id}/holidays/{holiday}", .admins,
      path: "/api/v2/business_hours/schedules/{holiday}", body: #"{"holiday":{"name":"I"}}"#),
    RouteRight(
      "PATCH /api/v2/business_hours/schedules/{id}/holidays/{holiday}", .admins,
      path: "/api/v2/business_hours/schedules/{holiday}", body: #"{"holiday":{"name":"I"}}"#),
    RouteRight(
      "DELETE /api/v2/business_hours/schedules/{id}/holidays/{holiday}", .admins,
      path: "/api/v2/business_hours/schedules/{holiday}"),
    RouteRight("GET /api/v2/webhooks", .admins),
    RouteRight(
      "POST /api/v2/webhooks", .admins,
      body: """
        {"webhook":{"name":"P","endpoint":"https://pager.example/in",\
        "subscriptions":["helio:alarm.*"]}}
        """),
    RouteRight(
      "POST /api/v2/webhooks/test", .admins, path: "/api/v2/webhooks/test?webhook_id={webhook}"),
    RouteRight("GET /api/v2/webhooks/{id}", .admins),
    RouteRight("PUT /api/v2/webhooks/{id}", .admins, body: #"{"webhook":{"status":"inactive"}}"#),
    RouteRight("PATCH /api/v2/webhooks/{id}", .admins, body: #"{"webhook":{"status":"inactive"}}"#),
    RouteRight("DELETE /api/v2/webhooks/{id}", .admins),
    RouteRight("GET /api/v2/webhooks/{id}/signing_secret", .admins),
    RouteRight("POST /api/v2/webhooks/{id}/signing_secret", .admins),
    RouteRight("GET /api/v2/webhooks/{id}/deliveries", .admins),
  ]
}
