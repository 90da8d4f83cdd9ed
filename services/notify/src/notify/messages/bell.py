"""Wakes a sender of the same process when there is something to send; other processes look by the clock."""

import asyncio
from contextlib import suppress

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session


class Bell:
    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()

    def ring_after_commit(self, session: AsyncSession) -> None:
        """Rings as soon as others can see what the transaction of ``session`` wrote."""

        def ring(_: Session) -> None:
            self.ring()

        event.listen(session.sync_session, "after_commit", ring)

    async def wait(self, seconds: float) -> None:
        """Until it rings or the time is over."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._rung.wait(), seconds)
        self._rung.clear()
