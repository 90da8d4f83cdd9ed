"""Zohal's routes. Its register knows no name that nobody told: then it says that it is not available."""

from secrets import compare_digest
from typing import Any

from fastapi import APIRouter, Request, Response

from simulators.inquiries.desk import DeskDep, InquiryDesk, serve
from simulators.inquiries.register import Asked, Kind
from simulators.zohal.wire import ZohalWire

PROVIDER = "zohal"
FIELDS = {"national_code": "national_code", "mobile": "mobile", "IBAN": "iban", "birth_date": "birth_date"}

router = APIRouter(prefix="/api/v0/services/inquiry", include_in_schema=False)


@router.post("/shahkar")
async def shahkar(request: Request, desk: DeskDep) -> Response:
    return await _ask(request, desk, "mobile_owner")


@router.post("/national_identity_inquiry")
async def national_identity(request: Request, desk: DeskDep) -> Response:
    return await _ask(request, desk, "civil_registry")


@router.post("/check_iban_with_national_code")
async def check_iban(request: Request, desk: DeskDep) -> Response:
    return await _ask(request, desk, "iban_owner")


async def _ask(request: Request, desk: InquiryDesk, kind: Kind) -> Response:
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    wire = ZohalWire()
    if not compare_digest(given.encode(), desk.settings.zohal_token.get_secret_value().encode()):
        return wire.token_refused()
    body: dict[str, Any] = await request.json()
    fields = {name: str(body[theirs]) for theirs, name in FIELDS.items() if theirs in body}
    return await serve(request, desk, wire, Asked(provider=PROVIDER, kind=kind, **fields))
