"""What Kavenegar does with a message it takes."""

from datetime import UTC, datetime
from math import ceil

from simulators.faults import ActiveFaults
from simulators.kavenegar.parameters import LookupParameters, SendParameters
from simulators.kavenegar.patterns import compose
from simulators.kavenegar.wire import STATUS, STATUS_TEXT, UNKNOWN_ID, KavenegarError
from simulators.sms.books import Sms
from simulators.sms.desk import SmsDesk, fate_under
from simulators.sms.faults import SmsFault

PROVIDER = "kavenegar"
PERSIAN_PARTS = (70, 67)
LATIN_PARTS = (160, 153)

Addressee = tuple[str, ActiveFaults[SmsFault]]
"""A mobile and the faults its message has before it."""


def parts_of(text: str) -> int:
    """How many SMS the text takes: a single one holds a little more than each of several."""
    single, each = LATIN_PARTS if text.isascii() else PERSIAN_PARTS
    return 1 if len(text) <= single else ceil(len(text) / each)


def send(desk: SmsDesk, parameters: SendParameters, to: list[Addressee]) -> list[Sms]:
    """Take one message for each addressee; one with a known local id is not sent again."""
    sender = parameters.sender or desk.settings.kavenegar_lines[0]
    if sender not in desk.settings.kavenegar_lines:
        raise KavenegarError(412)
    localids = _localids(parameters)
    known = [
        desk.books.find_local(PROVIDER, localid, mobile) if localid else None
        for (mobile, _), localid in zip(to, localids, strict=True)
    ]
    price = parts_of(parameters.message) * desk.settings.sms_part_price
    _check_credit(desk, price * known.count(None))
    return [
        _repeat(old) if old else _take(desk, address, parameters, sender, localid, price)
        for address, localid, old in zip(to, localids, known, strict=True)
    ]


def look_up(desk: SmsDesk, parameters: LookupParameters, faults: ActiveFaults[SmsFault]) -> Sms:
    """Take the message of a pattern."""
    text = compose(desk.patterns, parameters)
    cost = parts_of(text) * desk.settings.sms_part_price
    _check_credit(desk, cost)
    now = desk.books.clock.now()
    sms = Sms(
        provider=PROVIDER,
        id=desk.books.next_id(),
        mobile=parameters.receptor,
        text=text,
        sender=desk.settings.kavenegar_lines[0],
        kind=parameters.type,
        code=parameters.token,
        localid=None,
        tag=parameters.tag,
        cost=cost,
        taken_at=now,
        due_at=now,
        fate=fate_under(faults),
    )
    desk.books.take(sms)
    return sms


def entry(desk: SmsDesk, sms: Sms) -> dict[str, object]:
    """The message as `send` and `lookup` answer it."""
    return {
        "messageid": sms.id,
        "message": sms.text,
        **state(desk, sms),
        "sender": sms.sender,
        "receptor": sms.mobile,
        "date": int(sms.due_at.timestamp()),
        "cost": sms.cost,
    }


def state(desk: SmsDesk, sms: Sms | None) -> dict[str, object]:
    status = UNKNOWN_ID if sms is None else STATUS[desk.books.delivery(sms)]
    return {"status": status, "statustext": STATUS_TEXT[status]}


def _localids(parameters: SendParameters) -> list[str | None]:
    receptors, localids = len(parameters.receptor), parameters.localid
    if len(localids) <= 1:
        return [localids[0] if localids else None] * receptors
    if len(localids) != receptors:
        raise KavenegarError(419)
    return list(localids)


def _check_credit(desk: SmsDesk, cost: int) -> None:
    if cost > desk.books.credit:
        raise KavenegarError(418)


def _repeat(sms: Sms) -> Sms:
    sms.repeats += 1
    return sms


def _take(
    desk: SmsDesk, to: Addressee, parameters: SendParameters, sender: str, localid: str | None, cost: int
) -> Sms:
    mobile, faults = to
    now = desk.books.clock.now()
    asked = datetime.fromtimestamp(parameters.date, UTC) if parameters.date else now
    sms = Sms(
        provider=PROVIDER,
        id=desk.books.next_id(),
        mobile=mobile,
        text=parameters.message,
        sender=sender,
        kind="sms",
        code=None,
        localid=localid,
        tag=parameters.tag,
        cost=cost,
        taken_at=now,
        due_at=max(now, asked),
        fate=fate_under(faults),
    )
    desk.books.take(sms)
    return sms
