"""The links between offices, through a proxy that can lose them without a FIN or an RST."""

import json
import os
import socket
import subprocess
import sys

from .processes import end_process

PROXY = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))),
                     "swallow_proxy.py")


class Links:
    """One route for each node and each peer that it dials: `A>B` is dialled by A.

    The proxy is started by the words `enter` and listens on `host`; nodes dial it once
    `lead_through` has told them, or when something else leads their connections there.
    """

    def __init__(self, nodes, directory, host="127.0.0.1", enter=()):
        self.nodes = nodes
        self.control = os.path.join(directory, "links.sock")
        words = [*enter, sys.executable, PROXY, "--control", self.control]
        for node in nodes:
            for peer in nodes:
                if peer is not node:
                    route = route_name(node.name, peer.name)
                    words += ["--route", f"{route}={host}:0,{peer.peer}"]
        self.log = open(os.path.join(directory, "links.log"), "ab")
        self.process = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self.log, text=True)
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the proxy of the links did not start; see {self.log.name}")
        self.listens = {name: route["listen"] for name, route in json.loads(line).items()}

    def lead_through(self):
        """Tells every node, for when it starts next, to dial its peers at the proxy."""
        for node in self.nodes:
            for peer in self.nodes:
                if peer is not node:
                    node.peer_addresses[peer.name] = self.listens[route_name(node.name, peer.name)]

    def command(self, *words):
        with socket.socket(socket.AF_UNIX) as control:
            control.settimeout(10)
            control.connect(self.control)
            control.sendall((" ".join(words) + "\n").encode())
            answer = control.makefile().readline().strip()
        if answer.startswith("error") or not answer:
            raise RuntimeError(f"the proxy of the links says: {answer or 'nothing'}")
        return answer

    def routes_of(self, node):
        """All routes with this node at one end."""
        return [name for other in self.nodes if other is not node
                for name in (route_name(node.name, other.name), route_name(other.name, node.name))]

    def cut_off(self, node):
        self.command("cut", *self.routes_of(node))

    def bring_back(self, node):
        self.command("heal", *self.routes_of(node))

    def bytes_passed(self, node):
        """Bytes of all routes of the node, both ways together."""
        return self.bytes_of(self.routes_of(node))

    def bytes_of(self, routes):
        status = json.loads(self.command("status"))
        return sum(sum(status[name]["bytes"].values()) for name in routes)

    def close(self):
        end_process(self.process)
        self.process.stdout.close()
        self.log.close()


def route_name(node, peer):
    return f"{node}>{peer}"
