"""What a desk sets up, driven with zenpy: views, macros, ticket fields, forms, statuses."""

from zenpy.lib.api_objects import Comment, CustomFieldOption, Macro, Ticket, TicketField, View
from zenpy.lib.exception import APIException


def checks(client, run, url, same):
    """The checks, each a function whose name says what must hold."""
    base = f"{url.scheme}://{url.netloc}/api/v2"
    session = client.tickets.session
    made = {}

    def ticket(subject, **more):
        return client.tickets.create(
            Ticket(subject=subject, comment=Comment(body="x"), **more)).ticket

    def a_view_is_made_and_shown():
        first = ticket(f"For the view {run}", tags=[f"view-{run}"], priority="high")
        second = ticket(f"For the view too {run}", tags=[f"view-{run}"], priority="low")
        made["tickets"] = [first.id, second.id]
        view = client.views.create(View(
            title=f"View {run}", all=[
                {"field": "status", "operator": "less_than", "value": "solved"},
                {"field": "current_tags", "operator": "includes", "value": f"view-{run}"}],
            output={"columns": ["subject", "requester", "priority"], "sort_by": "priority",
                    "sort_order": "desc"}))
        made["view"] = view.id
        shown = client.views(id=view.id)
        same(shown.title, f"View {run}", "title")
        same([part(condition, "field") for condition in part(shown.conditions, "all")],
             ["status", "current_tags"], "conditions")
        same(shown.restriction, None, "restriction")

    def views_are_listed():
        for views in (client.views(), client.views.active(), client.views.compact(),
                      client.views.search(query=run)):
            assert made["view"] in {view.id for view in views}

    def a_view_is_counted():
        same(client.views.count(made["view"]).value, 2, "count")
        many = client.views.count_many([made["view"]])
        same([(one.view_id, one.value) for one in many], [(made["view"], 2)], "count_many")

    def a_view_is_executed():
        # Of the answer this release of zenpy gives out the view alone.
        same(client.views.execute(made["view"]).id, made["view"], "the view")
        answer = session.get(f"{base}/views/{made['view']}/execute.json", timeout=10).json()
        rows = answer["rows"]
        same([row["ticket"]["id"] for row in rows], made["tickets"], "tickets by priority")
        same([row["priority"] for row in rows], ["high", "low"], "priority")
        same(rows[0]["subject"], f"For the view {run}", "subject")
        same(rows[0]["ticket"]["last_comment"]["body"], "x", "last comment")
        assert rows[0]["requester_id"] in {user["id"] for user in answer["users"]}

    def the_tickets_of_a_view_are_read_page_by_page():
        same([one.id for one in client.views.tickets(made["view"])], made["tickets"], "tickets")
        same([one.id for one in client.views.tickets(made["view"], cursor_pagination=1)],
             made["tickets"], "page by page")

    def a_view_is_changed_and_deleted():
        view = client.views(id=made["view"])
        view.title = f"Renamed {run}"
        same(client.views.update(view).title, f"Renamed {run}", "title")
        same(client.views.count(made["view"]).value, 2, "its conditions stay")
        try:
            client.views.create(View(
                title="x", all=[{"field": "smell", "operator": "is", "value": "1"}]))
        except APIException as error:
            same(error.response.status_code, 422, "status")
            assert "all[0].field" in error.response.text, error.response.text
        else:
            raise AssertionError("a condition on nothing was accepted")
        client.views.delete(View(id=made["view"]))
        assert made["view"] not in {view.id for view in client.views()}

    def a_macro_is_made_and_listed():
        macro = client.macros.create(Macro(title=f"Close::{run}", actions=[
            {"field": "status", "value": "solved"}, {"field": "current_tags", "value": "closed"},
            {"field": "comment_value", "value": "Ticket {{ticket.id}}, {{ticket.title}}: done."}]))
        made["macro"] = macro.id
        same(client.macros(id=macro.id).title, f"Close::{run}", "title")
        assert macro.id in {one.id for one in client.macros()}

    def a_macro_tells_what_it_would_do():
        changes = client.macros.apply(made["macro"])
        same(part(changes.ticket, "status"), "solved", "status")
        one = made["tickets"][0]
        effect = client.tickets.show_macro_effect(one, made["macro"])
        same(part(effect.ticket, "status"), "solved", "status")
        same(part(part(effect.ticket, "comment"), "body"),
             f"Ticket {one}, For the view {run}: done.", "comment")
        assert "closed" in part(effect.ticket, "tags")
        assert client.tickets(id=one).status != "solved", "apply has saved"

    def a_macro_is_applied_to_many():
        ids = ",".join(str(one) for one in made["tickets"])
        answer = session.post(f"{base}/macros/{made['macro']}/apply_many.json?ids={ids}",
                              timeout=10).json()
        same([row["success"] for row in answer["job_status"]["results"]], [True, True], "job")
        for one in made["tickets"]:
            same(client.tickets(id=one).status, "solved", "status")
            assert list(client.tickets.comments(one))[-1].body.startswith(f"Ticket {one}, ")
        client.macros.delete(Macro(id=made["macro"]))

    def schedules_with_hours_and_holidays():
        path = f"{base}/business_hours/schedules"
        answer = session.post(f"{path}.json", timeout=10, json={"schedule": {
            "name": f"Paris {run}", "time_zone": "Europe/Paris"}})
        same(answer.status_code, 201, "schedule")
        one = f"{path}/{answer.json()['schedule']['id']}"
        week = [{"start_time": 1980, "end_time": 2460}]
        answer = session.put(f"{one}/workweek.json", json={"workweek": {"intervals": week}},
                             timeout=10)
        same(answer.json()["workweek"]["intervals"], week, "hours")
        answer = session.put(f"{one}/workweek.json", timeout=10, json={"workweek": {
            "intervals": [{"start_time": 1380, "end_time": 1500}]}})
        assert "intervals[0].end_time" in answer.json()["details"], answer.text
        answer = session.post(f"{one}/holidays.json", timeout=10, json={"holiday": {
            "name": "Noël", "start_date": "2026-12-25", "end_date": "2026-12-26"}})
        same(answer.status_code, 201, "holiday")
        holidays = session.get(f"{one}/holidays.json", timeout=10).json()["holidays"]
        same([day["name"] for day in holidays], ["Noël"], "holidays")
        same(session.delete(one + ".json", timeout=10).status_code, 204, "deleted")

    def ticket_fields_have_options():
        kinds = [field.type for field in client.ticket_fields()]
        assert kinds[:3] == ["subject", "description", "status"], kinds
        field = client.ticket_fields.create(TicketField(
            title=f"Handset {run}", type="tagger",
            custom_field_options=[{"name": "Model A", "value": "model_a"}]))
        option = client.ticket_fields.options.create_or_update(
            field, CustomFieldOption(name="Model B", value="model_b"))
        option.name = "B"
        client.ticket_fields.options.create_or_update(field, option)
        shown = client.ticket_fields(id=field.id)
        same([each.name for each in shown.custom_field_options], ["Model A", "B"], "options")
        same(client.ticket_fields.options.show(field.id, option.id).value, "model_b", "value")
        client.ticket_fields.options.delete(field.id, option.id)
        client.ticket_fields.delete(field)

    def forms_statuses_brands_and_locales():
        forms = list(client.ticket_forms())
        same([form.default for form in forms], [True], "forms")
        same(client.ticket_forms(id=forms[0].id).id, forms[0].id, "form")
        statuses = {status.status_category: status.id for status in client.custom_statuses()}
        same(sorted(statuses), ["hold", "new", "open", "pending", "solved"], "statuses")
        one = client.tickets(id=made["tickets"][0])
        same(one.custom_status_id, statuses["solved"], "custom_status_id")
        same([brand.id for brand in client.brands()], [one.brand_id], "brands")
        assert "fr" in {locale.locale for locale in client.locales()}
        assert client.locales.current().locale

    return [
        a_view_is_made_and_shown, views_are_listed, a_view_is_counted, a_view_is_executed,
        the_tickets_of_a_view_are_read_page_by_page, a_view_is_changed_and_deleted,
        a_macro_is_made_and_listed, a_macro_tells_what_it_would_do, a_macro_is_applied_to_many,
        schedules_with_hours_and_holidays, ticket_fields_have_options,
        forms_statuses_brands_and_locales,
    ]


def part(value, name):
    """A member, whether zenpy has made an object of it or left the JSON."""
    return value[name] if isinstance(value, dict) else getattr(value, name)
