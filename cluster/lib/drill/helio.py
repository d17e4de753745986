"""Runs the command line of Heliotrope."""

import json
import os
import subprocess


class CommandFailed(RuntimeError):
    def __init__(self, words, code, out, err):
        self.code, self.out, self.err = code, out, err
        shown = " ".join("…" if len(word) > 80 else word for word in words)
        super().__init__(f"{shown}: exit {code}\n{out}{err}".strip())


def started_by(words, environment):
    """The words with which a program is started in that environment.

    A preloaded library may set variables before `main`, and a Swift program that finds its
    environment moved does not find its arguments; a program of the system in between takes that.
    """
    return ["/usr/bin/env", *words] if "LD_PRELOAD" in environment else words


class Helio:
    """The program at one path."""

    def __init__(self, path, environment=None):
        self.path = path
        self.environment = environment or {}

    def words(self, *words, data=None):
        """The command as a list of words; `data` goes last so that it can be found."""
        line = [self.path, *[str(word) for word in words]]
        if data is not None:
            line += ["--data", data]
        return line

    def run(self, *words, data=None, timeout=120, environment=None, show_errors=False, enter=()):
        """What it printed to standard output; raises CommandFailed unless it exits 0.

        With `show_errors` its standard error (a progress bar) goes to ours. `enter`: the words
        that run it in another place (`Place.enter`).
        """
        line = self.words(*words, data=data)
        extra = {**self.environment, **(environment or {})}
        done = subprocess.run(
            [*enter, *started_by(line, extra)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=None if show_errors else subprocess.PIPE, text=True, timeout=timeout,
            env={**os.environ, **extra})
        if done.returncode != 0:
            raise CommandFailed(line[1:], done.returncode, done.stdout, done.stderr or "")
        return done.stdout

    def json(self, *words, data=None, timeout=120, environment=None, enter=()):
        text = self.run(
            *words, "--json", data=data, timeout=timeout, environment=environment, enter=enter)
        return json.loads(text)
