"""SMS.ir's routes, `/v1/send/…`, behind the header `X-API-KEY`."""

from secrets import compare_digest
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request, Response
from pydantic import AfterValidator, Field

from simulators.answering import answer
from simulators.sms.books import ProviderName, Sms
from simulators.sms.desk import DeskDep, SmsDesk, faults_for, faults_of_asking
from simulators.sms.mobile import mobile
from simulators.sms.taking import Handed, take, written
from simulators.sms.wire import CamelModel, ProviderRoute, json_of
from simulators.smsir.wire import DELIVERY_STATES, SmsIrError, refusal, success

PROVIDER: ProviderName = "smsir"
MOBILES_AT_MOST = 100
VALUE_AT_MOST = 25
WRONG_VALUE = {"mobile": 104, "mobiles": 104, "messageText": 103, "messageTexts": 103, "lineNumber": 101}

Mobile = Annotated[str, AfterValidator(mobile)]
Text = Annotated[str, Field(min_length=1, max_length=900)]


class Parameter(CamelModel):
    name: str
    value: str


class Verify(CamelModel):
    mobile: Mobile
    template_id: int
    parameters: Annotated[list[Parameter], Field(min_length=1, max_length=1)]


class Bulk(CamelModel):
    line_number: int
    message_text: Text
    mobiles: Annotated[list[Mobile], Field(min_length=1)]


class LikeToLike(CamelModel):
    line_number: int
    message_texts: Annotated[list[Text], Field(min_length=1)]
    mobiles: Annotated[list[Mobile], Field(min_length=1)]


def desk_with_key(desk: DeskDep, x_api_key: Annotated[str, Header()] = "") -> SmsDesk:
    if not compare_digest(x_api_key.encode(), desk.settings.smsir_api_key.get_secret_value().encode()):
        raise SmsIrError(10)
    return desk


Desk = Annotated[SmsDesk, Depends(desk_with_key)]
router = APIRouter(prefix="/smsir/v1", route_class=ProviderRoute, include_in_schema=False)


@router.post("/send/verify")
async def verify(request: Request, desk: Desk) -> Response:
    desk.books.requests += 1
    wanted = await json_of(request, Verify, WRONG_VALUE, SmsIrError, 16)
    faults = faults_for(desk, PROVIDER, wanted.mobile)

    def work() -> Response:
        pattern, code = desk.numbered(wanted.template_id), wanted.parameters[0].value
        if pattern is None:
            raise SmsIrError(113)
        if len(code) > VALUE_AT_MOST:
            raise SmsIrError(114)
        message = Handed(
            mobile=wanted.mobile,
            text=written(pattern, code),
            sender=desk.settings.smsir_line,
            faults=faults,
            code=code,
        )
        [sms] = take(desk, PROVIDER, [message], SmsIrError(102))
        return success({"messageId": sms.id, "cost": sms.cost})

    return await answer(request, faults, "send", work, refusal)


@router.post("/send/bulk")
async def bulk(request: Request, desk: Desk) -> Response:
    wanted = await json_of(request, Bulk, WRONG_VALUE, SmsIrError, 16)
    return await _send(
        request, desk, wanted.line_number, [(to, wanted.message_text) for to in wanted.mobiles]
    )


@router.post("/send/likeToLike")
async def like_to_like(request: Request, desk: Desk) -> Response:
    wanted = await json_of(request, LikeToLike, WRONG_VALUE, SmsIrError, 16)
    if len(wanted.mobiles) != len(wanted.message_texts):
        raise SmsIrError(16)
    pairs = list(zip(wanted.mobiles, wanted.message_texts, strict=True))
    return await _send(request, desk, wanted.line_number, pairs)


@router.get("/send/{message_id}")
async def state(request: Request, message_id: int, desk: Desk) -> Response:
    def work() -> Response:
        sms = desk.books.find(PROVIDER, message_id)
        if sms is None:
            raise SmsIrError(16)
        return success(_row(desk, sms))

    return await answer(request, faults_of_asking(desk, PROVIDER), "ask", work, refusal)


@router.get("/credit")
async def credit(request: Request, desk: Desk) -> Response:
    def work() -> Response:
        return success(desk.books.credits[PROVIDER] / desk.settings.sms_part_price)

    return await answer(request, faults_of_asking(desk, PROVIDER), "ask", work, refusal)


@router.get("/line")
async def lines(desk: Desk) -> Response:
    return success([int(desk.settings.smsir_line)])


async def _send(request: Request, desk: SmsDesk, line: int, pairs: list[tuple[str, str]]) -> Response:
    desk.books.requests += 1
    if str(line) != desk.settings.smsir_line:
        raise SmsIrError(101)
    if len(pairs) > MOBILES_AT_MOST:
        raise SmsIrError(105)
    messages = [
        Handed(mobile=to, text=text, sender=str(line), faults=faults_for(desk, PROVIDER, to))
        for to, text in pairs
    ]

    def work() -> Response:
        taken = take(desk, PROVIDER, messages, SmsIrError(102))
        ids = [sms.id for sms in taken]
        return success({"packId": f"pack-{ids[0]}", "messageIds": ids, "cost": sum(s.cost for s in taken)})

    return await answer(request, messages[0].faults, "send", work, refusal)


def _row(desk: SmsDesk, sms: Sms) -> dict[str, object]:
    return {
        "messageId": sms.id,
        "mobile": int(sms.mobile),
        "messageText": sms.text,
        "sendDateTime": int(sms.due_at.timestamp()),
        "lineNumber": int(sms.sender),
        "cost": sms.cost,
        "deliveryState": DELIVERY_STATES[desk.books.delivery(sms)],
        "deliveryDateTime": None,
    }
