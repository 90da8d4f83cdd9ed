"""What every provider does with messages it is handed: recognise, price, charge, keep."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from simulators.faults import ActiveFaults
from simulators.sms.books import Kind, ProviderName, Sms
from simulators.sms.desk import SmsDesk, delay_under, fate_under
from simulators.sms.faults import SmsFault
from simulators.sms.wire import ProviderError

PERSIAN_PARTS = (70, 67)
LATIN_PARTS = (160, 153)


@dataclass(frozen=True, kw_only=True)
class Handed:
    """One message for one mobile; `own_id` is the client's, under which a provider takes it once."""

    mobile: str
    text: str
    sender: str
    faults: ActiveFaults[SmsFault]
    kind: Kind = "sms"
    code: str | None = None
    own_id: str | None = None
    tag: str | None = None
    due_at: datetime | None = None


def parts_of(text: str) -> int:
    """How many SMS the text takes: a single one holds a little more than each of several."""
    single, each = LATIN_PARTS if text.isascii() else PERSIAN_PARTS
    return 1 if len(text) <= single else ceil(len(text) / each)


def written(pattern: str, code: str) -> str:
    """What a pattern says with its one value."""
    return pattern.replace("%token", code)


def price_of(desk: SmsDesk, text: str) -> int:
    return parts_of(text) * desk.settings.sms_part_price


def take(
    desk: SmsDesk, provider: ProviderName, messages: Sequence[Handed], no_credit: ProviderError
) -> list[Sms]:
    """All of them, or none and `no_credit`; one with a known own id is not sent again."""
    known = [_known(desk, provider, message) for message in messages]
    cost = sum(
        price_of(desk, message.text) for message, old in zip(messages, known, strict=True) if old is None
    )
    if cost > desk.books.credits[provider]:
        raise no_credit
    return [
        _repeat(old) if old else _keep(desk, provider, message)
        for message, old in zip(messages, known, strict=True)
    ]


def _known(desk: SmsDesk, provider: ProviderName, message: Handed) -> Sms | None:
    return desk.books.find_local(provider, message.own_id, message.mobile) if message.own_id else None


def _repeat(sms: Sms) -> Sms:
    sms.repeats += 1
    return sms


def _keep(desk: SmsDesk, provider: ProviderName, message: Handed) -> Sms:
    now = desk.books.clock.now()
    sms = Sms(
        provider=provider,
        id=desk.books.next_id(),
        mobile=message.mobile,
        text=message.text,
        sender=message.sender,
        kind=message.kind,
        code=message.code,
        localid=message.own_id,
        tag=message.tag,
        cost=price_of(desk, message.text),
        taken_at=now,
        due_at=max(now, message.due_at or now),
        fate=fate_under(message.faults),
        delay=delay_under(message.faults),
    )
    desk.books.take(sms)
    return sms
