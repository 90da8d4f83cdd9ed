"""The answer to everything that starts or continues a session."""

from typing import Literal

from fastapi import Response
from pydantic import BaseModel

from identity.context import Context
from identity.sessions.service import Grant


class Tokens(BaseModel):
    """``expires_in`` counts the seconds of the access token's life."""

    access_token: str
    refresh_token: str
    token_type: Literal["Bearer"] = "Bearer"
    expires_in: int


async def tokens_of(response: Response, context: Context, grant: Grant) -> Tokens:
    response.headers["Cache-Control"] = "no-store"
    access = await context.signer.access_token(
        grant.customer_id, grant.refresh.session_id, grant.roles, context.clock()
    )
    return Tokens(
        access_token=access.text,
        refresh_token=grant.refresh.text(context.vault),
        expires_in=access.expires_in,
    )
