"""Finnotech's routes: the token, and the three inquiries under a client's name."""

from base64 import b64decode
from datetime import timedelta
from secrets import compare_digest
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from simulators.finnotech.wire import FinnotechWire, failed
from simulators.inquiries.desk import DeskDep, InquiryDesk, serve
from simulators.inquiries.register import Asked, Kind

PROVIDER = "finnotech"
TRACK_ID_LENGTH = 40
FIELDS = {
    "nationalCode": "national_code",
    "nid": "national_code",
    "mobile": "mobile",
    "iban": "iban",
    "birthDate": "birth_date",
    "firstName": "first_name",
    "lastName": "last_name",
}
INVALID_TOKEN = ("VALIDATION_ERROR", "invalid token")

router = APIRouter(include_in_schema=False)


@router.post("/dev/v2/oauth2/token")
async def token(request: Request, desk: DeskDep) -> Response:
    """``grant_type`` client_credentials or refresh_token, with the client's Basic credentials."""
    if not _knows(desk, request):
        return failed(401, "", "UNAUTHORIZED", "invalid client")
    body: dict[str, Any] = await request.json()
    life = timedelta(seconds=desk.settings.finnotech_token_seconds)
    pair = (
        desk.tokens.refresh(PROVIDER, str(body.get("refresh_token")), life)
        if body.get("grant_type") == "refresh_token"
        else desk.tokens.issue(PROVIDER, life)
    )
    if pair is None:
        return failed(400, "", "VALIDATION_ERROR", "invalid refresh token")
    result = {
        "value": pair.access,
        "refreshToken": pair.refresh,
        "lifeTime": int(life.total_seconds() * 1000),
        "scopes": str(body.get("scopes", "")).split(","),
    }
    return JSONResponse({"result": result, "status": "DONE"})


def _knows(desk: InquiryDesk, request: Request) -> bool:
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    secret = desk.settings.finnotech_client_secret.get_secret_value()
    expected = f"{desk.settings.finnotech_client_id}:{secret}".encode()
    try:
        return scheme == "Basic" and compare_digest(b64decode(value), expected)
    except ValueError:
        return False


@router.get("/mpg/v2/clients/{client}/shahkar/verify")
async def shahkar(client: str, request: Request, desk: DeskDep) -> Response:
    return await _ask(client, request, desk, "mobile_owner")


@router.get("/oak/v2/clients/{client}/nidVerification")
async def nid_verification(client: str, request: Request, desk: DeskDep) -> Response:
    return await _ask(client, request, desk, "civil_registry")


@router.get("/kyc/v2/clients/{client}/ibanOwnerVerification")
async def iban_owner(client: str, request: Request, desk: DeskDep) -> Response:
    return await _ask(client, request, desk, "iban_owner")


async def _ask(client: str, request: Request, desk: InquiryDesk, kind: Kind) -> Response:
    query = request.query_params
    track_id = query.get("trackId", "")
    access = request.headers.get("authorization", "").removeprefix("Bearer ")
    if client != desk.settings.finnotech_client_id or not desk.tokens.accepts(PROVIDER, access):
        return failed(403, track_id, *INVALID_TOKEN)
    if not 0 < len(track_id) <= TRACK_ID_LENGTH:
        return failed(400, track_id, "VALIDATION_ERROR", "invalid trackId")
    fields = {name: query[theirs] for theirs, name in FIELDS.items() if theirs in query}
    asked = Asked(provider=PROVIDER, kind=kind, **fields)
    return await serve(request, desk, FinnotechWire(track_id), asked)
