"""Drives a running node with zenpy, the client that judges whether the API is compatible.

Reads HELIO_API_URL, HELIO_API_EMAIL, HELIO_API_TOKEN and HELIO_API_CA (the CA file; empty for
plain HTTP on loopback). Prints one line per check; exits 1 if any failed.
"""

import os
import socket
import ssl
import sys
import tempfile
import time
import traceback
import urllib.parse
import uuid

URL = urllib.parse.urlsplit(os.environ["HELIO_API_URL"])
EMAIL = os.environ["HELIO_API_EMAIL"]
TOKEN = os.environ["HELIO_API_TOKEN"]
CA = os.environ.get("HELIO_API_CA", "")

# zenpy reads these when it builds an address; requests checks the host name against the CA.
os.environ["ZENPY_FORCE_NETLOC"] = URL.netloc
os.environ["ZENPY_FORCE_SCHEME"] = URL.scheme
if CA:
    os.environ["REQUESTS_CA_BUNDLE"] = CA

import requests  # noqa: E402
from zenpy import Zenpy  # noqa: E402
from zenpy.lib.api_objects import Comment, Group, Ticket, User  # noqa: E402
from zenpy.lib.exception import APIException, RecordNotFoundException  # noqa: E402

import desk_setup  # noqa: E402

RUN = uuid.uuid4().hex[:10]
client = Zenpy(subdomain="heliotrope", email=EMAIL, token=TOKEN, disable_cache=True)
made = []
failures = []


def check(work):
    """Runs one check and prints how it went."""
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


def create(subject, body, **more):
    audit = client.tickets.create(Ticket(subject=subject, comment=Comment(body=body), **more))
    made.append(audit.ticket.id)
    return audit


def the_host_name_is_verified():
    if URL.scheme != "https":
        return
    answer = requests.get(f"{URL.scheme}://{URL.netloc}/health", timeout=10)
    same(answer.status_code, 200, "health with the CA")
    context = ssl.create_default_context(cafile=CA)
    with socket.create_connection((URL.hostname, URL.port), timeout=10) as plain:
        try:
            context.wrap_socket(plain, server_hostname="another.invalid")
        except ssl.SSLCertVerificationError:
            return
    raise AssertionError("the certificate was accepted for another host name")


def who_am_i():
    me = client.users.me()
    same(me.email, EMAIL, "email")


def a_ticket_is_created():
    audit = create(f"Le téléphone chauffe {RUN}", "Il chauffe depuis hier.", tags=["vip", RUN])
    same(audit.ticket.subject, f"Le téléphone chauffe {RUN}", "subject")
    same(audit.ticket.description, "Il chauffe depuis hier.", "description")
    same(sorted(audit.ticket.tags), sorted(["vip", RUN]), "tags")
    same(audit.audit.ticket_id, audit.ticket.id, "audit.ticket_id")
    assert any(event["type"] == "Comment" for event in audit.audit.events), "no comment event"
    shown = client.tickets(id=audit.ticket.id)
    same(shown.id, audit.ticket.id, "id")
    same(shown.priority, None, "priority")


def a_ticket_is_updated():
    ticket = client.tickets(id=made[0])
    ticket.priority = "high"
    ticket.status = "open"
    answer = client.tickets.update(ticket)
    same(answer.ticket.priority, "high", "priority")
    changed = {event.get("field_name") for event in answer.audit.events}
    assert {"priority", "status"} <= changed, f"audit names {changed}"


def comments_public_and_private():
    ticket = client.tickets(id=made[0])
    ticket.comment = Comment(body="<b>Not bold</b>, private", public=False)
    client.tickets.update(ticket)
    ticket = client.tickets(id=made[0])
    ticket.comment = Comment(html_body="<p>Public <i>words</i></p>", public=True)
    client.tickets.update(ticket)
    comments = list(client.tickets.comments(made[0]))
    same([c.public for c in comments], [True, False, True], "public")
    same(comments[1].body, "<b>Not bold</b>, private", "body")
    assert "<b>" not in comments[1].html_body, comments[1].html_body
    same(comments[2].body, "Public words", "body from HTML")


def tags_on_their_own():
    client.tickets.add_tags(made[0], ["urgent"])
    assert "urgent" in client.tickets(id=made[0]).tags
    client.tickets.delete_tags(made[0], ["urgent"])
    assert "urgent" not in client.tickets(id=made[0]).tags


def audits_in_order():
    audits = list(client.tickets.audits(ticket=made[0]))
    assert len(audits) >= 4, len(audits)
    ids = [audit.id for audit in audits]
    same(len(set(ids)), len(ids), "distinct audit ids")


def many_at_once():
    job = client.tickets.create(
        [Ticket(subject=f"batch {n} {RUN}", comment=Comment(body="b")) for n in range(5)])
    same(job.status, "completed", "job status")
    made.extend(result.id for result in job.results)
    found = list(client.tickets(ids=made[1:6]))
    same(sorted(t.id for t in found), sorted(made[1:6]), "show_many")


def cursor_paging_sees_every_ticket_once():
    seen = []
    pages = client.tickets(cursor_pagination=2)
    for ticket in pages:
        seen.append(ticket.id)
        if set(made) <= set(seen) or len(seen) > 5000:
            break
    same(len(seen), len(set(seen)), "tickets seen once")
    assert set(made) <= set(seen) or len(seen) > 5000, "a ticket of this run is missing"


def offset_paging_counts():
    session = client.tickets.session
    answer = session.get(
        f"{URL.scheme}://{URL.netloc}/api/v2/tickets.json?per_page=2", timeout=10).json()
    assert answer["count"] >= len(made), answer["count"]
    assert answer["next_page"].startswith(f"{URL.scheme}://{URL.netloc}/"), answer["next_page"]


def search_and_count():
    # Search follows the commit within two seconds.
    for _ in range(20):
        found = list(client.search(RUN, type="ticket"))
        if len(found) >= 6:
            break
        time.sleep(0.25)
    assert {t.id for t in found} >= set(made[:6]), "search misses tickets"
    same(client.search.count(RUN, type="ticket"), len(found), "count")


def search_without_accents_and_in_chinese():
    chinese = create(f"电话很热 {RUN}", "我的电话很热。").ticket.id
    for _ in range(20):
        plain = {t.id for t in client.search("telephone", type="ticket", tags=RUN)}
        hot = {t.id for t in client.search(f"电话 {RUN}", type="ticket")}
        if plain and hot:
            break
        time.sleep(0.25)
    same(plain, {made[0]}, "telephone finds téléphone")
    same(hot, {chinese}, "two-character word")


def files_are_uploaded_attached_and_downloaded():
    folder = tempfile.mkdtemp()
    source, target = os.path.join(folder, "photo é.png"), os.path.join(folder, "back")
    data = os.urandom(200_000)
    with open(source, "wb") as file:
        file.write(data)
    upload = client.attachments.upload(source)
    ticket = client.tickets(id=made[0])
    ticket.comment = Comment(body="See the photo.", uploads=[upload.token])
    client.tickets.update(ticket)
    comment = list(client.tickets.comments(made[0]))[-1]
    attached = comment.attachments[0]
    same(attached.file_name, "photo é.png", "file name")
    same(attached.size, len(data), "size")
    same(client.attachments(id=attached.id).id, attached.id, "attachment by id")
    client.attachments.download(attached.id, target)
    with open(target, "rb") as file:
        same(file.read(), data, "bytes")
    client.attachments.redact(made[0], comment.id, attached.id)
    same(client.attachments(id=attached.id).deleted, True, "deleted after the redaction")
    client.attachments.upload(source, token=client.attachments.upload(source).token)


def a_missing_ticket_is_a_404():
    try:
        client.tickets(id=9007199254740981)
    except RecordNotFoundException:
        return
    raise AssertionError("no RecordNotFoundException")


def a_wrong_token_is_a_401():
    stranger = Zenpy(subdomain="heliotrope", email=EMAIL, token="wrong", disable_cache=True)
    try:
        stranger.users.me()
    except APIException as error:
        same(error.response.status_code, 401, "status")
        return
    raise AssertionError("a wrong token was accepted")


def a_bad_value_is_a_422():
    try:
        client.tickets.create(
            Ticket(subject="x", comment=Comment(body="x"), priority="galactic"))
    except APIException as error:
        same(error.response.status_code, 422, "status")
        assert "priority" in error.response.text, error.response.text
        return
    raise AssertionError("a wrong priority was accepted")


def users_are_made_and_found():
    email = f"customer-{RUN}@example.com"
    user = client.users.create(User(name=f"Customer {RUN}", email=email, role="end-user"))
    same(client.users(id=user.id).email, email, "email")
    again = client.users.create_or_update(User(name=f"Customer II {RUN}", email=email))
    same(again.id, user.id, "create_or_update")
    found = [u.id for u in client.users.search(query=email)]
    same(found, [user.id], "users search")
    audit = create(f"On behalf {RUN}", "x", requester=User(name="x", email=email))
    same(audit.ticket.requester_id, user.id, "requester by e-mail")


def groups_are_listed():
    groups = list(client.groups())
    if client.users.me().role == "admin":
        group = client.groups.create(Group(name=f"Group {RUN}"))
        assert group.id in {g.id for g in client.groups()}
        groups.append(group)
    for group in groups[:1]:
        same(client.groups(id=group.id).name, group.name, "group name")


def sideloaded_users():
    ticket = next(iter(client.tickets(include=["users"], cursor_pagination=10)))
    assert ticket.requester.name


def incremental_cursor_ends():
    stream = client.tickets.incremental(start_time=0, paginate_by_time=False)
    seen = set()
    for ticket in stream:
        seen.add(ticket.id)
    assert set(made) <= seen, "an exported ticket is missing"


def tickets_are_deleted():
    gone = made.pop()
    client.tickets.delete(Ticket(id=gone))
    try:
        client.tickets(id=gone)
    except RecordNotFoundException:
        return
    raise AssertionError("the deleted ticket is still shown")


for work in [
    the_host_name_is_verified, who_am_i, a_ticket_is_created, a_ticket_is_updated,
    comments_public_and_private, tags_on_their_own, audits_in_order, many_at_once,
    files_are_uploaded_attached_and_downloaded,
    cursor_paging_sees_every_ticket_once, offset_paging_counts, search_and_count,
    search_without_accents_and_in_chinese, a_missing_ticket_is_a_404, a_wrong_token_is_a_401,
    a_bad_value_is_a_422, users_are_made_and_found, groups_are_listed, sideloaded_users,
    incremental_cursor_ends, tickets_are_deleted, *desk_setup.checks(client, RUN, URL, same),
]:
    check(work)

print(f"{len(failures)} of the checks failed" if failures else "all checks passed")
sys.exit(1 if failures else 0)
