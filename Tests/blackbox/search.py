"""Search in three languages: two-character Chinese words, and words without their accents."""

import urllib.parse

from drill.founding import load_tickets
from drill.offices import PARIS
from harness import eventually

QUERIES = (
    # query, a piece of the subject that must be found
    ("电话", "会议室电话没有声音"),
    ("打印机", "打印机卡纸"),
    ("telephone", "Le téléphone de l'accueil ne sonne plus"),
    ("téléphone", "Mon téléphone chauffe pendant les longs appels"),
    ("TELEPHONE chauffe", "Mon téléphone chauffe pendant les longs appels"),
    ("conges", "Mot de passe refusé après mon retour de congés"),
    ("tunnel", "VPN drops when the laptop wakes up"),
    ("\"emergency line\"", "Emergency line rings at the wrong site"),
)


def run(t):
    cluster = t.cluster([PARIS])
    node = cluster.nodes[0]
    api = node.client("agent")
    for ticket in load_tickets()["tickets"]:
        api.post("/api/v2/tickets", {"ticket": {
            "subject": ticket["subject"], "comment": {"body": ticket["description"]},
            "priority": ticket["priority"], "tags": ticket["tags"]}})
    in_time = eventually(
        lambda: api.get("/api/helio/v1/node")["node"]["search_lag"] == 0, 10)
    t.check("the search index has caught up", in_time)
    for query, wanted in QUERIES:
        subjects = search(api, f"type:ticket {query}")
        t.check(f"{query} is found", any(wanted in subject for subject in subjects),
                f"{len(subjects)} tickets")
    with_phone = search(api, "type:ticket 电话")
    wrong = [s for s in with_phone if not any("电话" in text for text in texts_of(s))]
    t.check("电话 finds nothing that does not hold it", not wrong, wrong)
    t.check("nothing is found for a word that nobody wrote",
            search(api, "type:ticket xylophonist") == [])
    urgent = search(api, "type:ticket priority:urgent")
    wanted = [ticket for ticket in load_tickets()["tickets"] if ticket["priority"] == "urgent"]
    t.check("priority:urgent finds them all", len(urgent) == len(wanted), len(urgent))

    identifier = next(api.pages("/api/v2/tickets", "tickets"))["id"]
    api.put(f"/api/v2/tickets/{identifier}", {"ticket": {"comment": {
        "body": "客户说充电器坏了", "public": False}}})
    t.check("a word of a new comment is found within 2 s",
            eventually(lambda: search(api, "type:ticket 充电"), 2))
    exported(t, api, "status<solved", "ticket", lambda number: api.post(
        "/api/v2/tickets", {"ticket": {"subject": f"meanwhile {number}", "comment": "x"}}))
    exported(t, api, "example", "user", lambda number: api.post(
        "/api/v2/users", {"user": {"name": f"Meanwhile {number}",
                                   "email": f"m{number}@example.com"}}))
    t.check("the new tickets are found", eventually(
        lambda: len(search(api, "type:ticket meanwhile")) == 6, 10))
    paged(t, api)


def paged(t, api):
    """Of words alone people come first, then tickets; over the pages each row comes once."""
    seen, counts, sizes, number = [], set(), [], 1
    while number:
        answer = api.get(f"/api/v2/search?query=meanwhile&per_page=4&page={number}")
        seen += [(row["result_type"], row["id"]) for row in answer["results"]]
        sizes.append(len(answer["results"]))
        counts.add(answer["count"])
        number = number + 1 if answer["next_page"] else None
    kinds = [kind for kind, _ in seen]
    t.check("pages of people and tickets hold each row once, and are full",
            len(set(seen)) == len(seen) and counts == {len(seen)}
            and kinds == ["user"] * 6 + ["ticket"] * 6 and sizes == [4, 4, 4], f"{sizes} {kinds}")


def exported(t, api, query, kind, write):
    """Writes go on between the pages: each row comes once, and none is left out."""
    path = f"/api/v2/search/export?query={urllib.parse.quote(query)}&filter[type]={kind}"
    before = {row["id"] for row in api.pages(path, "results", size=1000)}
    seen = []
    for number, row in enumerate(api.pages(path, "results", size=2)):
        seen.append(row["id"])
        if number < 6:
            write(number)
    t.check(f"an export of {kind}s under writes gives each row once",
            len(seen) == len(set(seen)) and before <= set(seen) and len(before) > 2,
            f"{len(before)} before, {len(seen)} read")


def search(api, query):
    answer = api.get(f"/api/v2/search?query={urllib.parse.quote(query)}")
    return [row["subject"] for row in answer["results"]]


def texts_of(subject):
    for ticket in load_tickets()["tickets"]:
        if ticket["subject"] == subject:
            yield ticket["subject"]
            yield ticket["description"]
