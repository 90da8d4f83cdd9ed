"""Ghasedak's routes, `/rest/api/v1/WebService/…`, behind the header `ApiKey`."""

from secrets import compare_digest
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from pydantic import AfterValidator, Field

from simulators.answering import answer
from simulators.ghasedak.wire import STATES, GhasedakError, refusal, success
from simulators.sms.books import ProviderName, Sms
from simulators.sms.desk import DeskDep, SmsDesk, faults_for, faults_of_asking
from simulators.sms.mobile import mobile
from simulators.sms.taking import Handed, take, written
from simulators.sms.wire import CamelModel, ProviderRoute, json_of

PROVIDER: ProviderName = "ghasedak"
ITEMS_AT_MOST = 100
WRONG_VALUE = {"receptor": 411, "receptors": 411, "items": 411, "message": 413}
BY_OWN_ID = "2"
"""A `Type` of `CheckSmsStatus`; `1` is by message id."""

Mobile = Annotated[str, AfterValidator(mobile)]


class Item(CamelModel):
    line_number: str
    receptor: Mobile
    message: str = Field(min_length=1, max_length=900)
    client_reference_id: str | None = None


class Items(CamelModel):
    items: Annotated[list[Item], Field(min_length=1)]


class Receptor(CamelModel):
    mobile: Mobile
    client_reference_id: str | None = None


class Otp(CamelModel):
    receptors: Annotated[list[Receptor], Field(min_length=1, max_length=1)]
    template_name: str
    param1: str = Field(min_length=1)
    is_voice: bool = False


def desk_with_key(desk: DeskDep, apikey: Annotated[str, Header()] = "") -> SmsDesk:
    if not compare_digest(apikey.encode(), desk.settings.ghasedak_api_key.get_secret_value().encode()):
        raise GhasedakError(401)
    return desk


Desk = Annotated[SmsDesk, Depends(desk_with_key)]
router = APIRouter(
    prefix="/ghasedak/rest/api/v1/WebService", route_class=ProviderRoute, include_in_schema=False
)


@router.post("/SendSingleSMS")
async def send_single(request: Request, desk: Desk) -> Response:
    item = await json_of(request, Item, WRONG_VALUE, GhasedakError, 400)
    return await _send(request, desk, [item], single=True)


@router.post("/SendPairToPairSMS")
async def send_pairs(request: Request, desk: Desk) -> Response:
    wanted = await json_of(request, Items, WRONG_VALUE, GhasedakError, 400)
    return await _send(request, desk, wanted.items, single=False)


@router.post("/SendOtpWithParams")
async def send_otp(request: Request, desk: Desk) -> Response:
    desk.books.requests += 1
    wanted = await json_of(request, Otp, WRONG_VALUE, GhasedakError, 400)
    [to] = wanted.receptors
    faults = faults_for(desk, PROVIDER, to.mobile)

    def work() -> Response:
        pattern = desk.patterns.get(wanted.template_name)
        if pattern is None:
            raise GhasedakError(404)
        if wanted.is_voice and not wanted.param1.isdecimal():
            raise GhasedakError(428)
        message = Handed(
            mobile=to.mobile,
            text=written(pattern, wanted.param1),
            sender=desk.settings.ghasedak_line,
            faults=faults,
            kind="call" if wanted.is_voice else "sms",
            code=wanted.param1,
            own_id=to.client_reference_id,
        )
        [sms] = take(desk, PROVIDER, [message], GhasedakError(418))
        return success({"items": [_row(desk, sms)], "totalCost": sms.cost})

    return await answer(request, faults, "send", work, refusal)


@router.get("/CheckSmsStatus")
async def check_status(
    request: Request,
    desk: Desk,
    ids: Annotated[list[str], Query(alias="Ids")],
    kind: Annotated[Literal["1", "2"], Query(alias="Type")] = "1",
) -> Response:
    """Of those that are known."""

    def work() -> Response:
        return success([_row(desk, sms) for text in ids for sms in _found(desk, text, kind)])

    return await answer(request, faults_of_asking(desk, PROVIDER), "ask", work, refusal)


@router.get("/GetAccountInformation")
async def account(request: Request, desk: Desk) -> Response:
    def work() -> Response:
        return success({"credit": desk.books.credits[PROVIDER], "plan": "Gold", "expireDate": None})

    return await answer(request, faults_of_asking(desk, PROVIDER), "ask", work, refusal)


async def _send(request: Request, desk: SmsDesk, items: list[Item], *, single: bool) -> Response:
    desk.books.requests += 1
    if any(item.line_number != desk.settings.ghasedak_line for item in items):
        raise GhasedakError(412)
    if len(items) > ITEMS_AT_MOST:
        raise GhasedakError(414)
    messages = [
        Handed(
            mobile=item.receptor,
            text=item.message,
            sender=item.line_number,
            faults=faults_for(desk, PROVIDER, item.receptor),
            own_id=item.client_reference_id,
        )
        for item in items
    ]

    def work() -> Response:
        rows = [_row(desk, sms) for sms in take(desk, PROVIDER, messages, GhasedakError(418))]
        return success(rows[0] if single else {"items": rows})

    return await answer(request, messages[0].faults, "send", work, refusal)


def _found(desk: SmsDesk, text: str, kind: str) -> list[Sms]:
    if kind == BY_OWN_ID:
        return desk.books.all_local(PROVIDER, text)
    sms = desk.books.find(PROVIDER, int(text)) if text.isdecimal() else None
    return [sms] if sms is not None else []


def _row(desk: SmsDesk, sms: Sms) -> dict[str, object]:
    return {
        "messageId": str(sms.id),
        "clientReferenceId": sms.localid,
        "lineNumber": sms.sender,
        "receptor": sms.mobile,
        "message": sms.text,
        "cost": sms.cost,
        "sendDate": sms.due_at.isoformat(),
        "status": STATES[desk.books.delivery(sms)],
    }
