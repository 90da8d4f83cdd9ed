"""The simulated bank as a test of payment meets it."""

import re
from dataclasses import dataclass
from typing import Any

import httpx

from chassis.testing.eventually import eventually

HELD = 2
"""Seconds after which the bank lets go of a request that it does not answer."""


@dataclass
class BankDesk:
    """The simulated bank from both sides: its pay page, and the levers behind the counter."""

    url: str
    client: httpx.AsyncClient
    visits: list[str]

    async def pay(self, redirect_url: str, outcome: str = "paid") -> str | None:
        """The buyer decides on the pay page; gives the callback address the browser is sent to, if any."""
        answer = await self.client.post(redirect_url, data={"outcome": outcome})
        location: str | None = answer.headers.get("location")
        return location

    async def arm_next(self, *faults: dict[str, Any], count: int = 1) -> None:
        answer = await self.client.post(
            "/bank/faults/next", json={"count": count, "faults": [{"seconds": HELD} | f for f in faults]}
        )
        assert answer.is_success, answer.text

    async def arm(self, redirect_url: str, *faults: dict[str, Any]) -> None:
        """Replaces the faults that one payment has before it."""
        answer = await self.client.put(
            f"/bank/faults/payments/{authority_of(redirect_url)}",
            json=[{"seconds": HELD} | f for f in faults],
        )
        assert answer.is_success, answer.text

    async def faults_waiting(self) -> list[Any]:
        """What ``arm_next`` armed and no payment request has met yet."""
        waiting: list[Any] = (await self.client.get("/bank/faults")).json()["waiting"]
        return waiting

    async def clear(self) -> None:
        await self.client.delete("/bank/faults")

    async def struck(self, redirect_url: str, kind: str) -> None:
        """Waits until a fault has met the payment."""
        await eventually(lambda: self.row(redirect_url), until=lambda row: kind in row["faults"])

    async def row(self, redirect_url: str) -> dict[str, Any]:
        authority = authority_of(redirect_url)
        return next(row for row in await self.books() if row["reference"] == authority)

    async def books(self) -> list[dict[str, Any]]:
        answer = await self.client.get("/bank/books")
        rows: list[dict[str, Any]] = answer.json()["payments"]
        return rows


def authority_of(redirect_url: str) -> str:
    """The last part of its path, or what its query says."""
    return re.split("[/=]", redirect_url)[-1]
