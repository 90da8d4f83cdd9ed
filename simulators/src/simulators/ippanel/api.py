"""IPPanel's routes, `/v1/api/…`, behind the header `Authorization`."""

from secrets import compare_digest
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Request, Response
from pydantic import AfterValidator, BaseModel, Field

from simulators.answering import answer
from simulators.ippanel.wire import STATES, IpPanelError, refusal, success
from simulators.sms.books import Kind, ProviderName
from simulators.sms.desk import DeskDep, SmsDesk, faults_for, faults_of_asking
from simulators.sms.mobile import mobile
from simulators.sms.taking import Handed, take, written
from simulators.sms.wire import ProviderRoute, json_of

PROVIDER: ProviderName = "ippanel"
WRONG_VALUE = {"from_number": 412, "code": 404, "recipients": 411, "message": 413, "params": 411}

Mobile = Annotated[str, AfterValidator(mobile)]
Text = Annotated[str, Field(min_length=1, max_length=900)]


class Sending(BaseModel):
    """The part that tells the others apart."""

    sending_type: Literal["webservice", "pattern", "peer_to_peer", "votp"]


class Recipients(BaseModel):
    recipients: Annotated[list[Mobile], Field(min_length=1)]


class Webservice(BaseModel):
    from_number: str
    message: Text
    params: Recipients


class Pattern(BaseModel):
    from_number: str
    code: str
    recipients: Annotated[list[Mobile], Field(min_length=1, max_length=1)]
    params: dict[str, str]


class Pair(BaseModel):
    recipients: Annotated[list[Mobile], Field(min_length=1)]
    message: Text


class PeerToPeer(BaseModel):
    from_number: str
    params: Annotated[list[Pair], Field(min_length=1)]


class VoiceParameters(BaseModel):
    recipients: Annotated[list[Mobile], Field(min_length=1, max_length=1)]


class Voice(BaseModel):
    message: Annotated[str, Field(pattern=r"^\d{1,12}$")]
    params: VoiceParameters


def desk_with_key(desk: DeskDep, authorization: Annotated[str, Header()] = "") -> SmsDesk:
    if not compare_digest(authorization.encode(), desk.settings.ippanel_api_key.get_secret_value().encode()):
        raise IpPanelError(401)
    return desk


Desk = Annotated[SmsDesk, Depends(desk_with_key)]
router = APIRouter(prefix="/ippanel/v1/api", route_class=ProviderRoute, include_in_schema=False)


@router.post("/send")
async def send(request: Request, desk: Desk) -> Response:
    desk.books.requests += 1
    kind = (await json_of(request, Sending, WRONG_VALUE, IpPanelError, 400)).sending_type
    messages = await READERS[kind](request, desk)

    def work() -> Response:
        taken = take(desk, PROVIDER, messages, IpPanelError(418))
        return success({"message_outbox_ids": [sms.id for sms in taken]})

    return await answer(request, messages[0].faults, "send", work, refusal)


@router.get("/report/recipients")
async def recipients(request: Request, desk: Desk, bulk_id: int) -> Response:
    def work() -> Response:
        sms = desk.books.find(PROVIDER, bulk_id)
        if sms is None:
            return success([])
        state = STATES[desk.books.delivery(sms)]
        return success([{"recipient": f"+98{sms.mobile[1:]}", "message": sms.text, "message_status": state}])

    return await answer(request, faults_of_asking(desk, PROVIDER), "ask", work, refusal)


@router.get("/payment/credit/mine")
async def credit(request: Request, desk: Desk) -> Response:
    def work() -> Response:
        return success({"credit": float(desk.books.credits[PROVIDER]), "gift": 0})

    return await answer(request, faults_of_asking(desk, PROVIDER), "ask", work, refusal)


async def _webservice(request: Request, desk: SmsDesk) -> list[Handed]:
    wanted = await json_of(request, Webservice, WRONG_VALUE, IpPanelError, 400)
    return [_handed(desk, to, wanted.message, wanted.from_number) for to in wanted.params.recipients]


async def _pattern(request: Request, desk: SmsDesk) -> list[Handed]:
    wanted = await json_of(request, Pattern, WRONG_VALUE, IpPanelError, 400)
    text, code = desk.patterns.get(wanted.code), wanted.params.get("code", "")
    if text is None or not code:
        raise IpPanelError(404)
    return [_handed(desk, wanted.recipients[0], written(text, code), wanted.from_number, code=code)]


async def _pairs(request: Request, desk: SmsDesk) -> list[Handed]:
    wanted = await json_of(request, PeerToPeer, WRONG_VALUE, IpPanelError, 400)
    return [
        _handed(desk, to, pair.message, wanted.from_number)
        for pair in wanted.params
        for to in pair.recipients
    ]


async def _voice(request: Request, desk: SmsDesk) -> list[Handed]:
    wanted = await json_of(request, Voice, WRONG_VALUE, IpPanelError, 400)
    line = desk.settings.ippanel_line
    to = wanted.params.recipients[0]
    return [_handed(desk, to, wanted.message, line, kind="call", code=wanted.message)]


READERS: dict[str, Any] = {
    "webservice": _webservice,
    "pattern": _pattern,
    "peer_to_peer": _pairs,
    "votp": _voice,
}


def _handed(
    desk: SmsDesk, to: str, text: str, line: str, *, kind: Kind = "sms", code: str | None = None
) -> Handed:
    if line != desk.settings.ippanel_line:
        raise IpPanelError(412)
    faults = faults_for(desk, PROVIDER, to)
    return Handed(mobile=to, text=text, sender=line, faults=faults, kind=kind, code=code)
