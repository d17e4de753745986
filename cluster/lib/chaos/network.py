"""The network of a run: a namespace for each node, one bridge for peers and one for agents.

`cluster/chaos` gives this process a network and a mount namespace of its own, and /run/netns is
mounted anew in it: all that is made here is seen by nobody else, and is gone with the last process
of the run, however that ends.
"""

import os

from drill.place import Place

from .system import run

PEER_PORT, API_PORT = 7440, 7480
PEERS, DESK = "10.77.1", "10.77.2"
HUB = 254
NAMES = "/run/netns"
# What is started by these words ends with us, even where we are killed.
DIE_WITH_US = ("setpriv", "--pdeathsig", "KILL", "--")


class Network:
    def __init__(self, names):
        self.names = tuple(names)
        self.made = []

    def build(self):
        if len(run("ip", "-o", "link").splitlines()) > 1:
            raise RuntimeError("this is not an empty network namespace: start it by cluster/chaos")
        run("ip", "link", "set", "lo", "up")
        os.makedirs(NAMES, exist_ok=True)
        run("mount", "-t", "tmpfs", "none", NAMES)
        for bridge, net in (("peers", PEERS), ("desk", DESK)):
            run("ip", "link", "add", bridge, "type", "bridge")
            run("ip", "address", "add", f"{net}.{HUB}/24", "dev", bridge)
            run("ip", "link", "set", bridge, "up")
        for name in self.names:
            self.add(name)

    def add(self, name):
        space, number = self.space(name), self.number(name)
        run("ip", "netns", "add", space)
        self.made.append(name)
        run("ip", "-n", space, "link", "set", "lo", "up")
        for bridge, net in (("peers", PEERS), ("desk", DESK)):
            end = f"{bridge}{number}"
            run("ip", "link", "add", end, "type", "veth", "peer", "name", bridge, "netns", space)
            run("ip", "link", "set", end, "master", bridge, "up")
            run("ip", "-n", space, "address", "add", f"{net}.{number}/24", "dev", bridge)
            run("ip", "-n", space, "link", "set", bridge, "up")

    def number(self, name):
        return self.names.index(name) + 1

    def space(self, name):
        """The name of a node's namespace; others do not see it, but people read it in `ip`."""
        return f"helio-chaos-{os.getpid()}-{name}"

    def peer_address(self, name):
        return f"{PEERS}.{self.number(name)}"

    def enter(self, name):
        return ("nsenter", f"--net={NAMES}/{self.space(name)}")

    def place(self, name):
        desk = f"{DESK}.{self.number(name)}"
        return Place(
            f"{self.peer_address(name)}:{PEER_PORT}", f"{desk}:{API_PORT}", (desk,),
            (*DIE_WITH_US, *self.enter(name)))

    def close(self):
        for name in self.made:
            run("ip", "netns", "delete", self.space(name))
        self.made.clear()
