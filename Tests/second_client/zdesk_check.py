"""Drives a node with zdesk, a client whose calls are generated from Zendesk's own documentation.

Needs HELIO_API_URL, HELIO_API_EMAIL and HELIO_API_TOKEN; REQUESTS_CA_BUNDLE names the CA, so the
node's name is checked. Prints `ok NAME` or `FAIL NAME` for each check; exits 1 where one failed.
"""

import os
import sys
import time

import requests
from zdesk import AuthenticationError, Zendesk, ZendeskError
from zdesk.zdesk import get_id_from_url

URL, EMAIL, TOKEN = (os.environ[f"HELIO_API_{name}"] for name in ("URL", "EMAIL", "TOKEN"))
failed = []


def check(name, holds, found=""):
    more = f" ({found})" if found != "" and not holds else ""
    print(("ok " if holds else "FAIL ") + name + more)
    if not holds:
        failed.append(name)


def refused(code, call, *arguments, **named):
    """The answer to a call that must be refused with this status; None where it is not."""
    try:
        call(*arguments, **named)
    except ZendeskError as error:
        return error.response.json() if error.error_code == code else None
    return None


def main():
    z = Zendesk(URL, EMAIL, zdesk_password=TOKEN, zdesk_token=True)
    me = z.users_me()["user"]
    check("users_me is the caller", me["email"] == EMAIL)
    people(z)
    organization, requester = made(z)
    ticket = tickets(z, organization, requester)
    bulk(z)
    searches(z, ticket)
    exports(z, ticket)
    errors(z, ticket)
    bearer = Zendesk(URL, zdesk_oauth=TOKEN)
    check("a bearer token is taken", bearer.users_me()["user"]["id"] == me["id"])
    names()
    return 1 if failed else 0


def people(z):
    location = z.user_create({"user": {"name": "Ada", "email": "ada@zdesk.example"}})
    user = get_id_from_url(location)
    check("user_create gives the address of the user", user is not None, location)
    z.user_update(user, {"user": {"phone": "+33 1 23", "notes": "prefers calls"}})
    shown = z.user_show(user)["user"]
    check("user_show has what was written", shown["phone"] == "+33 1 23" and
          shown["notes"] == "prefers calls", shown)
    for number in range(5):
        z.user_create({"user": {"name": f"C{number}", "email": f"c{number}@zdesk.example"}})
    everyone = z.users_list(get_all_pages=True, per_page=2)["users"]
    check("users_list follows next_page to the end",
          len({each["id"] for each in everyone}) == len(everyone) >= 7, len(everyone))
    found = z.users_search(query="ada@zdesk.example")["users"]
    check("users_search finds one", [str(each["id"]) for each in found] == [user], found)
    z.user_delete(get_id_from_url(z.user_create({"user": {"name": "Gone"}})))


def made(z):
    organization = get_id_from_url(z.organization_create(
        {"organization": {"name": "Zdesk Ltd", "domain_names": ["zdesk.example"]}}))
    z.organization_update(organization, {"organization": {"notes": "gold"}})
    shown = z.organization_show(organization)["organization"]
    check("organizations are made and changed",
          shown["notes"] == "gold" and shown["domain_names"] == ["zdesk.example"], shown)
    check("organizations_list has it", any(
        str(each["id"]) == organization
        for each in z.organizations_list(get_all_pages=True)["organizations"]))
    z.group_create({"group": {"name": "Zdesk group"}})
    check("groups_list has the group", any(
        each["name"] == "Zdesk group" for each in z.groups_list()["groups"]))
    requester = get_id_from_url(z.user_create({"user": {
        "name": "Bo", "email": "bo@zdesk.example", "organization_id": int(organization)}}))
    return organization, requester


def tickets(z, organization, requester):
    location = z.ticket_create({"ticket": {
        "subject": "Le téléphone chauffe", "comment": {"body": "Il chauffe depuis hier. 电话"},
        "priority": "high", "requester_id": int(requester), "tags": ["zdesk", "hot"]}})
    ticket = get_id_from_url(location)
    shown = z.ticket_show(ticket)["ticket"]
    check("ticket_create and ticket_show agree",
          shown["subject"] == "Le téléphone chauffe" and shown["priority"] == "high"
          and shown["description"].endswith("电话") and sorted(shown["tags"]) == ["hot", "zdesk"]
          and str(shown["organization_id"]) == organization, shown)
    answer = z.ticket_update(ticket, {"ticket": {
        "status": "pending", "comment": {"body": "Noté.", "public": False}}})
    check("ticket_update answers with ticket and audit",
          answer["ticket"]["status"] == "pending" and answer["audit"]["events"], answer.keys())
    comments = z.ticket_comments(ticket)["comments"]
    check("ticket_comments has both, public and private",
          [each["public"] for each in comments] == [True, False], comments)
    audits = z.ticket_audits(ticket)["audits"]
    check("ticket_audits tells both changes", len(audits) == 2 and any(
        event["type"] == "Change" for event in audits[-1]["events"]), len(audits))
    z.ticket_tags_update(ticket, {"tags": ["more"]})
    check("tags are added", "more" in z.ticket_tags(ticket)["tags"])
    return ticket


def bulk(z):
    job = z.tickets_create_many({"tickets": [
        {"subject": f"bulk {number}", "comment": {"body": "x"}} for number in range(3)]})
    job = job["job_status"]
    for _ in range(100):
        if job["status"] in ("completed", "failed"):
            break
        time.sleep(0.1)
        job = z.job_status_show(job["id"])["job_status"]
    ids = [row["id"] for row in job["results"]]
    check("tickets_create_many ends as a finished job", job["status"] == "completed" and len(
        ids) == 3, job)
    many = z.tickets_show_many(ids=",".join(str(each) for each in ids))["tickets"]
    check("tickets_show_many shows them", sorted(each["id"] for each in many) == sorted(ids))
    z.ticket_delete(ids[0])
    gone = refused(404, z.ticket_show, ids[0])
    check("a deleted ticket is not found", gone and gone["error"] == "RecordNotFound", gone)
    listed = z.tickets_list(get_all_pages=True, per_page=2)["tickets"]
    numbers = [each["id"] for each in listed]
    check("tickets_list gives each once", len(set(numbers)) == len(numbers) and ids[1] in numbers
          and ids[0] not in numbers, len(numbers))


def searches(z, ticket):
    query = "type:ticket tags:zdesk priority:high telephone"
    deadline = time.monotonic() + 20
    while z.search_count(query=query)["count"] == 0 and time.monotonic() < deadline:
        time.sleep(0.2)
    results = z.search(query=query)["results"]
    check("search finds the ticket by tag, priority and a word without its accents",
          [str(each["id"]) for each in results] == [ticket]
          and results[0]["result_type"] == "ticket", results)
    check("search finds nothing where nothing is", z.search(query="type:ticket nosuchword")[
        "results"] == [])


def exports(z, ticket):
    rows, answer = [], z.incremental_tickets_cursor_list(start_time=1, per_page=2)
    for _ in range(1000):
        rows += answer["tickets"]
        if answer["end_of_stream"]:
            break
        answer = z.call("/api/v2/incremental/tickets/cursor.json",
                        query={"cursor": answer["after_cursor"], "per_page": 2})
    check("the incremental export by cursor comes to its end with the ticket in it",
          answer["end_of_stream"] and any(str(each["id"]) == ticket for each in rows), len(rows))


def errors(z, ticket):
    missing = refused(404, z.ticket_show, 9_999_999_999)
    check("an unknown ticket is RecordNotFound", missing == {
        "error": "RecordNotFound", "description": "Not found"}, missing)
    # This client takes 422 for an answer.
    bad = z.ticket_update(ticket, {"ticket": {"priority": "extreme"}})
    check("a wrong value names its field", bad.get("error") == "RecordInvalid"
          and "priority" in bad["details"], bad)
    deep = refused(400, z.tickets_list, page=1000, per_page=100)
    check("paging beyond 10,000 records is refused", deep is not None, deep)
    try:
        Zendesk(URL, EMAIL, zdesk_password="wrong", zdesk_token=True).users_me()
        check("a wrong token is refused", False)
    except AuthenticationError as error:
        check("a wrong token is refused", error.response.json() == {
            "error": "Couldn't authenticate you"}, error.response.text)


def names():
    """127.1 is this machine too, and no name of the certificate."""
    name = "a name that the certificate lacks is not talked to"
    other = URL.replace("localhost", "127.1")
    try:
        Zendesk(other, EMAIL, zdesk_password=TOKEN, zdesk_token=True).users_me()
        check(name, False)
    except requests.exceptions.SSLError as error:
        check(name, "match" in str(error), error)


if __name__ == "__main__":
    sys.exit(main())
