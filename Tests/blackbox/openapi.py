"""docs/openapi.yaml against two real nodes: each operation is used, each answer is as described."""

import base64
import http.client
import urllib.parse

import openapi_setup
from contract import Contract
from drill.offices import PARIS, SAN_FRANCISCO
from harness import eventually, now
from openapi_relations import RelationsWalk

V2, HELIO = "/api/v2", "/api/helio/v1"
WRITES_NOTHING = (f"{HELIO}/verify", f"{V2}/views/preview", f"{V2}/views/preview/count")
# Everybody's own, whatever the role.
OWN_ACCOUNT = (f"{V2}/oauth/tokens", f"{V2}/oauth/tokens/current")


def run(t):
    strictness(t)
    cluster = t.cluster([PARIS, SAN_FRANCISCO])
    paris, san_francisco = cluster.nodes
    walk = Walk(t, cluster, paris, san_francisco)
    walk.roster()
    walk.people()
    walk.tickets()
    openapi_setup.run(walk)
    walk.requests()
    walk.searches()
    walk.ownership()
    walk.conflicts()
    walk.webhooks()
    walk.operator()
    walk.node()
    lacking = sorted(f"{method} {path}" for method, path in t.contract.operations()
                     if not any(status < 300 for status in
                                t.contract.seen.get((method, path), ())))
    # Nothing waits here to be covered or is alarmed; the tests of the boundary and of hand-offs do it.
    # Who is confirmed is the operator's to say, who does not come in by this port.
    lacking = [name for name in lacking
               if not name.endswith(("/cover", "/acknowledge", "/confirm"))]
    t.check("every operation that the file describes was used with success", not lacking, lacking)
    refusals(t, paris)


def strictness(t):
    """The judge must see what is wrong, or its silence means nothing."""
    kind, path = {"Content-Type": "application/json; charset=utf-8"}, f"{V2}/search/count"
    cases = {
        "a right answer": (True, "GET", path, 200, kind, {"count": 1}),
        "with .json": (True, "GET", path + ".json?query=x", 200, kind, {"count": 1}),
        "a missing key": (False, "GET", path, 200, kind, {}),
        "a key too many": (False, "GET", path, 200, kind, {"count": 1, "more": 1}),
        "a wrong type": (False, "GET", path, 200, kind, {"count": "1"}),
        "an unknown status": (False, "GET", path, 418, kind, {"count": 1}),
        "another content type": (False, "GET", path, 200, {"Content-Type": "text/html"}, ""),
        "an unknown method": (False, "POST", path, 200, kind, {"count": 1}),
        "an unknown path": (False, "GET", f"{V2}/nothing", 200, kind, {}),
        "an unknown error": (False, "GET", path, 404, kind, {"error": "X", "description": ""}),
        "429 without Retry-After": (False, "GET", path, 429, kind, {
            "error": "APIRateLimitExceeded", "description": ""}),
        "a body with 204": (False, "DELETE", f"{V2}/tickets/1", 204, kind, {}),
    }
    judge = Contract()
    wrong = [name for name, (right, *answer) in cases.items()
             if right == bool(judge.judge(*answer))]
    t.check("the judge of answers sees what is wrong, and nothing else", not wrong, wrong)


class Walk(RelationsWalk):
    """Calls every operation once or more; the contract of the harness looks at the answers."""

    def __init__(self, t, cluster, paris, san_francisco):
        self.t, self.cluster, self.paris, self.san_francisco = t, cluster, paris, san_francisco
        self.api = paris.client("admin")
        self.lead = paris.client("lead")

    def get(self, *paths):
        for path in paths:
            self.api.call("GET", path)

    def pages(self, *paths):
        """By number, by cursor, and with `.json`."""
        for path in paths:
            joint = "&" if "?" in path else "?"
            plain, _, query = path.partition("?")
            self.get(path, f"{path}{joint}page[size]=2", f"{path}{joint}per_page=1&page=2",
                     plain + ".json" + (f"?{query}" if query else ""))

    def change(self, path, key, body):
        for method in ("PUT", "PATCH"):
            self.api.call(method, path, {key: body})

    def make(self, path, key, body):
        return self.api.post(path, {key: body})[key]["id"]

    def roster(self):
        self.get(f"{HELIO}/roster")
        path = f"{HELIO}/roster?emergency=true"
        operation = self.t.contract.document["paths"][f"{HELIO}/roster"]["put"]
        text = operation["requestBody"]["content"]["application/toml"]["example"]
        for method, roster in (("PUT", text), ("POST", both_open(now()))):
            status, value, _ = self.api.request(
                method, path, roster.encode(), {"Content-Type": "application/toml"})
            self.t.check(f"{method} of a roster is taken", status == 201, value.get("details"))
        self.get(f"{HELIO}/roster", f"{HELIO}/roster/coverage", f"{HELIO}/coverage?week=2026-W12")

    def people(self):
        self.group = self.make(f"{V2}/groups", "group", {"name": "Support", "home_office": "paris"})
        self.company = self.make(f"{V2}/organizations", "organization", {
            "name": "Sunrise Telecom", "domain_names": ["sunrise.example"]})
        self.user = self.make(f"{V2}/users", "user", {
            "name": "Ada", "email": "ada@sunrise.example", "organization_id": self.company})
        agent = self.make(f"{V2}/users", "user", {
            "name": "Noor", "email": "noor@paris.example", "role": "agent", "office": "paris"})
        member = self.make(f"{V2}/group_memberships", "group_membership", {
            "user_id": agent, "group_id": self.group})
        for _ in range(2):
            self.api.post(f"{V2}/users/create_or_update", {"user": {
                "name": "Bo", "email": "bo@sunrise.example"}})
        for kind, row in (("groups", self.group), ("organizations", self.company),
                          ("users", self.user)):
            self.change(f"{V2}/{kind}/{row}", kind.removesuffix("s"), {"name": f"The {kind}"})
            self.pages(f"{V2}/{kind}", f"{V2}/{kind}/{row}")
        self.get(f"{V2}/users/me", f"{V2}/users/count", f"{V2}/users/show_many?ids={self.user}",
                 f"{V2}/groups/count", f"{V2}/organizations/count", f"{V2}/ticket_fields/count",
                 f"{V2}/organizations/show_many?ids={self.company}",
                 f"{V2}/group_memberships/{member}")
        self.pages(f"{V2}/users?role=agent", f"{V2}/users/search?query=ada",
                   f"{V2}/users/autocomplete?name=ad", f"{V2}/users/{agent}/groups",
                   f"{V2}/users/{agent}/group_memberships", f"{V2}/groups/assignable",
                   f"{V2}/groups/{self.group}/users", f"{V2}/groups/{self.group}/memberships",
                   f"{V2}/group_memberships", f"{V2}/group_memberships/assignable",
                   f"{V2}/organizations/search?name=sunrise",
                   f"{V2}/organizations/autocomplete?name=the",
                   f"{V2}/organizations/{self.company}/users",
                   f"{V2}/users/{self.user}/identities", f"{V2}/organization_memberships",
                   f"{V2}/users/{self.user}/organization_memberships?include=organizations",
                   f"{V2}/users?include=organizations,groups",
                   f"{V2}/group_memberships?include=users,groups")
        for path, rows in ((f"{V2}/users/create_many", [{"name": "One"}, {"name": ""}]),
                           (f"{V2}/users/create_or_update_many", [
                               {"name": "Bo", "email": "bo@sunrise.example"}])):
            self.api.post(path, {"users": rows})
        self.api.post(f"{V2}/organizations/create_many", {"organizations": [{"name": "Two"}]})
        for _ in range(2):
            self.api.post(f"{V2}/organizations/create_or_update", {"organization": {
                "name": "Three", "external_id": "3"}})
        self.api.delete(f"{V2}/group_memberships/{member}")
        for kind in ("groups", "organizations", "users"):
            row = self.make(f"{V2}/{kind}", kind.removesuffix("s"), {"name": f"Gone {kind}"})
            self.api.delete(f"{V2}/{kind}/{row}")

    def tickets(self):
        field = self.make(f"{V2}/ticket_fields", "ticket_field", {
            "title": "Handset", "type": "tagger",
            "custom_field_options": [{"name": "Model A", "value": "model_a"}, "other"]})
        self.pages(f"{V2}/ticket_fields", f"{V2}/ticket_fields/{field}")
        openapi_setup.field_options(self, field)
        self.ticket = self.make(f"{V2}/tickets", "ticket", {
            "subject": "Le téléphone chauffe", "comment": {"html_body": "<b>Il chauffe.</b>"},
            "requester_id": self.user, "group_id": self.group, "due_at": "2030-01-01",
            "custom_fields": [{"id": field, "value": "model_a"}], "tags": ["a"]})
        one = f"{V2}/tickets/{self.ticket}"
        self.change(one, "ticket", {"status": "open", "comment": "Noté.", "priority": "high"})
        self.change(one, "ticket", {"priority": "high"})
        for method, tags in (("POST", "a b"), ("PUT", ["c"]), ("DELETE", ["a"])):
            self.api.call(method, f"{one}/tags", {"tags": tags})
        more = [{"subject": str(number), "comment": "x"} for number in range(3)] + [{}]
        job = self.api.post(f"{V2}/tickets/create_many", {"tickets": more})["job_status"]
        made = [row["id"] for row in job["results"] if "id" in row]
        ids = ",".join(str(row) for row in made)
        self.api.put(f"{V2}/tickets/update_many?ids={ids}", {"ticket": {"additional_tags": ["d"]}})
        self.api.call("PATCH", f"{V2}/tickets/update_many", {"tickets": [
            {"id": made[0], "priority": "low"}, {"id": made[1], "priority": "none"}]})
        self.get(one, f"{one}?include=users,groups,organizations", f"{one}/tags", f"{one}.json",
                 f"{one}/comments/count", f"{V2}/tickets/count", f"{V2}/job_statuses",
                 f"{V2}/job_statuses/{job['id']}", f"{V2}/job_statuses/show_many?ids={job['id']}",
                 f"{V2}/tickets/show_many?ids={self.ticket},{ids}&include=users")
        self.pages(f"{V2}/tickets", f"{V2}/tickets?include=users,groups&sort=-updated_at",
                   f"{V2}/tickets/recent", f"{one}/comments?include=users&sort_order=desc",
                   f"{one}/audits?include=users", f"{V2}/organizations/{self.company}/tickets",
                   f"{V2}/users/{self.user}/tickets/requested",
                   f"{V2}/users/{self.user}/tickets/assigned")
        self.files(one)
        audit = self.api.get(f"{one}/audits")["audits"][0]["id"]
        self.get(f"{one}/audits/{audit}")
        self.relations(one, made)
        self.api.delete(f"{V2}/tickets/destroy_many?ids={made[0]},1")
        self.api.delete(f"{V2}/tickets/{made[1]}")
        self.pages(f"{V2}/deleted_tickets")
        self.api.call("PUT", f"{V2}/deleted_tickets/{made[0]}/restore")
        self.api.call("PUT", f"{V2}/deleted_tickets/restore_many?ids={made[1]}")
        self.imports()
        for kind, include in (("tickets", "users,groups"), ("ticket_events", "comment_events"),
                              ("users", "organizations,groups"), ("organizations", "")):
            path = f"{V2}/incremental/{kind}"
            after = self.api.get(f"{path}/cursor?start_time=0&per_page=2&include={include}")
            self.get(f"{path}/cursor?cursor={after['after_cursor']}",
                     f"{path}?start_time=0&per_page=1&include={include}", f"{path}?start_time=0")

    def files(self, ticket):
        path = f"{V2}/uploads?filename=photo.png"
        kind = {"Content-Type": "image/png"}
        tokens = [self.api.request("POST", path, b"a photo", kind)[1]["upload"]["token"]
                  for _ in range(2)]
        self.api.delete(f"{V2}/uploads/{tokens[0]}")
        self.api.put(ticket, {"ticket": {"comment": {"body": "See.", "uploads": [tokens[1]]}}})
        comment = self.api.get(f"{ticket}/comments")["comments"][-1]
        file = comment["attachments"][0]["id"]
        self.get(f"{V2}/attachments/{file}", f"{V2}/attachments/{file}/content", f"{ticket}/audits")
        for span, wanted in (("bytes=2-4", 206), ("bytes=99-", 416)):
            status, _, _ = self.api.request(
                "GET", f"{V2}/attachments/{file}/content", headers={"Range": span})
            self.t.check(f"{span} is answered with {wanted}", status == wanted, status)
        self.api.put(f"{ticket}/comments/{comment['id']}/attachments/{file}/redact", {})
        self.get(f"{V2}/attachments/{file}", f"{ticket}/audits")

    def searches(self):
        wanted = "téléphone"
        found = eventually(lambda: self.api.get(f"{V2}/search/count", query=wanted)["count"], 20)
        self.t.check("the search finds the ticket", found)
        words = urllib.parse.quote(wanted)
        self.pages(f"{V2}/search?query={words}&include=tickets(users)",
                   f"{V2}/search/export?query=type:ticket",
                   f"{V2}/search/export?query=bo&filter[type]=user",
                   f"{V2}/search?query=type:user", f"{V2}/search?query=type:group",
                   f"{V2}/search?query=type:organization")
        status, value, _ = self.api.request("GET", f"{V2}/search?query=created>soon")
        told = value["details"]["query"][0]["description"] if status == 422 else value
        self.t.check("a search that cannot be understood is answered with what would be",
                     "give a day" in told, told)
        self.get(f"{V2}/account/settings")

    def ownership(self):
        act = f"{HELIO}/tickets/{self.ticket}"
        self.get(f"{HELIO}/ownership", f"{HELIO}/ownership?ticket_id={self.ticket}",
                 f"{HELIO}/ownership?ids={self.ticket}&at=2026-03-18T10:00:00Z",
                 f"{HELIO}/handoffs", f"{HELIO}/handoffs?office=san-francisco")
        duty = self.api.get(f"{HELIO}/ownership")["duty"][0]["office"]
        self.cluster.wait_equal(30)
        self.cluster.node(duty).client("lead").call("POST", f"{HELIO}/handoffs/accept")
        self.cluster.wait_equal(30)
        self.lead.post(f"{act}/take", {"even_if_foreign": True})
        self.lead.post(f"{act}/stay", {"wake_at": "2030-01-01T08:00:00Z"})
        self.lead.call("POST", f"{act}/move-on")
        self.lead.post(f"{HELIO}/handoffs/note", {
            "ticket_id": self.ticket, "text": "Called at 9:00.", "next_action": "Call",
            "promise": {"text": "We call", "to": None, "until": "2030-01-01T08:00:00Z"}})
        self.lead.post(f"{act}/hand-to", {"office": "san-francisco", "note": "Yours."})
        self.cluster.wait_equal(30)
        self.san_francisco.client("lead").post(f"{act}/send-back", {"note": "No, yours."})
        self.cluster.wait_equal(30)
        for path in (f"{act}/cover", f"{HELIO}/cover"):
            self.lead.request("POST", path)
        self.get(f"{HELIO}/handoffs", f"{HELIO}/ownership?ticket_id={self.ticket}",
                 f"{HELIO}/handoffs/next", f"{HELIO}/handoffs/next?office=san-francisco")
        report = f"{HELIO}/handoffs/report?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z"
        self.get(report, f"{HELIO}/handoffs/report?office={duty}")
        for kind in ("text/markdown", "text/csv"):
            self.api.request("GET", report, headers={"Accept": kind})

    def conflicts(self):
        """Two offices write the same field, and make the same customer, cut off from each other."""
        self.cluster.wait_equal(30)
        for act in ("pause", "resume"):
            self.api.call("POST", f"{HELIO}/links/all/{act}")
            if act == "resume":
                continue
            for node, subject in ((self.paris, "Paris"), (self.san_francisco, "San Francisco")):
                node.client("agent").put(f"{V2}/tickets/{self.ticket}", {
                    "ticket": {"subject": f"{subject} says"}})
                node.client("agent").post(f"{V2}/users", {"user": {
                    "name": f"Mo of {subject}", "email": "mo@sunrise.example"}})
        self.get(f"{HELIO}/sites")
        path = f"{HELIO}/conflicts"
        found = eventually(lambda: self.api.get(path)["conflicts"], 30)
        if self.t.check("the conflict is in the inbox", found):
            one = self.api.get(path)["conflicts"][0]["id"]
            self.pages(path)
            self.get(f"{path}/{one}")
            self.api.post(f"{path}/{one}/resolve", {"choice": "keep"})
        path = f"{HELIO}/merge-tasks"
        for api in (self.api, self.san_francisco.client("admin")):
            eventually(lambda: api.get(path)["merge_tasks"], 30)
            found = api.get(path)["merge_tasks"]
            self.t.check(
                "who was made twice is one task, with both rows",
                [(task["entity"], task["column"], task["value"], len(task["rows"]))
                 for task in found] == [("user", "email", "mo@sunrise.example", 2)], found)
        self.pages(path)

    def webhooks(self):
        path = f"{V2}/webhooks"
        hook = self.make(path, "webhook", {
            "name": "Pager", "endpoint": "https://pager.invalid/in",
            "subscriptions": ["helio:alarm.*", "zen:event-type:ticket.created"]})
        self.change(f"{path}/{hook}", "webhook", {"description": "For the lead"})
        self.get(f"{path}/{hook}/signing_secret")
        self.api.call("POST", f"{path}/{hook}/signing_secret")
        self.api.call("POST", f"{path}/test?webhook_id={hook}")
        self.pages(path, f"{path}/{hook}", f"{path}/{hook}/deliveries")
        self.api.delete(f"{path}/{hook}")

    def operator(self):
        user = self.api.post(f"{HELIO}/users", {"user": {
            "name": "Hugo", "email": "hugo@paris.example", "helio_role": "lead", "office": "paris",
            "password": "correct horse battery"}})["user"]["id"]
        token = self.api.post(f"{HELIO}/tokens", {"token": {
            "user_id": user, "label": "laptop", "expires_at": "2030-01-01"}})["token"]["id"]
        self.pages(f"{HELIO}/tokens?all=true", f"{V2}/oauth/tokens?all=true")
        self.get(f"{HELIO}/tokens/{token}", f"{V2}/oauth/tokens/{token}")
        self.api.call("POST", f"{HELIO}/tokens/{token}/revoke")
        self.accounts(user)
        self.api.post(f"{HELIO}/imports/incidents", {
            "source": "log.csv", "office_map": {}, "rows": [{"line": 2, "values": {"number": ""}}]})

    def accounts(self, user):
        """A password by which its user comes in and makes tokens, and presence."""
        password = "staple at midnight"
        self.api.post(f"{V2}/users/{user}/password", {"password": password})
        own = self.paris.client_for("hugo@paris.example", "")
        plain = base64.b64encode(f"hugo@paris.example:{password}".encode()).decode()
        own.headers["Authorization"] = f"Basic {plain}"
        own.get(f"{V2}/users/{user}/password/requirements")
        own.put(f"{V2}/users/{user}/password", {
            "previous_password": password, "password": password + "s"})
        made = self.paris.client_for("hugo@paris.example", self.api.post(f"{HELIO}/tokens", {
            "token": {"user_id": user}})["token"]["token"])
        spare = made.post(f"{V2}/oauth/tokens", {"token": {"label": "spare"}})["token"]["id"]
        made.delete(f"{V2}/oauth/tokens/{spare}")
        made.put(f"{HELIO}/presence", {"presence": {
            "ticket_id": self.ticket, "activity": "editing"}})
        found = eventually(lambda: self.san_francisco.client("agent").get(
            f"{HELIO}/presence?ticket_id={self.ticket}")["presences"], 10)
        self.t.check("presence is seen at the other node", found)
        made.delete(f"{HELIO}/presence")
        made.get(f"{V2}/oauth/tokens/current")
        made.delete(f"{V2}/oauth/tokens/current")
        self.t.check("a token that revoked itself lets nobody in",
                     made.request("GET", f"{V2}/users/me")[0] == 401)

    def node(self):
        self.get(f"{HELIO}/node", f"{HELIO}/sites", f"{HELIO}/members", f"{HELIO}/alarms",
                 f"{HELIO}/verify", f"{HELIO}/verify/head", "/health", "/metrics")
        self.api.call("POST", f"{HELIO}/verify")
        self.api.post(f"{HELIO}/invites", {"invite": {
            "office": "singapore", "zone": "Asia/Singapore", "languages": ["en"]}})
        first_event(self.api, self.t.contract)
        own = f"{HELIO}/members/{self.paris.name}/remove"
        for body in (None, {"confirm": self.san_francisco.name}):
            status, value, _ = self.api.request("POST", own, body)
            self.t.check("a node does not remove itself unless its name is said twice",
                         status == 422 and "confirm" in value["details"], value)
        self.api.call("POST", f"{HELIO}/members/{self.san_francisco.name}/remove")
        status, value, _ = self.api.request("POST", own, {"confirm": self.paris.name})
        self.t.check("the last node of a cluster cannot be removed",
                     status == 422 and value["error"] == "RemovalRefused", value)


def both_open(instant):
    """A roster in which both offices are at work now, so that one can hand to the other."""
    shifts = [(PARIS, 5), (SAN_FRANCISCO, 2)]
    return 'name = "both open"\n' + "".join(
        f'\n[[shifts]]\noffice = "{office.code}"\nzone = "Etc/UTC"\n'
        f'start = "{(instant.hour - before) % 24:02}:00"\nhours = 12\n'
        for office, before in shifts)


def first_event(api, contract):
    """The stream does not end, so only its head is read."""
    path = f"{HELIO}/events"
    connection = http.client.HTTPSConnection(
        api.host, api.port, timeout=10, context=api.context)
    connection.request("GET", path, headers=api.headers)
    response = connection.getresponse()
    response.readline()
    contract.observe("GET", path, response.status, response.headers, "")
    connection.close()


def refusals(t, node):
    """What every operation answers to strangers, to readers, and to nonsense."""
    admin = node.client("admin")
    auditor, customer = (reader(node, admin, role) for role in ("auditor", "end-user"))
    t.check("a customer sees who they are, and no more", customer.request(
        "GET", f"{V2}/users/me")[0] == 200 and customer.request("GET", f"{V2}/users")[0] == 403)
    stranger = node.client_for(None, "")
    stranger.headers.pop("Authorization")
    open_to_all, no_login, no_role, no_json, no_method = ("/health", "/metrics"), [], [], [], []
    for method, template in sorted(t.contract.operations()):
        if template in open_to_all:
            continue
        path, name = filled(template), f"{method} {template}"
        operation = t.contract.document["paths"][template][method]
        if stranger.request(method.upper(), path)[0] != 401:
            no_login.append(name)
        example = example_of(operation)
        if method != "get" and template not in WRITES_NOTHING + OWN_ACCOUNT:
            status, value, headers = auditor.request(method.upper(), path, example)
            if status < 400 and not refused_one_by_one(value):
                no_role.append(name)
            if "X-Rate-Limit-Remaining" not in headers or "ratelimit-reset" not in headers:
                no_role.append(f"{name} without the headers of the rate limit")
        if "requestBody" in operation and not template.endswith("/roster"):
            if admin.request(method.upper(), path, b'{"ticket": ')[0] != 400:
                no_json.append(name)
    for template, item in t.contract.document["paths"].items():
        lacking = [method for method in ("get", "put", "delete") if method not in item]
        if lacking and admin.request(lacking[0].upper(), filled(template), {})[0] != 405:
            no_method.append(template)
    t.check("without a login every operation answers 401", not no_login, no_login)
    t.check("an auditor changes nothing", not no_role, no_role)
    t.check("a body that is cut off is answered with 400", not no_json, no_json)
    t.check("a method that a path does not have is answered with 405", not no_method, no_method)
    unknown = ("/", f"{V2}/x", f"{V2}/tickets/1/x.json")
    t.check("an unknown path is answered with 404",
            all(admin.request("GET", path)[0] == 404 for path in unknown))


def reader(node, admin, role):
    """Someone of that role, with a token."""
    email = f"{role}@paris.example"
    admin.post(f"{V2}/users", {"user": {
        "name": role, "email": email, "helio_role": role, "office": "paris"}})
    secret = admin.post(f"{HELIO}/tokens", {"token": {"email": email}})["token"]["token"]
    return node.client_for(email, secret)


def refused_one_by_one(value):
    """A bulk request is answered with 200 and what became of each row."""
    job = (value or {}).get("job_status", {})
    return job.get("status") == "failed" or job.get("total") == 0


def filled(template):
    """The path with something in the place of each parameter."""
    return (template.replace("conflicts/{id}", "conflicts/6-1-2-0").replace("{id}", "1")
            .replace("{audit}", "1").replace("{macro}", "1").replace("{holiday}", "1")
            .replace("{option}", "1").replace("{comment}", "1")
            .replace("{attachment}", "1").replace("{token}", "nothing")
            .replace("{peer}", "nobody").replace("{node}", "nobody"))


def example_of(operation):
    kinds = operation.get("requestBody", {}).get("content", {})
    return kinds.get("application/json", {}).get("example")
