// Views, macros, schedules and field options on the wire are what clients of this API expect.

import AgentAPI
import Foundation
import HelpdeskDomain
import Hummingbird
import ReplicaCore
import Testing

@Suite struct SetupShapeTests {
  private static let view = """
    {"view":{"title":"Unsolved","all":[{"field":"status","operator":"less_than",\
    "value":"solved"}],"any":[{"field":"current_tags","operator":"includes","value":"vip"}],\
    "output":{"columns":["nice_id","subject","requester","assignee","updated"],\
    "group_by":"assignee","group_order":"desc","sort_by":"updated_at","sort_order":"asc"},\
    "restriction":{"type":"Group","id":70001}}}
    """

  private func made(_ api: APIClient, _ path: String, _ key: String, _ body: String) async throws
    -> (id: Int64, row: [String: Any])
  {
    let answer = try await api.post("/api/v2/\(path).json", body)
    #expect(answer.status == 201, "\(answer.text)")
    let row = try answer.object(key)
    let id = try #require(row["id"] as? NSNumber).int64Value
    #expect(answer.header("Location")?.contains("\(id)") == true)
    return (id, row)
  }

  @Test func aViewHasAllKeys() async throws {
    try await APIFixture().run { api in
      let (id, view) = try await made(api, "views", "view", Self.view)
      #expect(
        Set(view.keys) == [
          "url", "id", "title", "raw_title", "active", "default", "position", "description",
          "created_at", "updated_at", "execution", "conditions", "restriction", "watchable",
        ])
      let conditions = try #require(view["conditions"] as? [String: [[String: Any]]])
      #expect(conditions["all"]?.first?["operator"] as? String == "less_than")
      #expect(conditions["any"]?.first?["value"] as? String == "vip")
      let execution = try #require(view["execution"] as? [String: Any])
      #expect(
        Set(execution.keys) == [
          "group_by", "group_order", "sort_by", "sort_order", "group", "sort", "columns",
          "fields", "custom_fields",
        ])
      #expect(execution["sort_by"] as? String == "updated")
      #expect((execution["group"] as? [String: Any])?["order"] as? String == "desc")
      let columns = try #require(execution["columns"] as? [[String: Any]])
      #expect(
        columns.map { $0["title"] as? String } == [
          "ID", "Subject", "Requester", "Assignee", "Updated",
        ])
      let restriction = try #require(view["restriction"] as? [String: Any])
      #expect(restriction["type"] as? String == "Group")
      #expect(restriction["ids"] as? [Int] == [70_001])
      // What is not given stays, of the output too.
      let changed = try await api.send(
        .put, "/api/v2/views/\(id)", #"{"view":{"title":"Open","output":{"sort_order":"desc"}}}"#)
      let after = try #require(try changed.object("view")["execution"] as? [String: Any])
      #expect(after["sort_by"] as? String == "updated")
      #expect(after["sort_order"] as? String == "desc")
      #expect((after["columns"] as? [Any])?.count == 5)
      #expect((try changed.object("view")["conditions"] as? [String: [Any]])?["all"]?.count == 1)
      let shared = try await api.send(
        .put, "/api/v2/views/\(id)", #"{"view":{"restriction":null}}"#)
      #expect(try shared.object("view")["restriction"] is NSNull)
    }
  }

  @Test func viewsAreListedCountedAndExecuted() async throws {
    try await APIFixture().run { api in
      let ticket = try await api.ticket("Pump", #","priority":"high""#)
      let (id, _) = try await made(api, "views", "view", Self.view)
      for path in ["views", "views/active", "views/compact", "views/search?query=unsol"] {
        let list = try await api.get("/api/v2/\(path)")
        #expect(try list.list("views").count == 1, "\(path)")
        #expect(try list.json()["count"] as? Int == 1)
      }
      #expect(try await api.get("/api/v2/views/search?query=x").list("views").isEmpty)
      let cursor = try await api.get("/api/v2/views?page[size]=1").json()
      #expect((cursor["meta"] as? [String: Any])?["has_more"] as? Bool == false)
      let one = try await api.get("/api/v2/views/\(id)/count.json").object("view_count")
      #expect(Set(one.keys) == ["view_id", "url", "value", "pretty", "fresh", "active"])
      #expect(one["value"] as? Int == 1 && one["pretty"] as? String == "1")
      let many = try await api.get("/api/v2/views/count_many?ids=\(id),12345")
      #expect(try many.list("view_counts").map { $0["view_id"] as? Int64 } == [id])
      let all = try await api.get("/api/v2/views/count").object("count")
      #expect(all["value"] as? Int == 1)
      let ran = try await api.get("/api/v2/views/\(id)/execute.json")
      #expect(
        Set(try ran.json().keys) == [
          "rows", "columns", "users", "view", "next_page", "previous_page", "count",
        ])
      let row = try #require(try ran.list("rows").first)
      #expect(
        Set(row.keys) == [
          "ticket", "nice_id", "subject", "requester_id", "assignee_id", "updated",
          "custom_fields", "fields",
        ])
      let brief = try #require(row["ticket"] as? [String: Any])
      #expect(brief["id"] as? Int64 == ticket)
      #expect((brief["last_comment"] as? [String: Any])?["body"] as? String == "Il chauffe.")
      let tickets = try await api.get("/api/v2/views/\(id)/tickets?sort_by=priority&include=users")
      #expect(Set(try #require(tickets.list("tickets").first).keys) == TicketShapeTests.keys)
      #expect(try await api.get("/api/v2/views/\(id)/tickets?sort_by=smell").status == 400)
      let preview = try await api.post("/api/v2/views/preview", Self.view)
      #expect(preview.status == 200)
      #expect((try preview.object("view")["id"]) is NSNull)
      for column in ["0", "-1", "\"0\""] {
        let body =
          #"{"view":{"all":[{"field":"status","operator":"is","value":"new"}],"#
          + #""output":{"columns":[\#(column)]}}}"#
        #expect(try await api.post("/api/v2/views/preview", body).status == 422)
      }
      let counted = try await api.post("/api/v2/views/preview/count", Self.view)
      #expect(try counted.object("view_count")["value"] as? Int == 1)
      let ids = (1...21).map { "\($0)0001" }.joined(separator: ",")
      let tooMany = try await api.get("/api/v2/views/count_many?ids=\(ids)")
      #expect(try tooMany.json()["error"] as? String == "TooManyValues")
      #expect(try await api.send(.delete, "/api/v2/views/\(id)").status == 204)
      #expect(try await api.get("/api/v2/views/\(id)").status == 404)
    }
  }

  @Test func aWrongBodyIsRefusedByName() async throws {
    try await APIFixture().run { api in
      let cases: [(path: String, body: String, field: String)] = [
        ("views", #"{"view":{"all":[{"operator":"is"}]}}"#, "all[0].field"),
        (
          "views", #"{"view":{"all":[{"field":"status","operator":"is","value":{}}]}}"#,
          "all[0].value"
        ),
        ("views", #"{"view":{"output":{"sort_order":"up"}}}"#, "output.sort_order"),
        ("macros", #"{"macro":{"actions":[{"value":"x"}]}}"#, "actions[0].field"),
        (
          "business_hours/schedules", #"{"schedule":{"intervals":[{"start_time":1}]}}"#,
          "intervals[0].end_time"
        ),
      ]
      for (path, body, field) in cases {
        let answer = try await api.post("/api/v2/\(path)", body)
        #expect(answer.status == 422, "\(answer.text)")
        let details = try answer.object("details")
        #expect(details[field] != nil, "\(answer.text)")
      }
    }
  }

  private static let macro = #"""
    {"macro":{"title":"Close::Politely","actions":[{"field":"status","value":"solved"},
    {"field":"assignee_id","value":"current_user"},{"field":"current_tags","value":"Done"},
    {"field":"subject","value":"Re: {{ticket.title}}"},
    {"field":"comment_value_html","value":"<p>Hello {{ticket.title}}</p>"},
    {"field":"comment_mode_is_public","value":"false"}]}}
    """#

  @Test func aMacroIsShownAndAppliedWithoutSaving() async throws {
    try await APIFixture().run { api in
      let ticket = try await api.ticket("A <b> & c", #","tags":["old"]"#)
      let (id, macro) = try await made(api, "macros", "macro", Self.macro)
      #expect(
        Set(macro.keys) == [
          "url", "id", "title", "raw_title", "active", "default", "position", "description",
          "created_at", "updated_at", "actions", "restriction",
        ])
      let alone = try await api.get("/api/v2/macros/\(id)/apply.json").object("result")
      let changes = try #require(alone["ticket"] as? [String: Any])
      #expect(
        Set(changes.keys) == ["subject", "status", "assignee_id", "additional_tags", "comment"])
      #expect(changes["subject"] as? String == "Re: {{ticket.title}}")
      let path = "/api/v2/tickets/\(ticket)/macros/\(id)/apply.json"
      let result = try await api.get(path).object("result")
      let applied = try #require(result["ticket"] as? [String: Any])
      #expect(Set(applied.keys) == TicketShapeTests.keys.union(["comment"]))
      #expect(applied["status"] as? String == "solved")
      #expect(applied["subject"] as? String == "Re: A <b> & c")
      #expect(applied["tags"] as? [String] == ["done", "old"])
      let comment = try #require(applied["comment"] as? [String: Any])
      #expect(
        comment["html_body"] as? String
          == #"<div class="comment" dir="auto"><p>Hello A &lt;b&gt; &amp; c</p></div>"#)
      #expect(comment["body"] as? String == "Hello A <b> & c")
      #expect(comment["public"] as? Bool == false)
      let saved = try await api.get("/api/v2/tickets/\(ticket)").object("ticket")
      #expect(saved["status"] as? String == "new")
      #expect(saved["subject"] as? String == "A <b> & c")
    }
  }

  @Test func nothingInAMacrosOwnHTMLCanRun() async throws {
    try await APIFixture().run { api in
      let ticket = try await api.ticket("A <b>")
      let (id, _) = try await made(
        api, "macros", "macro",
        #"""
        {"macro":{"title":"Hi","actions":[{"field":"comment_value_html","value":"<b>hi</b>\#
        <script>alert(1)</script><img src=x onerror=alert(2)> {{ticket.title}}"}]}}
        """#)
      for path in ["macros/\(id)/apply", "tickets/\(ticket)/macros/\(id)/apply"] {
        let result = try await api.get("/api/v2/\(path)").object("result")
        let applied = try #require(result["ticket"] as? [String: Any])
        let comment = try #require(applied["comment"] as? [String: Any])
        let title = path.hasPrefix("tickets") ? "A <b>" : "{{ticket.title}}"
        let shown = path.hasPrefix("tickets") ? "A &lt;b&gt;" : "{{ticket.title}}"
        #expect(comment["body"] as? String == "hi \(title)")
        #expect(
          comment["html_body"] as? String
            == #"<div class="comment" dir="auto"><p>hi \#(shown)</p></div>"#)
      }
    }
  }

  @Test func aMacroIsAppliedToManyAsAJob() async throws {
    try await APIFixture().run { api in
      let first = try await api.ticket("One")
      let second = try await api.ticket("Two")
      let (id, _) = try await made(api, "macros", "macro", Self.macro)
      let answer = try await api.post(
        "/api/v2/macros/\(id)/apply_many?ids=\(first),\(second),99990007", "")
      let job = try answer.object("job_status")
      #expect(job["total"] as? Int == 3)
      let results = try #require(job["results"] as? [[String: Any]])
      #expect(results.map { $0["success"] as? Bool } == [true, true, false])
      for (ticket, subject) in [(first, "Re: One"), (second, "Re: Two")] {
        let saved = try await api.get("/api/v2/tickets/\(ticket)").object("ticket")
        #expect(saved["subject"] as? String == subject)
        #expect(saved["status"] as? String == "solved")
      }
      let comments = try await api.get("/api/v2/tickets/\(first)/comments").list("comments")
      #expect(comments.last?["public"] as? Bool == false)
      #expect(
        try await api.get("/api/v2/macros/categories").json()["categories"] as? [String]
          == ["Close"])
      #expect(try await api.get("/api/v2/macros?category=Close").list("macros").count == 1)
      #expect(try await api.get("/api/v2/macros/search?query=none").list("macros").isEmpty)
      let kinds = try await api.get("/api/v2/macros/actions").list("actions")
      #expect(kinds.contains { $0["field"] as? String == "comment_value" })
      #expect(try await api.post("/api/v2/macros/\(id)/apply_many", "").status == 422)
    }
  }

  @Test func schedulesAndHolidays() async throws {
    try await APIFixture().run { api in
      let (id, schedule) = try await made(
        api, "business_hours/schedules", "schedule",
        #"{"schedule":{"name":"Paris","time_zone":"Europe/Paris"}}"#)
      #expect(
        Set(schedule.keys) == [
          "url", "id", "name", "time_zone", "intervals", "created_at", "updated_at",
        ])
      #expect(
        (schedule["intervals"] as? [[String: Int]])?.first == [
          "start_time": 1_980, "end_time": 2_460,
        ])
      let base = "/api/v2/business_hours/schedules/\(id)"
      let week = try await api.send(
        .put, base + "/workweek.json",
        #"{"workweek":{"intervals":[{"start_time":60,"end_time":120}]}}"#)
      #expect(
        try week.object("workweek")["intervals"] as? [[String: Int]] == [
          ["start_time": 60, "end_time": 120]
        ])
      let list = try await api.get("/api/v2/business_hours/schedules.json")
      #expect(try list.list("schedules").count == 1)
      let made = try await api.post(
        base + "/holidays.json",
        #"{"holiday":{"name":"Noël","start_date":"2026-12-25","end_date":"2026-12-25"}}"#)
      #expect(made.status == 201)
      let holiday = try made.object("holiday")
      #expect(Set(holiday.keys) == ["id", "name", "start_date", "end_date"])
      let number = try #require(holiday["id"] as? NSNumber).int64Value
      #expect(try await api.get(base + "/holidays.json").list("holidays").count == 1)
      #expect(try await api.get(base + "/holidays/\(number)").status == 200)
      #expect(try await api.send(.delete, base + "/holidays/\(number)").status == 204)
      #expect(try await api.get(base + "/holidays/\(number)").status == 404)
      #expect(try await api.send(.delete, base).status == 204)
    }
  }

  @Test func fieldsAreListedWithTheBuiltInOnes() async throws {
    try await APIFixture().run { api in
      let (id, field) = try await made(
        api, "ticket_fields", "ticket_field",
        #"{"ticket_field":{"title":"Handset","type":"tagger"}}"#)
      let list = try await api.get("/api/v2/ticket_fields.json").list("ticket_fields")
      #expect(
        list.map { $0["type"] as? String } == [
          "subject", "description", "status", "tickettype", "priority", "group", "assignee",
          "tagger",
        ])
      for each in list { #expect(Set(each.keys) == Set(field.keys)) }
      let status = try #require(list.first { $0["type"] as? String == "status" })
      let options = try #require(status["system_field_options"] as? [[String: Any]])
      #expect(options.first?["value"] as? String == "new")
      #expect((status["custom_statuses"] as? [[String: Any]])?.count == 5)
      let one = try #require(status["id"] as? Int)
      #expect(try await api.get("/api/v2/ticket_fields/\(one).json").status == 200)
      let made = try await api.post(
        "/api/v2/ticket_fields/\(id)/options.json",
        #"{"custom_field_option":{"name":"Model A","value":"model_a"}}"#)
      #expect(made.status == 201)
      let option = try made.object("custom_field_option")
      #expect(
        Set(option.keys) == ["url", "id", "name", "raw_name", "value", "position", "default"])
      let number = try #require(option["id"] as? NSNumber).int64Value
      let changed = try await api.post(
        "/api/v2/ticket_fields/\(id)/options.json",
        #"{"custom_field_option":{"id":\#(number),"name":"A","value":"model_a"}}"#)
      #expect(changed.status == 200)
      let path = "/api/v2/ticket_fields/\(id)/options/\(number).json"
      #expect(try await api.get(path).object("custom_field_option")["name"] as? String == "A")
      #expect(try await api.send(.delete, path).status == 204)
      #expect(try await api.get(path).status == 404)
      let replaced = try await api.send(
        .put, "/api/v2/ticket_fields/\(id)",
        #"{"ticket_field":{"title":"Phone","custom_field_options":["x",{"value":"y"}]}}"#)
      #expect(replaced.status == 422)
      #expect(try await api.send(.delete, "/api/v2/ticket_fields/\(id)").status == 204)
    }
  }

  @Test func whatClientsAskForBeforeTheyWork() async throws {
    try await APIFixture().run { api in
      let form = try #require(
        try await api.get("/api/v2/ticket_forms.json").list("ticket_forms").first)
      #expect(form["default"] as? Bool == true)
      #expect((form["ticket_field_ids"] as? [Int])?.count == 7)
      let formID = try #require(form["id"] as? Int)
      #expect(try await api.get("/api/v2/ticket_forms/\(formID)").status == 200)
      #expect(try await api.get("/api/v2/ticket_forms/1").status == 404)
      let statuses = try await api.get("/api/v2/custom_statuses").list("custom_statuses")
      #expect(
        statuses.map { $0["status_category"] as? String } == [
          "new", "open", "pending", "hold", "solved",
        ])
      let ticket = try await api.ticket()
      let shown = try await api.get("/api/v2/tickets/\(ticket)").object("ticket")
      #expect(shown["custom_status_id"] as? Int == statuses[0]["id"] as? Int)
      #expect(shown["ticket_form_id"] as? Int == formID)
      let brand = try #require(try await api.get("/api/v2/brands").list("brands").first)
      #expect(shown["brand_id"] as? Int == brand["id"] as? Int)
      #expect(try await api.get("/api/v2/locales").list("locales").count == 3)
      let locale = try await api.get("/api/v2/locales/fr").object("locale")
      #expect(locale["id"] as? Int == 16)
      #expect(try await api.get("/api/v2/locales/current").status == 200)
      #expect(try await api.get("/api/v2/locales/99").status == 404)
    }
  }
}
