"""What an SMS provider works with, and how a request reaches it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Request

from simulators.faults import ActiveFaults
from simulators.settings import Settings
from simulators.sms.books import Delivery, ProviderName, SmsBooks
from simulators.sms.faults import SmsFault, SmsFaults

FIRST_NUMBER = 100_001
"""Providers that number their patterns number ours from here on, in the order of approval."""


@dataclass(frozen=True)
class SmsDesk:
    """`patterns` are the approved templates by name, in Kavenegar's `%token` notation."""

    books: SmsBooks
    faults: SmsFaults
    settings: Settings
    patterns: dict[str, str]

    def numbered(self, number: int) -> str | None:
        """The pattern of that number."""
        texts = list(self.patterns.values())
        at = number - FIRST_NUMBER
        return texts[at] if 0 <= at < len(texts) else None


def desk_of(request: Request) -> SmsDesk:
    desk: SmsDesk = request.app.state.sms
    return desk


DeskDep = Annotated[SmsDesk, Depends(desk_of)]


def faults_for(desk: SmsDesk, provider: ProviderName, mobile: str) -> ActiveFaults[SmsFault]:
    """The mobile's own faults while it has any, else the provider's, else what the plan deals next."""
    for subject in (mobile, provider):
        own = desk.faults.known(subject)
        if own is not None and any(fault.operation == "send" for fault in own.armed):
            return own
    return desk.faults.draw()


def faults_of_asking(desk: SmsDesk, provider: ProviderName) -> ActiveFaults[SmsFault]:
    """What somebody suffers who only asks."""
    return desk.faults.of(provider)


def fate_under(faults: ActiveFaults[SmsFault]) -> Delivery:
    if faults.strike("undelivered", "send"):
        return Delivery.UNDELIVERED
    return Delivery.BLOCKED if faults.strike("blocked", "send") else Delivery.DELIVERED


def delay_under(faults: ActiveFaults[SmsFault]) -> timedelta:
    delayed = faults.strike("delayed", "send")
    return timedelta(seconds=delayed.seconds) if delayed else timedelta()
