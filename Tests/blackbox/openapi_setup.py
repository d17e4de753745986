"""What a desk sets up, for the walk over docs/openapi.yaml: each operation is used."""

V2 = "/api/v2"


def run(walk):
    views(walk)
    macros(walk)
    schedules(walk)


def field_options(walk, field):
    path = f"{V2}/ticket_fields/{field}"
    walk.change(path, "ticket_field", {"title": "Phone", "active": True, "position": 9})
    option = walk.make(f"{path}/options", "custom_field_option", {"value": "model_b"})
    walk.api.post(f"{path}/options", {"custom_field_option": {"id": option, "name": "B"}})
    walk.pages(f"{path}/options")
    walk.get(f"{path}/options/{option}")
    walk.api.delete(f"{path}/options/{option}")
    gone = walk.make(f"{V2}/ticket_fields", "ticket_field", {"title": "Gone"})
    walk.api.delete(f"{V2}/ticket_fields/{gone}")
    form = walk.api.get(f"{V2}/ticket_forms")["ticket_forms"][0]["id"]
    status = walk.api.get(f"{V2}/custom_statuses")["custom_statuses"][0]["id"]
    brand = walk.api.get(f"{V2}/brands")["brands"][0]["id"]
    walk.pages(f"{V2}/ticket_forms", f"{V2}/custom_statuses?status_categories=open,new",
               f"{V2}/brands", f"{V2}/locales", f"{V2}/locales/agent", f"{V2}/locales/public")
    walk.get(f"{V2}/ticket_forms/{form}", f"{V2}/ticket_forms/show_many?ids={form},1",
             f"{V2}/custom_statuses/{status}", f"{V2}/brands/{brand}",
             f"{V2}/locales/current", f"{V2}/locales/fr", f"{V2}/locales/1")


def views(walk):
    field = next(row["id"] for row in walk.api.get(f"{V2}/ticket_fields")["ticket_fields"]
                 if row["removable"])
    body = {"title": "Unsolved", "all": [
        {"field": "status", "operator": "less_than", "value": "solved"}], "any": [
        {"field": "helio_owner", "operator": "includes", "value": ["paris", "san-francisco"]},
        {"field": "current_tags", "operator": "includes", "value": "a b"}], "output": {
        "columns": ["nice_id", "status", "subject", "description", "requester", "submitter",
                    "assignee", "group", "organization", "priority", "type", "created",
                    "updated", "assigned", "solved", "due_date", "helio_home", field],
        "group_by": "status", "sort_by": "updated_at", "sort_order": "desc"},
        "restriction": {"type": "Group", "ids": [walk.group]}}
    view = walk.make(f"{V2}/views", "view", body)
    one = f"{V2}/views/{view}"
    walk.change(one, "view", {"restriction": None, "description": "All that is not solved"})
    walk.pages(f"{V2}/views", f"{V2}/views/active", f"{V2}/views/compact",
               f"{V2}/views/search?query=unsolved", f"{one}/execute",
               f"{one}/tickets?include=users,groups,organizations&sort_by=priority")
    walk.get(one, f"{V2}/views/count", f"{V2}/views/count_many?ids={view}", f"{one}/count",
             f"{V2}/views/show_many?ids={view}")
    shown = walk.api.get(f"{one}/execute")["rows"]
    walk.t.check("a view finds the tickets that are there", shown, len(shown))
    for path in ("preview", "preview/count"):
        walk.api.post(f"{V2}/views/{path}", {"view": body})
    gone = walk.make(f"{V2}/views", "view", body)
    walk.api.delete(f"{V2}/views/destroy_many?ids={gone}")
    walk.api.delete(one)


def macros(walk):
    macro = walk.make(f"{V2}/macros", "macro", {"title": "Work::Take up", "actions": [
        {"field": "priority", "value": "urgent"}, {"field": "current_tags", "value": "taken"},
        {"field": "assignee_id", "value": "current_user"},
        {"field": "comment_value_html", "value": "<p>{{ticket.requester.name}}</p>"},
        {"field": "comment_mode_is_public", "value": "false"}]})
    one = f"{V2}/macros/{macro}"
    walk.change(one, "macro", {"description": "For the first answer"})
    walk.pages(f"{V2}/macros", f"{V2}/macros/active?category=Work",
               f"{V2}/macros/search?query=take")
    walk.get(one, f"{one}/apply", f"{V2}/tickets/{walk.ticket}/macros/{macro}/apply",
             f"{V2}/macros/count", f"{V2}/macros/actions", f"{V2}/macros/categories")
    walk.api.call("POST", f"{one}/apply_many?ids={walk.ticket},1")
    gone = walk.make(f"{V2}/macros", "macro", {
        "title": "Gone", "actions": [{"field": "status", "value": "open"}]})
    walk.api.delete(f"{V2}/macros/destroy_many?ids={gone}")
    walk.api.delete(one)


def schedules(walk):
    path = f"{V2}/business_hours/schedules"
    schedule = walk.make(path, "schedule", {"name": "Paris", "time_zone": "Europe/Paris"})
    one = f"{path}/{schedule}"
    walk.change(one, "schedule", {"name": "Paris by day"})
    walk.api.put(f"{one}/workweek", {"workweek": {"intervals": [
        {"start_time": 1980, "end_time": 2460}]}})
    day = walk.make(f"{one}/holidays", "holiday", {
        "name": "Noël", "start_date": "2026-12-25", "end_date": "2026-12-26"})
    walk.change(f"{one}/holidays/{day}", "holiday", {"name": "Christmas"})
    walk.pages(path, f"{one}/holidays")
    walk.get(one, f"{one}/holidays/{day}")
    walk.api.delete(f"{one}/holidays/{day}")
    walk.api.delete(one)
