"""A cluster whose nodes run in namespaces; where wanted, on small disks and under own clocks."""

import os
import signal

from drill.founding import Cluster
from drill.offices import PARIS, SAN_FRANCISCO, SINGAPORE

from .clocks import Clock
from .disks import Disk

# Two offices have a second node where there are more nodes than offices.
SEATS = (("paris-1", PARIS), ("san-francisco-1", SAN_FRANCISCO), ("singapore-1", SINGAPORE),
         ("paris-2", PARIS), ("singapore-2", SINGAPORE))


def seat_names(count):
    return [name for name, _ in SEATS[:count]]


class ChaosCluster(Cluster):
    """`disk_size`: MiB of each node's own disk, None for none; `clocks`: each has a clock."""

    def __init__(self, directory, binary, network, disk_size=None, clocks=False):
        super().__init__(directory, binary)
        self.network, self.disk_size, self.has_clocks = network, disk_size, clocks
        self.disks, self.clocks = {}, {}

    def place(self, name):
        return self.network.place(name)

    def new_node(self, office, name=None):
        node = super().new_node(office, name)
        if self.disk_size is not None:
            self.disks[node.name] = Disk(node.data, self.disk_size)
        if self.has_clocks:
            self.clocks[node.name] = Clock(os.path.join(self.directory, f"{node.name}.clock"))
            node.environment = self.clocks[node.name].environment
        return node

    def found_all(self, count):
        first = self.found(SEATS[0][1])
        first.serve()
        for name, office in SEATS[1:count]:
            exists = any(node.office is office for node in self.nodes)
            token = self.invite(first, office, exists=exists)
            self.join(token, office, name).serve()
        self.set_up_desk()

    @property
    def by_name(self):
        return {node.name: node for node in self.nodes}

    def stop(self):
        """Ends all nodes, those that are stopped by a signal too."""
        for node in self.nodes:
            if node.process is not None and node.process.poll() is None:
                node.process.send_signal(signal.SIGCONT)
        super().stop()

    def close(self, keep=False):
        self.stop()
        for disk in self.disks.values():
            disk.close(keep)
        self.disks.clear()
