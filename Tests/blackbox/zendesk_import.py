"""A Zendesk export is imported, imported again, and continued after a break; nothing is doubled."""

import gzip
import json
import os

from drill.offices import PARIS, SINGAPORE

V2 = "/api/v2"


def run(t):
    cluster = t.cluster([PARIS, SINGAPORE])
    paris, singapore = cluster.nodes
    folder = t.path("export")
    os.makedirs(folder)
    write(folder)
    code, report = imported(t, cluster, paris, folder)
    kinds = report["kinds"]
    t.check("the export is taken, and what cannot be is named", code == 3
            and [bad["reason"] for bad in report["bad"]] == ["is no JSON object"], report["bad"])
    made = {kind: kinds[kind]["created"] for kind in kinds}
    t.check("every row has come", made == {
        "organizations": 1, "groups": 1, "users": 3, "group_memberships": 1, "ticket_fields": 1,
        "tickets": 4, "ticket_comments": 0, "macros": 2}, made)
    t.check("what a macro does that this desk does not know is said", any(
        "comes without brand_id" in note["reason"] for note in report["warnings"]),
        report["warnings"])
    cluster.wait_equal(60)
    for node in cluster.nodes:
        look(t, node)

    for node in cluster.nodes:
        macros(t, node)
    code, report = imported(t, cluster, paris, folder)
    again = {kind: (count["created"], count["updated"])
             for kind, count in report["kinds"].items()}
    t.check("the same export adds nothing", set(again.values()) == {(0, 0)}, again)

    # A newer export: a ticket went on, one is new; and a break after the first batches.
    newer = ticket(101, status="solved", updated_at="2024-03-05T10:00:00Z")
    with open(os.path.join(folder, "tickets-2.jsonl"), "w", encoding="utf-8") as file:
        for row in (newer, ticket(150, subject="Newer")):
            file.write(json.dumps(row) + "\n")
    code, report = imported(t, cluster, paris, folder, "--resume")
    count = report["kinds"]["tickets"]
    t.check("a newer export brings what is new", (count["created"], count["updated"]) == (1, 1),
            count)
    shown = found(paris, "zendesk:ticket:101")[0]
    t.check("and what went on", shown["status"] == "solved"
            and shown["updated_at"] == "2024-03-05T10:00:00Z", shown["status"])
    code, _, err = t.command(
        cluster.helio.path, "import", "zendesk", t.path("nothing"), "--data", paris.data)
    t.check("a folder that is not there is named", code == 1 and b"no folder" in err, err)


def imported(t, cluster, node, folder, *more):
    code, out, err = t.command(
        cluster.helio.path, "import", "zendesk", folder, "--office", "paris", "--json", *more,
        "--data", node.data, timeout=300)
    if code not in (0, 3):
        raise RuntimeError(err.decode(errors="replace"))
    return code, json.loads(out)["import"]


def found(node, origin):
    return node.client("admin").get(f"{V2}/tickets", external_id=origin)["tickets"]


def look(t, node):
    api, name = node.client("admin"), node.office.code
    tickets = {row["external_id"]: row for row in api.pages(f"{V2}/tickets", "tickets")}
    one = tickets["zendesk:ticket:101"]
    t.check(f"{name}: the dates are those of the source",
            (one["created_at"], one["updated_at"]) == (
                "2024-01-02T03:04:05Z", "2024-02-01T00:00:00Z"),
            (one["created_at"], one["updated_at"]))
    t.check(f"{name}: the desk says how it came", one["via"]["channel"] == "import")
    people = {user["id"]: user for user in api.pages(f"{V2}/users", "users")}
    t.check(f"{name}: the people are those of the source",
            people[one["requester_id"]]["email"] == "ada@sunrise.example"
            and people[one["assignee_id"]]["name"] == "Noor")
    t.check(f"{name}: group, organization and field are found",
            one["group_id"] and one["organization_id"] and one["custom_fields"][0]["value"] == "a")
    comments = list(api.pages(f"{V2}/tickets/{one['id']}/comments", "comments"))
    t.check(f"{name}: comments have their own dates and authors",
            [(row["body"], row["created_at"], row["public"]) for row in comments] == [
                ("It leaks", "2024-01-02T03:04:05Z", True),
                ("Seen it", "2024-01-03T00:00:00Z", False)], comments)
    t.check(f"{name}: the author is not the importer",
            people[comments[1]["author_id"]]["name"] == "Noor")
    closed = tickets["zendesk:ticket:104"]["id"]
    metric = api.get(f"{V2}/tickets/{closed}/metrics")["ticket_metric"]
    t.check(f"{name}: a ticket was solved when its source says",
            (metric["solved_at"], metric["full_resolution_time_in_minutes"]["calendar"])
            == ("2024-01-20T03:04:05Z", 18 * 24 * 60), metric)
    own = tickets["their-own-7"]
    t.check(f"{name}: an external id of the source stays", own["subject"] == "With a number")
    events = api.get(f"{V2}/tickets/{tickets['zendesk:ticket:103']['id']}/comments")["comments"]
    t.check(f"{name}: comments come out of ticket events",
            [row["body"] for row in events] == ["It leaks", "By an event"], events)
    unknown = people[events[1]["author_id"]]
    t.check(f"{name}: who is unknown has a placeholder",
            unknown["name"] == "User 999" and not unknown["active"], unknown["name"])
    t.check(f"{name}: no ticket is there twice", len(tickets) == 4)


def macros(t, node):
    """The ids in them are those of this desk; who may see them, they may."""
    api, name = node.client("admin"), node.office.code
    shown = {row["title"]: row for row in api.get(f"{V2}/macros")["macros"]}
    t.check(f"{name}: the macros are here, once", sorted(shown) == ["Close", "Take"], list(shown))
    group = next(row["id"] for row in api.get(f"{V2}/groups")["groups"]
                 if row["name"] == "Support")
    field = next(row["id"] for row in api.get(f"{V2}/ticket_fields")["ticket_fields"]
                 if row["title"] == "Model")
    noor = next(user["id"] for user in api.pages(f"{V2}/users", "users")
                if user["name"] == "Noor")
    actions = {row["field"]: row["value"] for row in shown["Take"]["actions"]}
    t.check(f"{name}: their actions name rows of this desk", actions == {
        "group_id": str(group), "assignee_id": str(noor), f"custom_fields_{field}": "a"}, actions)
    t.check(f"{name}: what this desk does not know is left out", [
        row["field"] for row in shown["Close"]["actions"]] == ["status", "comment_value"],
        shown["Close"]["actions"])
    restriction = shown["Take"]["restriction"] or {}
    t.check(f"{name}: a group's macro stays the group's",
            restriction.get("type") == "Group" and group in restriction.get("ids", []), restriction)


def ticket(number, **more):
    return {"id": number, "subject": f"Ticket {number}", "description": "It leaks",
            "status": "open", "priority": "high", "type": "problem", "requester_id": 11,
            "submitter_id": 11, "assignee_id": 12, "group_id": 31, "organization_id": 21,
            "collaborator_ids": [13], "tags": ["vip"], "external_id": None,
            "custom_fields": [{"id": 41, "value": "a"}, {"id": 42, "value": None}],
            "created_at": "2024-01-02T03:04:05Z", "updated_at": "2024-02-01T00:00:00Z", **more}


def write(folder):
    times = {"created_at": "2023-05-06T07:08:09Z", "updated_at": "2023-06-06T07:08:09Z"}

    def put(name, text):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text)

    # A page, an array, JSON lines, gzip: the forms in which exports come.
    put("organizations.json", json.dumps({"organizations": [
        {"id": 21, "name": "Sunrise", "domain_names": ["sunrise.example"], **times}],
        "next_page": None, "count": 1}))
    put("groups.json", json.dumps([{"id": 31, "name": "Support", "deleted": False, **times}]))
    put("users.jsonl", "".join(json.dumps(user) + "\n" for user in (
        {"id": 11, "name": "Ada", "email": "ada@sunrise.example", "role": "end-user",
         "organization_id": 21, "active": True, **times},
        {"id": 12, "name": "Noor", "email": "noor@old.example", "role": "agent", "active": True,
         **times},
        {"id": 13, "name": "Bo", "email": None, "role": "end-user", "active": False, **times})))
    put("group_memberships.json", json.dumps({"group_memberships": [
        {"id": 1, "user_id": 12, "group_id": 31, "default": True}]}))
    put("ticket_fields.json", json.dumps({"ticket_fields": [
        {"id": 1, "type": "subject", "title": "Subject"},
        {"id": 41, "type": "tagger", "title": "Model", "custom_field_options": [
            {"name": "A", "value": "a"}]}]}))
    rows = [ticket(101), ticket(102, external_id="their-own-7", subject="With a number"),
            ticket(103), ticket(104, status="closed", solved_at="2024-01-20T03:04:05Z", comments=[
                {"id": 9, "author_id": 12, "body": "Inside", "public": True,
                 "created_at": "2024-01-02T03:04:05Z"}]),
            ticket(105, status="deleted")]
    with gzip.open(os.path.join(folder, "tickets-1.jsonl.gz"), "wt", encoding="utf-8") as file:
        file.write("not JSON\n" + "".join(json.dumps(row) + "\n" for row in rows))
    put("ticket_comments.jsonl", "".join(json.dumps(row) + "\n" for row in (
        {"id": 51, "ticket_id": 101, "author_id": 11, "body": "It leaks", "public": True,
         "created_at": "2024-01-02T03:04:05Z"},
        {"id": 52, "ticket_id": 101, "author_id": 12, "body": "Seen it", "public": False,
         "created_at": "2024-01-03T00:00:00Z"})))
    put("ticket_events.json", json.dumps({"ticket_events": [
        {"id": 71, "ticket_id": 103, "created_at": "2024-01-04T00:00:00Z", "child_events": [
            {"id": 72, "event_type": "Comment", "author_id": 999, "body": "By an event",
             "public": True},
            {"id": 73, "event_type": "Change", "status": "open", "previous_value": "new"}]}]}))
    put("macros.json", json.dumps({"macros": [
        {"id": 81, "title": "Close", "active": True, "restriction": None, "actions": [
            {"field": "status", "value": "solved"},
            {"field": "comment_value", "value": ["channel:all", "Bye, {{ticket.requester.name}}"]},
            {"field": "brand_id", "value": "7"}], **times},
        {"id": 82, "title": "Take", "active": True,
         "restriction": {"type": "Group", "id": 31, "ids": [31]}, "actions": [
             {"field": "group_id", "value": "31"}, {"field": "assignee_id", "value": "12"},
             {"field": "custom_fields_41", "value": "a"}], **times}], "count": 2}))
    put("readme.json", json.dumps({"nothing": "known"}))
