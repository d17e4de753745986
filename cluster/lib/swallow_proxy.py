#!/usr/bin/env python3
"""A TCP proxy that can lose a network without saying so: no FIN, no RST, just silence.

Each route forwards from a listening address to a target. Line commands on a control socket
(a path of a Unix socket, or host:port on loopback) change what passes:

  cut [ROUTE ...]        nothing passes in either direction; sockets stay open, new connections
                         are accepted and never answered
  one-way forward|backward [ROUTE ...]
                         only bytes from the connecting side to the target pass (or only those
                         the other way)
  delay LOW-HIGH [ROUTE ...]
                         all passes, each piece later by a random time between these milliseconds:
                         what is sent on one connection stays in order, what is sent on different
                         connections overtakes each other
  heal [ROUTE ...]       all passes again; connections that went through a cut or a delay are reset
  status                 one JSON object: per route its state, connections and bytes each way

Without ROUTE a command is for all routes. Each command is answered by one line, "ok ..." or
"error ...". The process ends on SIGTERM or SIGINT.

  swallow_proxy.py --route paris=127.0.0.1:17001,127.0.0.1:7001 --control /tmp/proxy.sock
  echo cut paris | nc -U -q1 /tmp/proxy.sock
"""

import argparse
import asyncio
import json
import os
import random
import signal
import socket
import struct
import sys

CHUNK = 64 * 1024


def address(text):
    """"host:port" or "[v6]:port" as (host, port)."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is not host:port")
    return host.strip("[]"), int(port)


def span(text):
    """"low-high" in milliseconds."""
    low, dash, high = text.partition("-")
    if not (dash and low.isdigit() and high.isdigit() and int(low) <= int(high)):
        raise ValueError(f"{text!r} is not LOW-HIGH in milliseconds")
    return int(low), int(high)


def route_argument(text):
    """"name=listen,target"."""
    name, equals, addresses = text.partition("=")
    listen, comma, target = addresses.partition(",")
    if not (name and equals and comma):
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=LISTEN,TARGET")
    return Route(name, address(listen), address(target))


class Connection:
    """One accepted connection and, once made, the one to the target."""

    def __init__(self, writer):
        self.writers = [writer]
        self.tasks = []
        self.stale = False

    def reset(self):
        """Ends both sides with an RST."""
        for task in self.tasks:
            task.cancel()
        for writer in self.writers:
            sock = writer.get_extra_info("socket")
            # One end may be closed while the other waits for what is delayed.
            if sock is not None and sock.fileno() >= 0:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()


class Route:
    """One listening address, its target, and what may pass."""

    def __init__(self, name, listen, target):
        self.name = name
        self.listen = listen
        self.target = target
        self.state = "open"
        self.delay = (0, 0)
        self.bytes = {"forward": 0, "backward": 0}
        self.gates = {"forward": asyncio.Event(), "backward": asyncio.Event()}
        self.connections = set()
        self.server = None

    async def start(self):
        for gate in self.gates.values():
            gate.set()
        self.server = await asyncio.start_server(self.accept, *self.listen, limit=CHUNK)
        self.listen = self.server.sockets[0].getsockname()[:2]

    def set_state(self, state, passing, delay=(0, 0)):
        healed = state == "open"
        self.state = state
        self.delay = delay
        for direction, gate in self.gates.items():
            if direction in passing:
                gate.set()
            else:
                gate.clear()
        for connection in list(self.connections):
            if healed and connection.stale:
                connection.reset()
            elif not healed:
                connection.stale = True

    async def accept(self, reader, writer):
        connection = Connection(writer)
        connection.stale = self.state != "open"
        connection.tasks.append(asyncio.current_task())
        self.connections.add(connection)
        try:
            # During a cut the target is not even told that somebody calls.
            await self.gates["forward"].wait()
            far_reader, far_writer = await asyncio.open_connection(*self.target, limit=CHUNK)
            connection.writers.append(far_writer)
            pumps = [
                asyncio.create_task(self.pump("forward", reader, far_writer)),
                asyncio.create_task(self.pump("backward", far_reader, writer)),
            ]
            connection.tasks.extend(pumps)
            await asyncio.gather(*pumps)
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            self.connections.discard(connection)
            for task in connection.tasks[1:]:
                task.cancel()
            for each in connection.writers:
                each.transport.abort()

    async def pump(self, direction, reader, writer):
        gate = self.gates[direction]
        while True:
            await gate.wait()
            data = await reader.read(CHUNK)
            if self.delay != (0, 0):
                await asyncio.sleep(random.uniform(*self.delay) / 1000)
            # What was read in the instant of the cut is swallowed with the rest; the connection
            # is reset when the cut heals, so nothing arrives with a hole in it.
            await gate.wait()
            if not data:
                if writer.can_write_eof():
                    writer.write_eof()
                return
            self.bytes[direction] += len(data)
            writer.write(data)
            await writer.drain()

    def status(self):
        return {
            "state": self.state,
            "listen": "%s:%d" % self.listen,
            "target": "%s:%d" % self.target,
            "connections": len(self.connections),
            "bytes": dict(self.bytes),
        }


class Control:
    """Carries out the line commands."""

    def __init__(self, routes):
        self.routes = {route.name: route for route in routes}

    def pick(self, names):
        unknown = [name for name in names if name not in self.routes]
        if unknown:
            raise ValueError(
                f"no route {', '.join(unknown)}; there are {', '.join(sorted(self.routes))}")
        return [self.routes[name] for name in names] or list(self.routes.values())

    def command(self, words):
        if words == ["status"]:
            return json.dumps({name: route.status() for name, route in self.routes.items()})
        if words and words[0] in ("cut", "heal"):
            chosen = self.pick(words[1:])
            for route in chosen:
                if words[0] == "cut":
                    route.set_state("cut", ())
                else:
                    route.set_state("open", ("forward", "backward"))
            return f"ok {words[0]} {' '.join(route.name for route in chosen)}"
        if len(words) >= 2 and words[0] == "one-way" and words[1] in ("forward", "backward"):
            chosen = self.pick(words[2:])
            for route in chosen:
                route.set_state(f"one-way {words[1]}", (words[1],))
            return f"ok one-way {words[1]} {' '.join(route.name for route in chosen)}"
        if len(words) >= 2 and words[0] == "delay":
            chosen = self.pick(words[2:])
            for route in chosen:
                route.set_state(f"delay {words[1]}", ("forward", "backward"), span(words[1]))
            return f"ok delay {words[1]} {' '.join(route.name for route in chosen)}"
        raise ValueError("commands are: cut, heal, one-way forward|backward, delay, status")

    async def serve(self, reader, writer):
        try:
            while line := await reader.readline():
                try:
                    answer = self.command(line.decode("utf-8", "replace").split())
                except ValueError as error:
                    answer = f"error {error}"
                writer.write(answer.encode() + b"\n")
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()


async def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--route", action="append", required=True, type=route_argument,
                        metavar="NAME=LISTEN,TARGET", help="may be given several times")
    parser.add_argument("--control", required=True, metavar="PATH|HOST:PORT",
                        help="where the line commands are taken")
    arguments = parser.parse_args()
    control = Control(arguments.route)
    for route in arguments.route:
        await route.start()
    if "/" in arguments.control:
        if os.path.exists(arguments.control):
            os.unlink(arguments.control)
        await asyncio.start_unix_server(control.serve, arguments.control)
        os.chmod(arguments.control, 0o600)
    else:
        await asyncio.start_server(control.serve, *address(arguments.control))
    # The caller reads this line to know that all sockets are bound, and the ports chosen.
    print(control.command(["status"]), flush=True)
    done = asyncio.Event()
    # A parent with many threads may hand on a mask in which they are blocked.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM, signal.SIGINT})
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, done.set)
    await done.wait()
    if "/" in arguments.control:
        os.unlink(arguments.control)
    for route in arguments.route:
        for connection in list(route.connections):
            connection.reset()


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except OSError as error:
        sys.exit(f"swallow_proxy: {error}")
