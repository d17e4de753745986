"""Notices to a real HTTP receiver: signed, by one node, at least once, whatever dies in between."""

import re
import time
from datetime import timedelta

from drill.offices import PARIS, SAN_FRANCISCO, SINGAPORE
from harness import eventually, now, roster_two
from receiver import Receiver

HOOKS = "/api/v2/webhooks"
CREATED = "zen:event-type:ticket.created"
STATUS = "zen:event-type:ticket.status_changed"
TICKET = "zen:event-type:ticket."
ACCEPT_WITHIN = 1


def run(t):
    cluster = t.cluster([PARIS, SAN_FRANCISCO])
    paris, san_francisco = cluster.nodes
    refusals(t, paris)
    for node in cluster.nodes:
        settle(node, ['webhook_allow = ["127.0.0.1"]', "webhook_give_up_seconds = 120"])
    receiver = Receiver()
    t.closers.append(lambda: receiver.close())
    # Nobody accepts from here on; the rest of the test is longer than the time to do so.
    boundary = now().replace(second=0, microsecond=0) - timedelta(minutes=1)
    roster = t.write("roster.toml", roster_two(
        PARIS.code, SAN_FRANCISCO.code, boundary, ACCEPT_WITHIN, fallback=PARIS.code))
    admin = paris.client("admin")
    alarms = make(admin, receiver.url("/alarms"), ["helio:alarm.*"])
    cluster.publish_roster(paris, roster)
    published = time.monotonic()

    hook = make(admin, receiver.url("/acts"), [CREATED, STATUS, "helio:ticket.*"])
    cluster.wait_equal(30)
    acts(t, cluster, receiver, hook)
    shapes(t, cluster, receiver)
    secrets(t, cluster, admin, receiver, hook)
    redirects(t, admin, receiver)
    described(t, receiver)
    receiver = death(t, cluster, receiver, hook)
    slow(t, paris, receiver, hook)
    given_up(t, cluster, paris, receiver)
    told_once(t, cluster, receiver, alarms, published)
    described(t, receiver)
    history(t, cluster, receiver)
    deleted(t, paris, receiver, hook)


def settle(node, lines):
    """Puts settings into node.toml and starts the node again."""
    node.stop()
    path = f"{node.data}/node.toml"
    with open(path, encoding="utf-8") as file:
        old = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n" + old)
    node.serve()


def make(api, endpoint, subscriptions):
    return api.post(HOOKS, {"webhook": {
        "name": endpoint[-20:], "endpoint": endpoint, "subscriptions": subscriptions}})["webhook"]


def secret_of(hook):
    return hook["signing_secret"]["secret"]


def ticket(api, subject="Le téléphone chauffe"):
    return api.post("/api/v2/tickets", {"ticket": {
        "subject": subject, "comment": {"body": "x"}}})["ticket"]["id"]


def refusals(t, node):
    """SSRF: this machine and link-local addresses, unless the node's settings name them."""
    api = node.client("admin")
    taken = []
    for host in ("127.0.0.1", "localhost", "[::1]", "169.254.169.254", "0.0.0.0",
                 "[::ffff:127.0.0.1]", "[fe80::1]"):
        status, value, _ = api.request("POST", HOOKS, {"webhook": {
            "name": "x", "endpoint": f"http://{host}/", "subscriptions": [CREATED]}})
        if status != 422 or "endpoint" not in value["details"]:
            taken.append(f"{host}: {status}")
    t.check("a receiver on this machine or at a link-local address is refused", not taken, taken)
    # A name is looked up when a notice is sent, and its address judged then.
    hook = make(api, "http://2130706433:9/", [CREATED])
    answer = api.post(f"{HOOKS}/test?webhook_id={hook['id']}")
    t.check("so is one that only turns out to be on this machine",
            answer["delivery"]["state"] == "failed"
            and "this machine" in answer["delivery"]["problem"], answer["delivery"]["problem"])
    api.delete(f"{HOOKS}/{hook['id']}")
    status, _, _ = node.client("lead").request("POST", HOOKS, {"webhook": {
        "name": "x", "endpoint": "https://x.example/", "subscriptions": [CREATED]}})
    t.check("only an admin makes one", status == 403, status)


def acts(t, cluster, receiver, hook):
    paris, san_francisco = cluster.nodes
    made = ticket(paris.client("agent"))
    t.check("a new ticket is told", eventually(lambda: receiver.at("/acts", CREATED), 10))
    cluster.wait_equal(30)
    san_francisco.client("agent").put(f"/api/v2/tickets/{made}", {"ticket": {"status": "pending"}})
    t.check("and what the other office does to it", eventually(
        lambda: receiver.at("/acts", STATUS), 10))
    cluster.wait_equal(30)
    time.sleep(3)
    hits = receiver.at("/acts")
    t.check("each once, by the node where it was done",
            [(hit.event, hit.node) for hit in hits]
            == [(CREATED, paris.name), (STATUS, san_francisco.name)],
            [(hit.event, hit.node) for hit in hits])
    secret = secret_of(hook)
    t.check("each is signed over time and body, and fresh",
            all(hit.is_signed(secret) and hit.is_fresh() for hit in hits))
    t.check("another secret does not fit", not any(hit.is_signed(secret + "x") for hit in hits))
    detail = hits[-1].json
    t.check("the body says which ticket and what", detail["detail"]["id"] == str(made)
            and detail["event"] == {"current": "PENDING", "previous": "NEW"}
            and detail["id"] == hits[-1].id, detail)


def shapes(t, cluster, receiver):
    """What is sent is what the file describes, and what receivers of Zendesk's events know."""
    node, other = cluster.nodes
    api, admin = node.client("agent"), node.client("admin")
    hook = make(admin, receiver.url("/shapes"), [TICKET + "*", "helio:*"])
    customer = api.post("/api/v2/users", {"user": {"name": "Ada"}})["user"]["id"]
    made = ticket(api)
    path = f"/api/v2/tickets/{made}"
    api.put(path, {"ticket": {"tags": ["vip", "recall"], "priority": "high", "type": "problem"}})
    api.put(path, {"ticket": {"additional_tags": ["late"], "remove_tags": ["vip"],
                              "priority": None, "subject": "Other", "requester_id": customer}})
    api.put(path, {"ticket": {"comment": {"body": "hush", "public": False}}})
    api.put(path, {"ticket": {"comment": {"body": "asked", "author_id": customer}}})
    api.post("/api/helio/v1/handoffs/note", {"ticket_id": made, "text": "Call", "promise": {
        "text": "We call", "until": "2030-01-01T08:00:00Z"}})
    cluster.wait_equal(30)
    # San Francisco is on duty.
    other.client("agent").post(f"/api/helio/v1/tickets/{made}/take")
    t.check("an act of the hand-over is told", eventually(
        lambda: receiver.at("/shapes", "helio:ticket.taken"), 10))
    api.delete(path)
    admin.post(f"{HOOKS}/test?webhook_id={hook['id']}")
    t.check("all of it is told", eventually(
        lambda: receiver.at("/shapes", TICKET + "soft_deleted"), 20))
    told = {}
    for hit in receiver.at("/shapes"):
        told.setdefault(hit.event.removeprefix(TICKET), []).append(hit.json["event"])
    t.check("tags that came and that went", told["tags_changed"] == [
        {"tags_added": ["recall", "vip"], "tags_removed": []},
        {"tags_added": ["late"], "tags_removed": ["vip"]}], told["tags_changed"])
    t.check("what was there before", told["priority_changed"] == [
        {"current": "HIGH", "previous": None}, {"current": None, "previous": "HIGH"}]
        and told["subject_changed"][0]["previous"] == "Le téléphone chauffe"
        and told["requester_changed"][0]["current"] == str(customer), told)
    comments = [each["comment"] for each in told["comment_added"]]
    t.check("whether a comment is public, and a customer's", [
        (each["is_public"], each["author"]["is_staff"]) for each in comments] == [
            (False, True), (True, False)], comments)
    t.check("no words of comments are told", not any(
        word in hit.body.decode() for hit in receiver.at("/shapes") for word in ("hush", "asked")))
    for key in ("authentication", "custom_headers"):
        status, value, _ = admin.request("PUT", f"{HOOKS}/{hook['id']}", {"webhook": {
            key: {"type": "bearer_token", "data": {"token": "x"}}}})
        t.check(f"{key}, which nobody would send along, is refused",
                status == 422 and key in value["details"], value)
    eventually(lambda: not any(waiting(node, each) for each in admin.get(HOOKS)["webhooks"]), 20)
    admin.delete(f"{HOOKS}/{hook['id']}")


def described(t, receiver):
    """Every notice that any part of this test was sent."""
    if t.contract is None:
        return
    wrong = [f"{hit.event}: {problem}" for hit in receiver.hits
             for problem in t.contract.judge_notice(hit.headers, hit.json)]
    t.check(f"{len(receiver.hits)} notices of {len({hit.event for hit in receiver.hits})} kinds are "
            "as docs/openapi.yaml describes them", receiver.hits and not wrong, wrong[:3])
    changes = [hit.json for hit in receiver.hits if hit.event == STATUS]
    for change in ({"actor_id": 5}, {"event": {"current": "open"}}, {"detail": {"id": 1}}):
        t.check(f"{change} would not be", all(t.contract.judge_notice(
            receiver.hits[0].headers, {**value, **change}) for value in changes))


def secrets(t, cluster, admin, receiver, hook):
    secret = secret_of(hook)
    t.check("the secret is long", len(secret) >= 43)
    shown = [admin.get(f"{HOOKS}/{hook['id']}"), admin.get(HOOKS),
             admin.get(f"{HOOKS}/{hook['id']}/signing_secret"),
             admin.get(f"{HOOKS}/{hook['id']}/deliveries"), admin.get("/api/helio/v1/node")]
    logs = "".join(node.log_tail(100_000) for node in cluster.nodes)
    t.check("it is shown once and never again, nor logged",
            not any(secret in str(value) for value in shown) and secret not in logs)
    fresh = admin.post(f"{HOOKS}/{hook['id']}/signing_secret")["signing_secret"]["secret"]
    before = len(receiver.at("/acts"))
    admin.post(f"{HOOKS}/test?webhook_id={hook['id']}")
    hit = receiver.at("/acts")[-1]
    t.check("a new one holds at once", len(receiver.at("/acts")) == before + 1
            and hit.is_signed(fresh) and not hit.is_signed(secret))
    hook["signing_secret"]["secret"] = fresh


def redirects(t, admin, receiver):
    receiver.answers["/moved"] = 302
    hook = make(admin, receiver.url("/moved"), ["helio:handoff.noted"])
    answer = admin.post(f"{HOOKS}/test?webhook_id={hook['id']}")
    t.check("a redirect is not followed", answer["response"]["status"] == 302
            and answer["delivery"]["state"] == "failed" and not receiver.at("/elsewhere"),
            answer["delivery"])
    admin.delete(f"{HOOKS}/{hook['id']}")


def death(t, cluster, receiver, hook):
    """The receiver dies, acts go on, the node is killed, the receiver comes back."""
    paris = cluster.nodes[0]
    known = {hit.id for hit in receiver.at("/acts")}
    port = receiver.port
    receiver.close()
    api = paris.client("agent")
    made = [ticket(api, f"while the receiver is dead {number}") for number in range(5)]
    tried = eventually(lambda: any(
        row["attempts"] > 0 for row in waiting(paris, hook)), 20)
    t.check("a dead receiver is tried, and what is for it waits",
            tried and len(waiting(paris, hook)) == 5, waiting(paris, hook))
    before = {row["id"] for row in waiting(paris, hook)}
    paris.kill()
    fresh = Receiver(port)
    fresh.answers["/acts"] = lambda count: 503 if count == 1 else 204
    paris.serve()
    done = eventually(lambda: not waiting(paris, hook), 90, 0.5)
    hits = fresh.at("/acts")
    t.check("after kill -9 all of it arrives", done and {
        int(hit.json["detail"]["id"]) for hit in hits} == set(made), f"{len(hits)} hits")
    t.check("under the ids that it had, also where a try failed",
            {hit.id for hit in hits} == before and not before & known
            and len(hits) == 6, sorted(hit.id for hit in hits))
    t.check("signed anew", all(hit.is_signed(secret_of(hook)) and hit.is_fresh() for hit in hits))
    rows = [row for row in deliveries(paris, hook) if row["id"] in before]
    t.check("and the list says so", len(rows) == 5 and all(
        row["state"] == "delivered" and row["node"] == paris.name for row in rows)
            and any(row["attempts"] >= 2 for row in rows), rows[:1])
    # The old one's closer would close nothing.
    t.closers.append(fresh.close)
    return fresh


def deliveries(node, hook):
    return node.client("admin").get(f"{HOOKS}/{hook['id']}/deliveries")["deliveries"]


def waiting(node, hook):
    return [row for row in deliveries(node, hook) if row["state"] == "waiting"]


def five_tickets(api, subject):
    """How long it took to make them, in seconds."""
    start = time.monotonic()
    for number in range(5):
        ticket(api, f"{subject} {number}")
    return time.monotonic() - start


def slow(t, node, receiver, hook):
    """Receivers that answer after the time of a try has run out, and one made after all of them."""
    receiver.pauses["/slow"] = 40
    admin, api = node.client("admin"), node.client("agent")
    alone = five_tickets(api, "before there are slow receivers")
    eventually(lambda: not waiting(node, hook), 30)
    lazy = [make(admin, receiver.url("/slow"), [CREATED]) for _ in range(12)]
    late = make(admin, receiver.url("/late"), [CREATED])
    before = len(receiver.at("/acts"))
    took = five_tickets(api, "beside slow receivers")
    quick = eventually(lambda: len(receiver.at("/acts")) == before + 5
                       and len(receiver.at("/late")) == 5, 10)
    # On a machine that has little time for the test tickets take longer, with or without them.
    t.check(f"{len(lazy)} slow receivers hold up no other, nor the desk",
            quick and took < max(5, 3 * alone), f"five tickets in {took:.1f} s, without any in "
            f"{alone:.1f} s, {len(receiver.at('/late'))} told")
    t.check("each of them is spoken to, once at a time", eventually(
        lambda: len(receiver.at("/slow")) >= len(lazy), 5), len(receiver.at("/slow")))
    cut = eventually(lambda: any(row["problem"] for row in deliveries(node, lazy[0])), 30)
    t.check("a try of theirs is cut off", cut, deliveries(node, lazy[0])[-1]["problem"])
    for each in lazy:
        admin.put(f"{HOOKS}/{each['id']}", {"webhook": {"status": "inactive"}})
    t.check("made inactive, they get no more", eventually(
        lambda: not any(waiting(node, each) for each in lazy), 30), waiting(node, lazy[0]))
    admin.delete(f"{HOOKS}/{late['id']}")


def given_up(t, cluster, node, receiver):
    """The settings say for how long a notice is tried."""
    receiver.answers["/never"] = 500
    receiver.answers["/gone"] = 410
    admin = node.client("admin")
    never = make(admin, receiver.url("/never"), [CREATED])
    gone = make(admin, receiver.url("/gone"), [CREATED])
    ticket(node.client("agent"), "for nobody")
    ended = eventually(lambda: [row["state"] for row in deliveries(node, gone)] == ["failed"], 15)
    t.check("a receiver that says it is gone is tried once",
            ended and len(receiver.at("/gone")) == 1, deliveries(node, gone))
    ended = eventually(lambda: [row["state"] for row in deliveries(node, never)] == ["failed"],
                       150, 1)
    hits = receiver.at("/never")
    pauses = [after.at - before.at for before, after in zip(hits, hits[1:])]
    t.check("after the stated time a notice is given up, and shown", ended,
            deliveries(node, never))
    t.check("between tries the pauses grow", len(pauses) >= 2 and all(
        later > 1.5 * earlier for earlier, later in zip(pauses, pauses[1:])),
            [round(pause, 1) for pause in pauses])
    t.check("the node's log names it", re.search("a notice was given up", node.log_tail(2000)))
    for hook in (never, gone):
        admin.delete(f"{HOOKS}/{hook['id']}")


def told_once(t, cluster, receiver, hook, published):
    """San Francisco is on duty and does not accept; its alarm is the fallback's to tell."""
    paris, san_francisco = cluster.nodes
    event = "helio:alarm.not_accepted"
    raised = eventually(lambda: receiver.at("/alarms", event), 120, 1)
    took = time.monotonic() - published
    hits = receiver.at("/alarms", event)
    t.check("a board that nobody accepts is told outside", raised,
            f"within {took:.0f} s of the roster")
    t.check("by the node of the office that is to step in, though both see it",
            {hit.node for hit in hits} == {paris.name} and all(
                any(alarm["kind"] == "not_accepted" for alarm in node.client("agent").get(
                    "/api/helio/v1/alarms")["alarms"]) for node in cluster.nodes),
            [hit.node for hit in hits])
    t.check("signed", all(hit.is_signed(secret_of(hook)) for hit in hits))
    for node in cluster.nodes:
        node.kill()
        node.serve()
    cluster.wait_connected()
    time.sleep(12)
    causes = [hit.json["event"]["cause"] for hit in receiver.at("/alarms", event)]
    t.check("once for each cause, also after both nodes were killed",
            len(causes) == len(set(causes)) >= 1, causes)


def history(t, cluster, receiver):
    """A node that joins applies everything, and tells nobody of it."""
    before = len(receiver.hits)
    paris = cluster.nodes[0]
    node = cluster.join(cluster.invite(paris, SINGAPORE), SINGAPORE)
    node.users["admin"] = paris.users["admin"]
    settle(node, ['webhook_allow = ["127.0.0.1"]'])
    cluster.wait_equal(60)
    time.sleep(5)
    t.check("a node that replays history tells nobody", len(receiver.hits) == before,
            [hit.event for hit in receiver.hits[before:]])


def deleted(t, node, receiver, hook):
    node.client("admin").delete(f"{HOOKS}/{hook['id']}")
    before = len(receiver.hits)
    ticket(node.client("agent"), "nobody listens")
    time.sleep(3)
    status, _, _ = node.client("admin").request("GET", f"{HOOKS}/{hook['id']}")
    t.check("a deleted webhook gets nothing", status == 404 and len(receiver.hits) == before)
