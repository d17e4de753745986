"""Invitations: each token works once, for one joiner, in time, unaltered, at its own issuer."""

import concurrent.futures
import dataclasses
import os
import time

from drill.founding import Cluster
from drill.helio import CommandFailed
from drill.offices import PARIS, SAN_FRANCISCO, SINGAPORE


def run(t):
    cluster = t.cluster([PARIS], desk=False)
    first = cluster.nodes[0]

    token = cluster.invite(first, SAN_FRANCISCO)
    attempts = [cluster.new_node(SAN_FRANCISCO, f"racer-{index}") for index in range(5)]

    def race(node):
        try:
            cluster.helio.json("join", token, "--node", node.name, *cluster.listening(node),
                               data=node.data, timeout=60)
            return True, ""
        except CommandFailed as error:
            return False, error.err

    with concurrent.futures.ThreadPoolExecutor(len(attempts)) as pool:
        results = list(pool.map(race, attempts))
    winners = [node for node, (ok, _) in zip(attempts, results) if ok]
    t.check("five joiners at once with one token: exactly one is admitted", len(winners) == 1,
            f"{len(winners)} admitted")
    losses = [text for ok, text in results if not ok]
    t.check("the others are told why", all("token" in text for text in losses), first_line(losses))
    members = cluster.helio.json("members", data=first.data)["members"]
    admitted = [row for row in members if row["office"] == SAN_FRANCISCO.code]
    t.check("the membership log holds exactly one of them", len(admitted) == 1,
            [row["node"] for row in admitted])

    late = cluster.new_node(SAN_FRANCISCO, "replayer")
    t.check("a token that was used is refused", *refusal(cluster, token, late))
    if winners:
        winner = winners[0]
        ok, text = race(winner)
        t.check("the admitted joiner itself, once more: no second admission",
                len([row for row in cluster.helio.json("members", data=first.data)["members"]
                     if row["office"] == SAN_FRANCISCO.code]) == 1, first_line([text]))

    token = cluster.invite(first, SINGAPORE, ttl="2s")
    time.sleep(3)
    node = cluster.new_node(SINGAPORE, "late-one")
    t.check("an expired token is refused by the joiner", *refusal(cluster, token, node))
    node = cluster.new_node(SINGAPORE, "late-two")
    t.check("an expired token is refused by the issuer, whatever the joiner's clock says",
            *refusal(cluster, token, node, t.clock_shifted(-3600)))

    token = cluster.invite(first, SINGAPORE, ttl="10m")
    for index, place in enumerate((len(token) // 2, len(token) - 3)):
        other = "A" if token[place] != "A" else "B"
        altered = token[:place] + other + token[place + 1:]
        node = cluster.new_node(SINGAPORE, f"forger-{index}")
        t.check(f"a token with its letter {place} altered is refused",
                *refusal(cluster, altered, node))
    node = cluster.new_node(SINGAPORE)
    impostor = other_cluster_at(t, first)
    t.check("where another node answers at the issuer's address, the joiner stops",
            *refusal(cluster, token, node))
    log = impostor.log_tail(200)
    t.check("and its token reached nobody", token[-24:] not in log and "joined" not in log)
    impostor.stop()
    first.serve()
    joined = cluster.join(token, SINGAPORE, node=cluster.new_node(SINGAPORE, "singapore-2"))
    t.check("the token still works afterwards at its own issuer",
            joined.setup["office"] == SINGAPORE.code)


def refusal(cluster, token, node, environment=None):
    """(was it refused, with which words)"""
    try:
        cluster.helio.json("join", token, "--node", node.name, *cluster.listening(node),
                           data=node.data, timeout=60, environment=environment)
        return False, "it was admitted"
    except CommandFailed as error:
        return error.code != 0, first_line([error.err])


def other_cluster_at(t, node):
    """A node of another cluster that takes the address of this one, which is stopped."""
    node.stop()
    other = Cluster(t.path("other"), t.binary)
    t.clusters.append(other)
    os.makedirs(other.directory)
    impostor = other.new_node(PARIS)
    impostor.place = dataclasses.replace(impostor.place, peer=node.peer)
    other.new_node = lambda office, name=None: impostor
    other.found(PARIS)
    impostor.serve()
    return impostor


def first_line(texts):
    for text in texts:
        lines = [line for line in text.splitlines() if line.strip()]
        if lines:
            return lines[0][:160]
    return ""
