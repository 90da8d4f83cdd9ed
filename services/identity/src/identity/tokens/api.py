"""The public keys, for everybody who checks access tokens."""

from typing import Any

from fastapi import APIRouter, Response
from pydantic import BaseModel

from identity.context import Ctx

router = APIRouter(tags=["keys"])
MAX_AGE_SECONDS = 300


class Jwks(BaseModel):
    keys: list[dict[str, Any]]


@router.get("/.well-known/jwks.json", summary="The keys that access tokens are signed with (RFC 7517)")
async def jwks(response: Response, context: Ctx) -> Jwks:
    response.headers["Cache-Control"] = f"public, max-age={MAX_AGE_SECONDS}"
    return Jwks(keys=[key.as_jwk() for key in await context.signer.keys.keys()])
