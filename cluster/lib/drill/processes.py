"""Ports, and processes that are ended by their own id and by nobody's name."""

import os
import random
import signal
import socket
import subprocess
import time


# Below those that the system gives to outgoing connections: one of these could take a port between its
# choice and its use, or while the node that has it is down.
PORTS = range(10_000, 32_000)


def free_ports(count):
    """Free TCP ports of 127.0.0.1, all different."""
    held = []
    try:
        while len(held) < count:
            listener = socket.socket()
            try:
                listener.bind(("127.0.0.1", random.SystemRandom().choice(PORTS)))
            except OSError:
                listener.close()
                continue
            held.append(listener)
        return [listener.getsockname()[1] for listener in held]
    finally:
        for listener in held:
            listener.close()


def command_line(pid):
    """The arguments of a running process, or None where there is none (or only a zombie)."""
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            words = file.read().split(b"\0")
    except OSError:
        return None
    words = [word.decode("utf-8", "replace") for word in words if word]
    return words or None


def is_node(pid, data):
    """Whether that process is a helio that serves that data directory."""
    words = command_line(pid)
    if words is None or "serve" not in words:
        return False
    if not any(os.path.basename(word).startswith("helio") for word in words[:2]):
        return False
    wanted = os.path.realpath(data)
    given = [word for flag, word in zip(words, words[1:]) if flag == "--data"]
    given += [word.split("=", 1)[1] for word in words if word.startswith("--data=")]
    return any(os.path.realpath(path) == wanted for path in given)


def end_process(process, grace=20.0):
    """Asks a child to end, then makes it; returns its exit code."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(grace)
        except subprocess.TimeoutExpired:
            process.kill()
    return process.wait(10)


def end_node(pid, data, grace=20.0):
    """Ends a node that is not our child. False where it was not running any more."""
    if not is_node(pid, data):
        return False
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + grace
    while time.monotonic() < deadline:
        if not is_node(pid, data):
            return True
        time.sleep(0.05)
    if is_node(pid, data):
        os.kill(pid, signal.SIGKILL)
    return True


def wait_until(condition, seconds, what, pause=0.1):
    """The condition's first true value; TimeoutError with `what` after so many seconds."""
    deadline = time.monotonic() + seconds
    last = None
    while True:
        try:
            value = condition()
            if value:
                return value
            last = None
        except (OSError, RuntimeError) as error:
            last = error
        if time.monotonic() >= deadline:
            hint = f" (last error: {last})" if last else ""
            raise TimeoutError(f"after {seconds:g} s still not: {what}{hint}")
        time.sleep(pause)
