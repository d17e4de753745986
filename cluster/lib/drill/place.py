"""Where a node runs: its addresses, and how a program gets there."""

from dataclasses import dataclass

from .processes import free_ports


@dataclass(frozen=True)
class Place:
    peer: str          # where other nodes reach it, host:port
    api: str           # where agents reach it, host:port
    names: tuple       # the names in its certificate for agents; our clients use the first
    enter: tuple = ()  # the words that stand before a command which is to run there

    @property
    def url(self):
        return f"https://{self.names[0]}:{self.api.rpartition(':')[2]}"


def on_loopback():
    """A place with two free ports of this machine."""
    peer_port, api_port = free_ports(2)
    return Place(f"127.0.0.1:{peer_port}", f"127.0.0.1:{api_port}", ("localhost", "127.0.0.1"))
