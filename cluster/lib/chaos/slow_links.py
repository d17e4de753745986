"""The proxy through which links go while they are to be slow."""

from drill.links import Links, route_name

from .network import DIE_WITH_US, HUB, PEERS


class SlowLinks(Links):
    """It listens in the hub for every pair of nodes; `Wires.lead` brings connections there."""

    def __init__(self, nodes, directory):
        super().__init__(nodes, directory, f"{PEERS}.{HUB}", DIE_WITH_US)

    def port(self, start, end):
        return int(self.listens[route_name(start, end)].rpartition(":")[2])

    def delay(self, low, high):
        """Milliseconds by which each piece is late, drawn anew for each."""
        self.command("delay", f"{low}-{high}")

    def heal(self):
        self.command("heal")

    def all_bytes(self):
        return self.bytes_of(self.listens)
