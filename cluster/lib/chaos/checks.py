"""What must hold once all is healed and quiet; each function returns lines about what does not."""

from concurrent.futures import ThreadPoolExecutor

from drill.dump import compare_maps, compare_tickets, dump_tickets

# Alarms that no fault of ours may raise: two histories, other rows, deltas without effect.
FORBIDDEN_ALARMS = {"fork", "damage", "void", "clock"}


def on_all(nodes, ask):
    """name → what `ask(node)` returned, asked at the same time."""
    with ThreadPoolExecutor(max(1, len(nodes))) as pool:
        jobs = {node.name: pool.submit(ask, node) for node in nodes}
        return {name: job.result() for name, job in jobs.items()}


def standing(nodes):
    """Invariants 3 and 8: every node serves, unfrozen, and all replicas are equal row by row."""
    lines = []
    reports = on_all(nodes, lambda node: node.client("admin").get("/api/helio/v1/node")["node"])
    for name, report in reports.items():
        if report["state"] != "serving":
            lines.append(f"{name} is {report['state']}: {report['state_reason']}")
    prints = {report["fingerprint"] for report in reports.values()}
    if len(prints) > 1:
        lines.append("fingerprints differ: " + ", ".join(
            f"{name} {report['fingerprint'][:16]}" for name, report in reports.items()))
    return lines + verdicts(nodes) + alarms(nodes)


def verdicts(nodes):
    lines = []
    answers = on_all(nodes, lambda node: node.client("admin").get("/api/helio/v1/verify")["verify"])
    for name, verify in answers.items():
        states = {peer["node"]: peer["state"] for peer in verify["peers"]}
        if not (verify["equal"] and verify["self_consistent"]):
            lines.append(f"{name} by its own verify: equal {verify['equal']}, agrees with its own "
                         f"rows {verify['self_consistent']}, peers {states}")
    return lines


def alarms(nodes):
    answers = on_all(nodes, lambda node: node.client("admin").get("/api/helio/v1/alarms")["alarms"])
    return [f"{name} raises an alarm {alarm['kind']}: {alarm['message']}"
            for name, rows in answers.items() for alarm in rows
            if alarm["kind"] in FORBIDDEN_ALARMS]


class Reading:
    """What all nodes show of these tickets, and which acknowledged writes are missing there."""

    def __init__(self, nodes, journal, tickets, at):
        self.nodes = nodes
        tickets = sorted(tickets)
        visitors = {node.name: journal.visitor(tickets) for node in nodes}
        self.dumps = on_all(nodes, lambda node: read(node, tickets, at, visitors[node.name]))
        self.lost = {name: visitor.finish() for name, visitor in visitors.items()}

    def differences(self):
        """Invariants 10 and 11 among them: everybody names the same owner, and there is one."""
        first, *others = [self.dumps[node.name] for node in self.nodes]
        lines = [line for other in others for part in ("ticket", "comments", "audits")
                 for line in compare_tickets(first, other, part)]
        lines += [line for other in others for line in compare_maps(first, other, "owners")]
        lines += [f"ticket {ticket} has no owner" for ticket in first.tickets
                  if not first.owners.get(ticket, {}).get("office")]
        return lines


def read(node, tickets, at, visitor):
    api = node.client("admin")
    rows = []
    for start in range(0, len(tickets), 100):
        ids = ",".join(map(str, tickets[start:start + 100]))
        rows += api.get("/api/v2/tickets/show_many", ids=ids)["tickets"]
    return dump_tickets(node.name, api, rows, at, visitor, threads=2)


def conflicts(nodes):
    """The conflict inbox is the same everywhere."""
    answers = on_all(nodes, lambda node: {
        row["id"] for row in node.client("admin").pages("/api/helio/v1/conflicts", "conflicts")})
    first, *others = [(node.name, answers[node.name]) for node in nodes]
    return [f"conflicts differ: {len(first[1] - rows)} only at {first[0]}, "
            f"{len(rows - first[1])} only at {name}"
            for name, rows in others if rows != first[1]]


def users(nodes):
    def ask(node):
        rows = node.client("admin").pages("/api/v2/users", "users")
        return {row["id"]: row["updated_at"] for row in rows}

    answers = on_all(nodes, ask)
    first = answers[nodes[0].name]
    return [f"users differ: {nodes[0].name} and {name}" for name, rows in answers.items()
            if rows != first]
