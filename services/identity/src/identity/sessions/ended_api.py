"""The sessions that have ended, for everybody who checks access tokens; not shown by the gateway."""

import hashlib
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Response
from pydantic import BaseModel

from chassis.service import Db
from identity.context import Ctx
from identity.sessions.ended import recently_ended

router = APIRouter(tags=["keys"])
MAX_AGE_SECONDS = 5


class EndedSessions(BaseModel):
    sessions: list[UUID]


UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "the list is what If-None-Match names"}}


@router.get(
    "/.well-known/ended-sessions.json",
    summary="The sessions that ended within an access token's life",
    response_model=EndedSessions,
    responses=UNCHANGED,
)
async def ended_sessions(
    db: Db, context: Ctx, known: Annotated[str | None, Header(alias="If-None-Match")] = None
) -> Response:
    async with db.transaction() as session:
        ended = await recently_ended(session, context.clock)
    document = EndedSessions(sessions=list(ended)).model_dump_json()
    etag = f'"{hashlib.sha256(document.encode()).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": f"max-age={MAX_AGE_SECONDS}"}
    if known == etag:
        return Response(status_code=304, headers=headers)
    return Response(document, media_type="application/json", headers=headers)
