"""The memory of a process and of all that it starts."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

SAMPLED_EVERY = 0.1
SERVERS = ("postgres", "beam.smp")


@dataclass
class Peak:
    """Megabytes, summed over the processes at one moment; a database server's do not count."""

    megabytes: float = 0


@contextmanager
def peak_memory(pid: int | None = None) -> Iterator[Peak]:
    """Watches this process, or another, and its descendants until the block ends."""
    peak, done = Peak(), threading.Event()

    def watch() -> None:
        while not done.wait(SAMPLED_EVERY):
            peak.megabytes = max(peak.megabytes, _resident(pid or os.getpid()) / 1e6)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield peak
    finally:
        done.set()
        watcher.join()


def _resident(pid: int) -> int:
    try:
        root = psutil.Process(pid)
        family = [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0
    return sum(map(_own, family))


def _own(process: psutil.Process) -> int:
    """Nothing when it has ended meanwhile."""
    try:
        return 0 if process.name() in SERVERS else process.memory_info().rss
    except psutil.NoSuchProcess:
        return 0
