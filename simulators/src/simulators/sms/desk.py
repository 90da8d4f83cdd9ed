"""What an SMS provider works with, and how a request reaches it."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from simulators.faults import ActiveFaults
from simulators.settings import Settings
from simulators.sms.books import Delivery, SmsBooks
from simulators.sms.faults import SmsFault, SmsFaults


@dataclass(frozen=True)
class SmsDesk:
    """`patterns` are the approved templates by name, in Kavenegar's `%token` notation."""

    books: SmsBooks
    faults: SmsFaults
    settings: Settings
    patterns: dict[str, str]


def desk_of(request: Request) -> SmsDesk:
    desk: SmsDesk = request.app.state.sms
    return desk


DeskDep = Annotated[SmsDesk, Depends(desk_of)]


def faults_for(desk: SmsDesk, mobile: str) -> ActiveFaults[SmsFault]:
    """The mobile's own faults while it has any, else what the plan deals to the next message."""
    own = desk.faults.known(mobile)
    return own if own is not None and own.armed else desk.faults.draw()


def fate_under(faults: ActiveFaults[SmsFault]) -> Delivery:
    if faults.strike("undelivered", "send"):
        return Delivery.UNDELIVERED
    return Delivery.BLOCKED if faults.strike("blocked", "send") else Delivery.DELIVERED
