"""Ending the system that runs in a folder."""

import os
import signal
import time
from pathlib import Path

from nobat.home import running
from nobat.refusal import Refusal

WITHIN_SECONDS = 60.0
EVERY_SECONDS = 0.1


class StillRunning(Refusal):
    """The system did not end in time."""


def end(home: Path) -> bool:
    """Asks the running system to end and waits for it; False when none runs."""
    pid = running(home)
    if pid is None:
        return False
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + WITHIN_SECONDS
    while running(home) == pid:
        if time.monotonic() > deadline:
            raise StillRunning(f"process {pid} has not ended within {WITHIN_SECONDS:.0f} s")
        time.sleep(EVERY_SECONDS)
    return True
