"""Exports, imports, merges and requests through zenpy; see zenpy_check.py for what it reads."""

import os
import sys
import time
import traceback
import urllib.parse
import uuid

URL = urllib.parse.urlsplit(os.environ["HELIO_API_URL"])
EMAIL = os.environ["HELIO_API_EMAIL"]
TOKEN = os.environ["HELIO_API_TOKEN"]

# zenpy reads these when it builds an address; requests checks the host name against the CA.
os.environ["ZENPY_FORCE_NETLOC"] = URL.netloc
os.environ["ZENPY_FORCE_SCHEME"] = URL.scheme
if os.environ.get("HELIO_API_CA"):
    os.environ["REQUESTS_CA_BUNDLE"] = os.environ["HELIO_API_CA"]

from zenpy import Zenpy  # noqa: E402
from zenpy.lib.api_objects import Comment, Organization, Request, Ticket, User  # noqa: E402
from zenpy.lib.exception import APIException  # noqa: E402

RUN = uuid.uuid4().hex[:10]
client = Zenpy(subdomain="heliotrope", email=EMAIL, token=TOKEN, disable_cache=True)
failures = []


def check(work):
    name = work.__name__.replace("_", " ")
    try:
        work()
        print(f"ok    {name}")
    except Exception:  # noqa: BLE001 - every fault of a check is a failed check
        failures.append(name)
        print(f"FAIL  {name}")
        traceback.print_exc()


def same(actual, expected, what):
    if actual != expected:
        raise AssertionError(f"{what}: {actual!r}, expected {expected!r}")


def make(subject, **more):
    return client.tickets.create(
        Ticket(subject=f"{subject} {RUN}", comment=Comment(body=subject), **more)).ticket


def tickets_by_time_and_by_cursor():
    made = {make(f"export {number}", tags=[RUN]).id for number in range(7)}
    for by_time in (True, False):
        seen = {ticket.id for ticket in client.tickets.incremental(
            start_time=0, paginate_by_time=by_time)}
        assert made <= seen, f"by time {by_time}: {made - seen}"
    small = [ticket.id for ticket in client.tickets.incremental(
        start_time=0, paginate_by_time=False, per_page=3)]
    assert made <= set(small) and len(small) == len(set(small)), "pages of three"


def a_cursor_goes_on():
    stream = client.tickets.incremental(start_time=0, paginate_by_time=False)
    for _ in stream:
        pass
    cursor = stream.after_cursor
    late = make("late")
    seen = [ticket.id for ticket in client.tickets.incremental(
        cursor=cursor, paginate_by_time=False)]
    same(seen, [late.id], "what came after the cursor")


def deleted_tickets_are_in_the_stream():
    gone = make("gone")
    client.tickets.delete(gone)
    found = {ticket.id: ticket.status for ticket in client.tickets.incremental(
        start_time=0, paginate_by_time=False)}
    same(found[gone.id], "deleted", "status")
    assert gone.id in {ticket.id for ticket in client.tickets.deleted()}, "deleted tickets"
    client.tickets.restore(gone)
    same(client.tickets(id=gone.id).id, gone.id, "restored")


def ticket_events_with_comments():
    ticket = make("events")
    ticket.comment = Comment(body=f"word {RUN}", public=False)
    ticket.status = "pending"
    client.tickets.update(ticket)
    events = [event for event in client.tickets.events(start_time=0, include=["comment_events"])
              if event.ticket_id == ticket.id]
    same(len(events), 2, "events")
    children = events[-1].child_events
    assert any(child.get("body") == f"word {RUN}" for child in children), children
    assert any(child.get("status") == "pending" and child.get("previous_value") == "new"
               for child in children), children


def users_and_organizations():
    user = client.users.create(User(name=f"Export {RUN}", email=f"export-{RUN}@example.com"))
    for by_time in (True, False):
        seen = {each.id for each in client.users.incremental(
            start_time=0, paginate_by_time=by_time)}
        assert user.id in seen, f"users by time {by_time}"
    company = client.organizations.create(Organization(name=f"Company {RUN}"))
    seen = {each.id for each in client.organizations.incremental(start_time=0)}
    assert company.id in seen, "organizations"


def searches_are_exported():
    for _ in range(20):
        found = {ticket.id for ticket in client.search_export(RUN, type="ticket")}
        if len(found) >= 7:
            break
        time.sleep(0.25)
    assert len(found) >= 7, found
    named = [user.name for user in client.search_export(f"Export {RUN}", type="user")]
    same(named, [f"Export {RUN}"], "users")


def an_old_ticket_is_imported():
    me = client.users.me()
    old = Ticket(
        subject=f"old {RUN}", status="closed", created_at="2019-01-02T03:04:05Z",
        updated_at="2019-02-03T04:05:06Z", solved_at="2019-02-01T00:00:00Z",
        comments=[
            dict(author_id=me.id, value="It leaks", created_at="2019-01-02T03:04:05Z"),
            dict(author_id=me.id, value="Mended", created_at="2019-02-01T00:00:00Z",
                 public=False)])
    answer = client.ticket_import.create(old)
    ticket = client.tickets(id=getattr(answer, "ticket", answer).id)
    same((ticket.created_at, ticket.updated_at), (old.created_at, old.updated_at), "dates")
    comments = list(client.tickets.comments(ticket.id))
    same([(c.body, c.created_at, c.public) for c in comments], [
        ("It leaks", "2019-01-02T03:04:05Z", True),
        ("Mended", "2019-02-01T00:00:00Z", False)], "comments")
    job = client.ticket_import.create([
        Ticket(subject=f"many {RUN}", created_at="2019-01-02T03:04:05Z",
               comments=[dict(author_id=me.id, value="x")]) for _ in range(2)])
    same(client.job_status(id=job.id).status, "completed", "job")
    try:
        client.ticket_import.create(Ticket(
            subject="tomorrow", created_at="2099-01-01T00:00:00Z",
            comments=[dict(author_id=me.id, value="x")]))
    except APIException as error:
        same(error.response.status_code, 422, "a date in the future")
        return
    raise AssertionError("a date in the future was taken")


def tickets_are_merged():
    target, first, second = make("target"), make("first"), make("second")
    job = client.tickets.merge(
        target, [first, second], target_comment="Same matter", source_comment="Goes on there")
    same(client.job_status(id=job.id).status, "completed", "job")
    for source in (first, second):
        closed = client.tickets(id=source.id)
        same(closed.status, "closed", "status")
        assert "closed_by_merge" in closed.tags, closed.tags
    same([c.body for c in client.tickets.comments(target.id)][-1], "Same matter", "comment")
    try:
        client.tickets.merge(target, target)
    except APIException as error:
        same(error.response.status_code, 422, "into itself")
        return
    raise AssertionError("a ticket was merged into itself")


def problems_and_incidents():
    problem = make("problem", type="problem")
    incident = make("incident", type="incident", problem_id=problem.id)
    assert client.tickets(id=problem.id).has_incidents, "has_incidents"
    same([ticket.id for ticket in client.tickets.incidents(problem)], [incident.id], "incidents")
    answer = client.tickets.session.get(
        f"{URL.scheme}://{URL.netloc}/api/v2/problems.json", timeout=10).json()
    assert problem.id in {ticket["id"] for ticket in answer["tickets"]}, "problems"


def requests_of_ones_own():
    made = client.requests.create(
        Request(subject=f"request {RUN}", comment=Comment(body="It leaks")))
    same(client.requests(id=made.id).description, "It leaks", "description")
    assert made.id in {request.id for request in client.requests()}, "list"
    made.comment = Comment(body="Still")
    client.requests.update(made)
    same([c.body for c in client.requests.comments(made.id)], ["It leaks", "Still"], "comments")
    assert made.id in {request.id for request in client.requests.open()}, "open"


for work in [
    tickets_by_time_and_by_cursor, a_cursor_goes_on, deleted_tickets_are_in_the_stream,
    ticket_events_with_comments, users_and_organizations, searches_are_exported,
    an_old_ticket_is_imported, tickets_are_merged, problems_and_incidents, requests_of_ones_own,
]:
    check(work)

print(f"{len(failures)} of the checks failed" if failures else "all checks passed")
sys.exit(1 if failures else 0)
