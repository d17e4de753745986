"""Runs the system's programs: ip, nft, tc, mount."""

import subprocess


def run(*words, feed=None):
    """What the program printed; RuntimeError with its message unless it exits 0."""
    done = subprocess.run([str(word) for word in words], input=feed, capture_output=True,
                          text=True, timeout=30)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, words))}: exit {done.returncode}: "
                           f"{done.stderr.strip() or done.stdout.strip()}")
    return done.stdout
