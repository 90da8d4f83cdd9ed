"""MelliPayamak's routes, `/api/SendSMS/…`: forms with the account's name and password in each."""

from secrets import compare_digest

from fastapi import APIRouter, Request, Response

from simulators.answering import answer
from simulators.melipayamak.wire import STATES, UNKNOWN_ID, MeliPayamakError, refusal, success
from simulators.sms.books import ProviderName
from simulators.sms.desk import DeskDep, SmsDesk, faults_for, faults_of_asking
from simulators.sms.mobile import mobile
from simulators.sms.taking import Handed, take, written
from simulators.sms.wire import ProviderRoute

PROVIDER: ProviderName = "melipayamak"
SHARED_LINE = "5000"
"""What patterns are sent from."""

router = APIRouter(prefix="/melipayamak/api/SendSMS", route_class=ProviderRoute, include_in_schema=False)

Form = dict[str, str]


@router.post("/SendSMS")
async def send(request: Request, desk: DeskDep) -> Response:
    desk.books.requests += 1
    form = await _form_of(request, desk)
    line, text = form.get("from", ""), form.get("text", "")
    if line != desk.settings.melipayamak_line:
        raise MeliPayamakError(5)
    if not text:
        raise MeliPayamakError(11)
    return await _take(request, desk, form, line, text)


@router.post("/BaseServiceNumber")
async def send_pattern(request: Request, desk: DeskDep) -> Response:
    """`text` is the pattern's values, joined by `;`; ours have one."""
    desk.books.requests += 1
    form = await _form_of(request, desk)
    number, code = form.get("bodyId", ""), form.get("text", "")
    pattern = desk.numbered(int(number)) if number.isdecimal() else None
    if pattern is None or not code or ";" in code:
        raise MeliPayamakError(11)
    return await _take(request, desk, form, SHARED_LINE, written(pattern, code), code)


@router.post("/GetDeliveries2")
async def deliveries(request: Request, desk: DeskDep) -> Response:
    form = await _form_of(request, desk)

    def work() -> Response:
        number = form.get("recID", "")
        sms = desk.books.find(PROVIDER, int(number)) if number.isdecimal() else None
        return success(UNKNOWN_ID if sms is None else STATES[desk.books.delivery(sms)])

    return await answer(request, faults_of_asking(desk, PROVIDER), "ask", work, refusal)


@router.post("/GetCredit")
async def credit(request: Request, desk: DeskDep) -> Response:
    await _form_of(request, desk)

    def work() -> Response:
        return success(desk.books.credits[PROVIDER] / desk.settings.sms_part_price)

    return await answer(request, faults_of_asking(desk, PROVIDER), "ask", work, refusal)


async def _form_of(request: Request, desk: SmsDesk) -> Form:
    form = {name: str(value) for name, value in (await request.form()).items()}
    said = f"{form.get('username', '')}:{form.get('password', '')}"
    password = desk.settings.melipayamak_password.get_secret_value()
    if not compare_digest(said.encode(), f"{desk.settings.melipayamak_username}:{password}".encode()):
        raise MeliPayamakError(0)
    return form


async def _take(
    request: Request, desk: SmsDesk, form: Form, line: str, text: str, code: str | None = None
) -> Response:
    try:
        to = mobile(form.get("to", ""))
    except ValueError as error:
        raise MeliPayamakError(11) from error
    message = Handed(mobile=to, text=text, sender=line, faults=faults_for(desk, PROVIDER, to), code=code)

    def work() -> Response:
        [sms] = take(desk, PROVIDER, [message], MeliPayamakError(2))
        return success(sms.id)

    return await answer(request, message.faults, "send", work, refusal)
