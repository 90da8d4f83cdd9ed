"""Kavenegar's routes, `/v1/{api_key}/{scope}/{method}.json`; each takes GET and POST."""

from datetime import timedelta
from secrets import compare_digest
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from simulators.answering import answer
from simulators.kavenegar import sending
from simulators.kavenegar.parameters import (
    ArrayParameters,
    LocalStatusParameters,
    LookupParameters,
    SendParameters,
    StatusParameters,
    parameters,
)
from simulators.kavenegar.wire import KavenegarError, refusal, success
from simulators.sms.books import Sms
from simulators.sms.desk import DeskDep, SmsDesk, faults_for, faults_of_asking
from simulators.sms.wire import ProviderRoute

METHODS = ["GET", "POST"]
STATUS_KEPT_FOR = timedelta(hours=48)


def desk_with_key(api_key: str, desk: DeskDep) -> SmsDesk:
    if not compare_digest(api_key.encode(), desk.settings.kavenegar_api_key.get_secret_value().encode()):
        raise KavenegarError(403)
    return desk


Desk = Annotated[SmsDesk, Depends(desk_with_key)]

router = APIRouter(prefix="/v1/{api_key}", route_class=ProviderRoute, include_in_schema=False)


@router.api_route("/sms/send.json", methods=METHODS)
async def send(request: Request, desk: Desk) -> Response:
    """In a message to many, the faults of the first receptor decide about the answer."""
    desk.books.requests += 1
    wanted = await parameters(request, SendParameters)
    to = [(mobile, faults_for(desk, sending.PROVIDER, mobile)) for mobile in wanted.receptor]

    def work() -> Response:
        return success([sending.entry(desk, sms) for sms in sending.send(desk, wanted, to)])

    return await answer(request, to[0][1], "send", work, refusal)


@router.post("/sms/sendarray.json")
async def send_array(request: Request, desk: Desk) -> Response:
    """The faults of the first receptor decide about the answer."""
    desk.books.requests += 1
    wanted = (await parameters(request, ArrayParameters)).checked()
    to = [(mobile, faults_for(desk, sending.PROVIDER, mobile)) for mobile in wanted.receptor]

    def work() -> Response:
        return success([sending.entry(desk, sms) for sms in sending.send_array(desk, wanted, to)])

    return await answer(request, to[0][1], "send", work, refusal)


@router.api_route("/verify/lookup.json", methods=METHODS)
async def look_up(request: Request, desk: Desk) -> Response:
    desk.books.requests += 1
    wanted = await parameters(request, LookupParameters)
    faults = faults_for(desk, sending.PROVIDER, wanted.receptor)

    def work() -> Response:
        return success([sending.entry(desk, sending.look_up(desk, wanted, faults))])

    return await answer(request, faults, "send", work, refusal)


@router.api_route("/sms/status.json", methods=METHODS)
async def status(request: Request, desk: Desk) -> Response:
    wanted = await parameters(request, StatusParameters)

    def work() -> Response:
        found = [(key, _recent(desk, desk.books.find(sending.PROVIDER, key))) for key in wanted.messageid]
        return success([{"messageid": key, **sending.state(desk, sms)} for key, sms in found])

    return await answer(request, faults_of_asking(desk, sending.PROVIDER), "ask", work, refusal)


@router.api_route("/sms/statuslocalmessageid.json", methods=METHODS)
async def local_status(request: Request, desk: Desk) -> Response:
    wanted = await parameters(request, LocalStatusParameters)

    def work() -> Response:
        return success([row for localid in wanted.localid for row in _local_rows(desk, localid)])

    return await answer(request, faults_of_asking(desk, sending.PROVIDER), "ask", work, refusal)


@router.api_route("/account/info.json", methods=METHODS)
async def account(request: Request, desk: Desk) -> Response:
    def work() -> Response:
        expires = desk.books.clock.now() + timedelta(days=365)
        entries = {
            "remaincredit": desk.books.credits[sending.PROVIDER],
            "expiredate": int(expires.timestamp()),
            "type": "Master",
        }
        return success(entries)

    return await answer(request, faults_of_asking(desk, sending.PROVIDER), "ask", work, refusal)


@router.api_route("/{scope}/{method}.json", methods=METHODS)
async def unknown(scope: str, method: str, desk: Desk) -> Response:
    raise KavenegarError(404)


def _recent(desk: SmsDesk, sms: Sms | None) -> Sms | None:
    return sms if sms is not None and desk.books.clock.now() - sms.taken_at <= STATUS_KEPT_FOR else None


def _local_rows(desk: SmsDesk, localid: str) -> list[dict[str, object]]:
    """A row for each message of the local id, or one that says there is none."""
    known = [sms for sms in desk.books.all_local(sending.PROVIDER, localid) if _recent(desk, sms)]
    if not known:
        return [{"messageid": 0, "localid": localid, **sending.state(desk, None)}]
    return [{"messageid": sms.id, "localid": localid, **sending.state(desk, sms)} for sms in known]
