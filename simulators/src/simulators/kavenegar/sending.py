"""What Kavenegar does with a message it takes."""

from datetime import UTC, datetime

from simulators.faults import ActiveFaults
from simulators.kavenegar.parameters import ArrayParameters, LookupParameters, SendParameters
from simulators.kavenegar.patterns import compose
from simulators.kavenegar.wire import STATUS, STATUS_TEXT, UNKNOWN_ID, KavenegarError
from simulators.sms.books import ProviderName, Sms
from simulators.sms.desk import SmsDesk
from simulators.sms.faults import SmsFault
from simulators.sms.taking import Handed, take

PROVIDER: ProviderName = "kavenegar"

Addressee = tuple[str, ActiveFaults[SmsFault]]
"""A mobile and the faults its message has before it."""


def send(desk: SmsDesk, parameters: SendParameters, to: list[Addressee]) -> list[Sms]:
    """Take one message for each addressee; one with a known local id is not sent again."""
    sender = _line(desk, parameters.sender)
    due_at = datetime.fromtimestamp(parameters.date, UTC) if parameters.date else None
    return _take(
        desk,
        [
            Handed(
                mobile=mobile,
                text=parameters.message,
                sender=sender,
                faults=faults,
                own_id=localid,
                tag=parameters.tag,
                due_at=due_at,
            )
            for (mobile, faults), localid in zip(to, _localids(parameters), strict=True)
        ],
    )


def send_array(desk: SmsDesk, parameters: ArrayParameters, to: list[Addressee]) -> list[Sms]:
    """Take a text of its own for each addressee."""
    return _take(
        desk,
        [
            Handed(
                mobile=mobile, text=text, sender=_line(desk, sender), faults=faults, own_id=localid or None
            )
            for (mobile, faults), text, sender, localid in zip(
                to, parameters.message, parameters.sender, parameters.own_ids(), strict=True
            )
        ],
    )


def look_up(desk: SmsDesk, parameters: LookupParameters, faults: ActiveFaults[SmsFault]) -> Sms:
    """Take the message of a pattern."""
    message = Handed(
        mobile=parameters.receptor,
        text=compose(desk.patterns, parameters),
        sender=desk.settings.kavenegar_lines[0],
        faults=faults,
        kind=parameters.type,
        code=parameters.token,
        tag=parameters.tag,
    )
    return _take(desk, [message])[0]


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


def _line(desk: SmsDesk, sender: str | None) -> str:
    line = sender or desk.settings.kavenegar_lines[0]
    if line not in desk.settings.kavenegar_lines:
        raise KavenegarError(412)
    return line


def _localids(parameters: SendParameters) -> list[str | None]:
    receptors, localids = len(parameters.receptor), parameters.localid
    if len(localids) <= 1:
        return [localids[0] if localids else None] * receptors
    if len(localids) != receptors:
        raise KavenegarError(419)
    return list(localids)


def _take(desk: SmsDesk, messages: list[Handed]) -> list[Sms]:
    return take(desk, PROVIDER, messages, KavenegarError(418))
