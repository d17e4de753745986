"""What is wrong with the links between nodes: packets lost, ways narrowed, detours."""

import re

from .network import HUB, PEER_PORT, PEERS
from .system import run

TABLE = "helio-chaos"


class Wires:
    """Holds what is wrong, and brings the namespaces in line with it."""

    def __init__(self, network):
        self.network = network
        self.losses = {}       # (from, to) → permille of packets that are lost
        self.detours = {}      # (from, to) → port of the hub to which connections are led
        self.dropped = 0

    def lose(self, edges, permille):
        self.losses.update({edge: permille for edge in edges})
        self.apply({end for _, end in edges})

    def carry(self, edges):
        """Nothing is lost any more; the number of packets that were."""
        before = self.dropped
        for edge in edges:
            self.losses.pop(edge, None)
        self.apply({end for _, end in edges})
        return self.dropped - before

    def lead(self, ports):
        self.detours = dict(ports)
        self.apply({start for start, _ in ports})

    def lead_straight(self):
        starts = {start for start, _ in self.detours}
        self.detours = {}
        self.apply(starts)

    def apply(self, names):
        for name in sorted(names):
            self.dropped += self.counted(name)
            run(*self.network.enter(name), "nft", "-f", "-", feed=self.rules(name))

    def rules(self, name):
        """The whole table of one node, replacing the one before in one step."""
        address = self.network.peer_address
        lines = [f"table ip {TABLE}", f"delete table ip {TABLE}", f"table ip {TABLE} {{",
                 "chain incoming {", "type filter hook input priority 0;"]
        for (start, end), permille in sorted(self.losses.items()):
            if end == name:
                chance = "" if permille >= 1000 else f"numgen random mod 1000 < {permille} "
                lines.append(f"ip saddr {address(start)} {chance}counter drop")
        lines += ["}", "chain outgoing {", "type nat hook output priority -100;"]
        for (start, end), port in sorted(self.detours.items()):
            if start == name:
                lines.append(f"ip daddr {address(end)} tcp dport {PEER_PORT} "
                             f"dnat to {PEERS}.{HUB}:{port}")
        return "\n".join([*lines, "}", "}", ""])

    def counted(self, name):
        """Packets that the rules of that node have dropped."""
        text = run(*self.network.enter(name), "nft", "list", "ruleset")
        return sum(int(number) for number in re.findall(r"counter packets (\d+)", text))

    def narrow(self, name, kbit):
        run(*self.network.enter(name), "tc", "qdisc", "replace", "dev", "peers", "root", "tbf",
            "rate", f"{kbit}kbit", "burst", "4kb", "latency", "400ms")

    def widen(self, name):
        """The packets that had to wait or were dropped for want of room."""
        enter = self.network.enter(name)
        text = run(*enter, "tc", "-s", "qdisc", "show", "dev", "peers")
        run(*enter, "tc", "qdisc", "delete", "dev", "peers", "root")
        return sum(int(number) for number in re.findall(r"overlimits (\d+)", text))
