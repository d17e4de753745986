"""What will happen, drawn from the seed: rounds, each with its faults. Nothing here is done."""

import random
from dataclasses import dataclass, field

NODE_FAULTS = ("kill", "stop", "disk", "clock")
LINK_FAULTS = ("cut", "one-way", "loss", "bandwidth", "delay")
KINDS = NODE_FAULTS + LINK_FAULTS

# A silence longer than that makes a node give a link up (30 s); some faults last longer.
PATIENCE = 32.0
SHARE_OF_LONG = 0.08
# So that a kill often falls into a commit.
PRESSURE_OF_KILLS = 3.0


@dataclass(frozen=True)
class Planned:
    """One fault: when it begins in its round, how long it lasts, and what it hits."""
    kind: str
    at: float
    seconds: float
    nodes: tuple = ()          # of a fault of nodes, or of their way out
    edges: tuple = ()          # of a fault of links: (from, to), one entry per direction
    detail: dict = field(default_factory=dict)
    words: str = ""            # what it hits, for people


@dataclass(frozen=True)
class Round:
    number: int
    group: str                 # kills, partitions, mixed
    faults: tuple
    pressure: float = 1.0      # how much faster than usual the clients write

    @property
    def kinds(self):
        return sorted({fault.kind for fault in self.faults})

    def words(self):
        return "; ".join(
            f"{fault.kind} {fault.words} at {fault.at:.2f} s for {fault.seconds:.1f} s"
            for fault in self.faults)


def both_ways(edges):
    return tuple(sorted({*edges, *((end, start) for start, end in edges)}))


class Planner:
    """Each round has its own random numbers, so that it is the same whatever came before it."""

    def __init__(self, seed, names, kinds=KINDS):
        self.seed, self.names, self.kinds = seed, tuple(names), tuple(kinds)

    def kills(self, count):
        return (self.kill_round(number) for number in range(1, count + 1))

    def partitions(self, count):
        return (self.partition_round(number) for number in range(1, count + 1))

    def mixed(self):
        number = 0
        while True:
            number += 1
            yield self.mixed_round(number)

    def draw(self, group, number):
        return random.Random(f"{self.seed}/{group}/{number}")

    # Rounds

    def kill_round(self, number):
        rng = self.draw("kills", number)
        count = rng.choices((1, 2, len(self.names)), (70, 20, 10))[0]
        victims = rng.sample(self.names, min(count, len(self.names)))
        faults = tuple(self.kill(rng, (name,)) for name in victims)
        return Round(number, "kills", faults, PRESSURE_OF_KILLS)

    def partition_round(self, number):
        rng = self.draw("partitions", number)
        fault = self.cut(rng) if rng.random() < 0.6 else self.one_way(rng)
        return Round(number, "partitions", (fault,))

    def mixed_round(self, number):
        """One to three faults of different kinds; no node suffers two of its own at a time."""
        rng = self.draw("mixed", number)
        count = min(rng.choices((1, 2, 3), (50, 35, 15))[0], len(self.kinds))
        kinds = self.spread(rng, number, count)
        free = rng.sample(self.names, len(self.names))
        faults = []
        for kind in kinds:
            if kind in NODE_FAULTS:
                faults.append(getattr(self, kind)(rng, (free.pop(),)))
            else:
                faults.append(getattr(self, kind.replace("-", "_"))(rng))
        return Round(number, "mixed", tuple(faults))

    def spread(self, rng, number, count):
        """The first kind goes round all of them, so that a short run has each; others by chance.

        At most one of them is a fault of links: two would only hide each other.
        """
        kinds = [self.kinds[(number - 1) % len(self.kinds)]]
        others = rng.sample(self.kinds, len(self.kinds))
        for kind in others:
            is_second_link = kind in LINK_FAULTS and any(k in LINK_FAULTS for k in kinds)
            if len(kinds) < count and kind not in kinds and not is_second_link:
                kinds.append(kind)
        return kinds

    # Faults of nodes

    def kill(self, rng, nodes):
        again = rng.random() < 0.2
        return Planned(
            "kill", rng.uniform(0.2, 1.2), rng.uniform(0.0, 0.8), nodes,
            detail={"again_after": round(rng.uniform(0.0, 0.5), 2) if again else None},
            words=nodes[0] + (", and again while it starts" if again else ""))

    def stop(self, rng, nodes):
        return Planned("stop", rng.uniform(0.2, 1.0), self.span(rng, 0.5, 6.0), nodes,
                       words=nodes[0])

    def disk(self, rng, nodes):
        leave, restart = rng.choice((0, 0, 1, 8, 15)), rng.random() < 0.3
        return Planned("disk", rng.uniform(0.2, 1.0), rng.uniform(1.0, 4.0), nodes,
                       detail={"leave": leave << 20, "restart": restart},
                       words=f"{nodes[0]}, {leave} MiB left"
                       + (", killed and started so" if restart else ""))

    def clock(self, rng, nodes):
        jump = rng.choice((30, 600, 86_400, 30 * 365 * 86_400)) * rng.choice((1, -1))
        # The library reads its file once a second, so a jump must last longer to be seen.
        return Planned("clock", rng.uniform(0.2, 1.0), rng.uniform(3.0, 6.0), nodes,
                       detail={"jump": jump}, words=f"{nodes[0]} by {jump:+d} s")

    # Faults of links

    def span(self, rng, low, high):
        if rng.random() < SHARE_OF_LONG:
            return rng.uniform(PATIENCE, PATIENCE + 4)
        return rng.uniform(low, high)

    def cut(self, rng):
        form = rng.choice(("pair", "node", "halves"))
        names = rng.sample(self.names, len(self.names))
        if form == "pair":
            edges, words = [(names[0], names[1])], f"between {names[0]} and {names[1]}"
        elif form == "node":
            edges = [(names[0], other) for other in names[1:]]
            words = f"around {names[0]}"
        else:
            half = names[:len(names) // 2]
            edges = [(one, other) for one in half for other in names if other not in half]
            words = f"between {'+'.join(half)} and the others"
        return Planned("cut", rng.uniform(0.1, 0.6), self.span(rng, 1.0, 5.0),
                       edges=both_ways(edges), words=words)

    def one_way(self, rng):
        form = rng.choice(("pair", "deaf", "mute"))
        names = rng.sample(self.names, len(self.names))
        edges = {
            "pair": [(names[0], names[1])],
            "deaf": [(other, names[0]) for other in names[1:]],
            "mute": [(names[0], other) for other in names[1:]],
        }[form]
        words = {"pair": f"{names[0]} to {names[1]} is lost", "deaf": f"{names[0]} hears nothing",
                 "mute": f"{names[0]} is not heard"}[form]
        return Planned("one-way", rng.uniform(0.1, 0.6), self.span(rng, 1.0, 5.0),
                       edges=tuple(edges), words=words)

    def loss(self, rng):
        share = rng.choice((50, 150, 300, 500))
        names = rng.sample(self.names, len(self.names))
        edges = both_ways([(names[0], other) for other in names[1:]])
        return Planned("loss", rng.uniform(0.1, 0.6), rng.uniform(2.0, 6.0), edges=edges,
                       detail={"permille": share}, words=f"{share / 10:g} % around {names[0]}")

    def bandwidth(self, rng):
        rate = rng.choice((8, 32, 128))
        node = rng.choice(self.names)
        return Planned("bandwidth", rng.uniform(0.1, 0.6), rng.uniform(2.0, 6.0), (node,),
                       detail={"kbit": rate}, words=f"{rate} kbit/s out of {node}")

    def delay(self, rng):
        low, high = rng.choice(((20, 100), (50, 400), (200, 900)))
        return Planned("delay", rng.uniform(0.1, 0.6), rng.uniform(2.0, 6.0),
                       edges=both_ways([(a, b) for a in self.names for b in self.names if a < b]),
                       detail={"span": (low, high)}, words=f"{low} to {high} ms on every link")
