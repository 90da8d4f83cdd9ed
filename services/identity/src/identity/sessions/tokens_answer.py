"""The answer to everything that starts or continues a session."""

from datetime import datetime
from typing import Literal

from fastapi import Response
from pydantic import BaseModel

from identity.context import Context
from identity.sessions.service import Grant


class Tokens(BaseModel):
    """``expires_in`` counts the seconds of the access token's life.

    ``device_token`` is given once to a device that is remembered from now on. Staff without an
    authenticator app are told ``authenticator_due_by``, after which they have no roles; then ``scope``
    says that the token is good for enrolling one and for nothing else.
    """

    access_token: str
    refresh_token: str
    token_type: Literal["Bearer"] = "Bearer"
    expires_in: int
    device_token: str | None = None
    scope: Literal["enrolment"] | None = None
    authenticator_due_by: datetime | None = None


async def tokens_of(response: Response, context: Context, grant: Grant) -> Tokens:
    response.headers["Cache-Control"] = "no-store"
    now, standing = context.clock(), grant.standing
    enrolling = standing.must_enrol(now)
    access = await context.signer.access_token(
        grant.customer_id,
        grant.refresh.session_id,
        standing.roles_at(now),
        now,
        enrolling=enrolling,
        dealership=standing.dealership_at(now),
    )
    return Tokens(
        access_token=access.text,
        refresh_token=grant.refresh.text(context.vault),
        expires_in=access.expires_in,
        device_token=grant.device.text(context.vault) if grant.device else None,
        scope="enrolment" if enrolling else None,
        authenticator_due_by=standing.due_by(now),
    )
