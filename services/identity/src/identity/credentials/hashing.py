"""Argon2id in a few threads of its own: it releases the interpreter, so the event loop stays free.

Source: OWASP Password Storage Cheat Sheet (19 MiB, t=2, p=1).
"""

import asyncio
import os
import secrets
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from argon2 import PasswordHasher, Type
from argon2.exceptions import VerifyMismatchError

from chassis.errors import Unavailable

POLITENESS = 10
"""Added to the nice value of the hashing threads, so that a storm of logins delays nobody else's answer."""


def _yield_to_others() -> None:
    """Lowers the priority of this thread alone, as Linux can."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), POLITENESS)


class PasswordHashing:
    """``workers`` hashes at a time, ``queue`` more may wait; beyond that ``Unavailable``.

    Use it as an async context to end its threads.
    """

    def __init__(self, workers: int, queue: int, *, memory_kib: int, time_cost: int = 2) -> None:
        self._hasher = PasswordHasher(
            time_cost=time_cost, memory_cost=memory_kib, parallelism=1, type=Type.ID
        )
        self._nobodys = self._hasher.hash(secrets.token_urlsafe())
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="argon2", initializer=_yield_to_others)
        self._limit = workers + queue
        self._in_hand = 0

    async def __aenter__(self) -> "PasswordHashing":
        return self

    async def __aexit__(self, *_: object) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def hash(self, password: str) -> str:
        hashed: str = await self._run(self._hasher.hash, password)
        return hashed

    async def matches(self, stored: str | None, password: str) -> bool:
        """Whether ``stored`` is of ``password``; without ``stored`` it takes the same work to say no."""
        right: bool = await self._run(self._verify, stored, password)
        return right

    def outdated(self, stored: str) -> bool:
        """Whether ``stored`` was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    def _verify(self, stored: str | None, password: str) -> bool:
        try:
            return self._hasher.verify(stored or self._nobodys, password) and stored is not None
        except VerifyMismatchError:
            return False

    async def _run(self, work: Any, *given: Any) -> Any:
        if self._in_hand >= self._limit:
            raise Unavailable
        self._in_hand += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work, *given)
        finally:
            self._in_hand -= 1
