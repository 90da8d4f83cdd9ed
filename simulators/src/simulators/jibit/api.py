"""Jibit's routes: the pair of tokens, matching and similarity."""

from datetime import timedelta
from secrets import compare_digest
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from simulators.inquiries.desk import DeskDep, InquiryDesk, serve
from simulators.inquiries.register import Asked, Kind
from simulators.inquiries.tokens import Pair
from simulators.jibit.wire import JibitWire, error

PROVIDER = "jibit"
FIELDS = {
    "nationalCode": "national_code",
    "mobileNumber": "mobile",
    "iban": "iban",
    "birthDate": "birth_date",
    "firstName": "first_name",
    "lastName": "last_name",
}

router = APIRouter(prefix="/ide/v1", include_in_schema=False)


@router.post("/tokens/generate")
async def generate(request: Request, desk: DeskDep) -> Response:
    body: dict[str, Any] = await request.json()
    settings = desk.settings
    known = (settings.jibit_api_key, settings.jibit_secret_key)
    given = (str(body.get("apiKey")), str(body.get("secretKey")))
    if not all(
        compare_digest(mine.get_secret_value().encode(), theirs.encode())
        for mine, theirs in zip(known, given, strict=True)
    ):
        return error(403, "forbidden")
    return _pair(desk.tokens.issue(PROVIDER, _life(desk)))


@router.post("/tokens/refresh")
async def refresh(request: Request, desk: DeskDep) -> Response:
    body: dict[str, Any] = await request.json()
    pair = desk.tokens.refresh(PROVIDER, str(body.get("refreshToken")), _life(desk))
    return error(403, "forbidden") if pair is None else _pair(pair)


@router.get("/services/matching")
async def matching(request: Request, desk: DeskDep) -> Response:
    """A mobile, or a Sheba, with a national code."""
    return await _ask(request, desk, "iban_owner" if "iban" in request.query_params else "mobile_owner")


@router.get("/services/identity/similarity")
async def similarity(request: Request, desk: DeskDep) -> Response:
    return await _ask(request, desk, "civil_registry")


async def _ask(request: Request, desk: InquiryDesk, kind: Kind) -> Response:
    access = request.headers.get("authorization", "").removeprefix("Bearer ")
    if not desk.tokens.accepts(PROVIDER, access):
        return error(403, "forbidden")
    query = request.query_params
    fields = {name: query[theirs] for theirs, name in FIELDS.items() if theirs in query}
    return await serve(request, desk, JibitWire(), Asked(provider=PROVIDER, kind=kind, **fields))


def _life(desk: InquiryDesk) -> timedelta:
    return timedelta(seconds=desk.settings.jibit_token_seconds)


def _pair(pair: Pair) -> Response:
    return JSONResponse({"accessToken": pair.access, "refreshToken": pair.refresh})
