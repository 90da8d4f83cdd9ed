"""Every message a provider took, how far it has come, and what reached a phone."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import count
from time import time
from typing import Literal, get_args

from simulators.clock import Clock

Kind = Literal["sms", "call"]
ProviderName = Literal["kavenegar", "smsir", "ghasedak", "melipayamak", "ippanel"]
PROVIDERS: tuple[ProviderName, ...] = get_args(ProviderName)


class Delivery(StrEnum):
    SCHEDULED = "scheduled"
    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    BLOCKED = "blocked"


@dataclass(kw_only=True)
class Sms:
    """`fate` is the delivery it ends with, `delay` what that takes beyond the usual; `repeats` is how often
    its `localid` came again."""

    provider: ProviderName
    id: int
    mobile: str
    text: str
    sender: str
    kind: Kind
    code: str | None
    localid: str | None
    tag: str | None
    cost: int
    taken_at: datetime
    due_at: datetime
    fate: Delivery = Delivery.DELIVERED
    delay: timedelta = timedelta()
    repeats: int = 0


@dataclass(frozen=True)
class Pace:
    """How long after its due time a message is sent, and how long after that time it meets its fate."""

    sent_after: timedelta
    delivered_after: timedelta


class SmsBooks:
    """Of all providers. Each begins with the same `credit`, in Rial."""

    def __init__(self, clock: Clock, pace: Pace, credit: int) -> None:
        self.clock = clock
        self.credits = dict.fromkeys(PROVIDERS, credit)
        self.requests = 0
        self._pace = pace
        self._ids = count(int(time() * 1000))
        self._by_id: dict[int, Sms] = {}
        self._by_mobile: dict[str, list[Sms]] = defaultdict(list)
        self._by_localid: dict[tuple[str, str], dict[str, Sms]] = defaultdict(dict)

    def next_id(self) -> int:
        return next(self._ids)

    def take(self, sms: Sms) -> None:
        """Charge the message and keep it."""
        self.credits[sms.provider] -= sms.cost
        self._by_id[sms.id] = sms
        self._by_mobile[sms.mobile].append(sms)
        if sms.localid is not None:
            self._by_localid[sms.provider, sms.localid][sms.mobile] = sms

    def all(self) -> list[Sms]:
        return list(self._by_id.values())

    def find(self, provider: ProviderName, message_id: int) -> Sms | None:
        sms = self._by_id.get(message_id)
        return sms if sms is not None and sms.provider == provider else None

    def find_local(self, provider: str, localid: str, mobile: str) -> Sms | None:
        return self._by_localid.get((provider, localid), {}).get(mobile)

    def all_local(self, provider: str, localid: str) -> list[Sms]:
        return list(self._by_localid.get((provider, localid), {}).values())

    def inbox(self, mobile: str) -> list[Sms]:
        """What the phone got, newest first; as soon as it is due, without the provider's waiting."""
        now = self.clock.now()
        taken = self._by_mobile.get(mobile, ())
        arrived = [sms for sms in taken if sms.fate is Delivery.DELIVERED and sms.due_at + sms.delay <= now]
        return sorted(arrived, key=lambda sms: (sms.due_at, sms.id), reverse=True)

    def delivery(self, sms: Sms) -> Delivery:
        age = self.clock.now() - sms.due_at
        if age < timedelta():
            return Delivery.SCHEDULED
        if age < self._pace.sent_after:
            return Delivery.QUEUED
        return Delivery.SENT if age < self._pace.delivered_after + sms.delay else sms.fate
