"""Staying in, seeing where one is logged in, logging out."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound, SessionEnded
from chassis.service import Db
from events.identity import SessionsEndReason
from identity.client import ClientNetwork
from identity.context import Ctx
from identity.credentials.check import check_secret
from identity.devices import service as devices
from identity.devices.domain import name_of
from identity.sessions import queries, service
from identity.sessions.current import REFUSED, LiveEnrollingUser, LiveUser
from identity.sessions.domain import RefreshToken
from identity.sessions.service import Grant
from identity.sessions.tables import Session
from identity.sessions.tokens_answer import Tokens, tokens_of

router = APIRouter(prefix="/sessions", tags=["sessions"])


class Refresh(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    refresh_token: str = Field(max_length=200, repr=False)


class SessionView(BaseModel):
    """``device`` is what people call it, ``network`` the part of its address that is kept;
    ``device_id`` is there when no second factor is asked on it."""

    session_id: UUID
    device: str | None
    network: str | None
    device_id: UUID | None
    created_at: datetime
    last_used_at: datetime
    current: bool


class SessionPage(BaseModel):
    items: list[SessionView]
    next_cursor: str | None = None


@router.post(
    "/refresh",
    status_code=201,
    response_model_exclude_none=True,
    summary="Continue a session",
    tags=["credential"],
    responses={**REFUSED, 429: {"description": "too_many_requests"}},
)
async def refresh(body: Refresh, response: Response, db: Db, context: Ctx, client: ClientNetwork) -> Tokens:
    """Each refresh token works once; a second use ends the session."""
    token = RefreshToken.parse(body.refresh_token, context.vault)

    async def find(session: AsyncSession) -> Grant | None:
        return await service.rotate(session, token, context.clock()) if token else None

    async def judge(grant: Grant | None) -> Grant:
        if grant is None:
            raise SessionEnded
        return grant

    async def then(_: AsyncSession, grant: Grant) -> Grant:
        return grant

    counts = context.secret_rules.of_address(context.vault.index_of_address(client))
    grant = await check_secret(db, context.clock, counts, find=find, judge=judge, then=then)
    return await tokens_of(response, context, grant)


@router.get("", summary="The sessions that live", responses=REFUSED)
async def list_sessions(user: LiveUser, db: Db, context: Ctx) -> SessionPage:
    async with db.transaction() as session:
        alive = await queries.alive_of(session, user.subject, context.clock())
    return SessionPage(items=[_view(one, current=one.id == user.session) for one in alive])


@router.delete("", status_code=204, summary="Log out everywhere", responses=REFUSED)
async def log_out_everywhere(user: LiveUser, db: Db, context: Ctx) -> None:
    """Forgets the remembered devices, too."""
    async with db.transaction() as session:
        await service.end_all(session, user.subject, context.clock(), reason="logged_out")
        await devices.forget_all(session, user.subject, context.clock())


@router.delete("/current", status_code=204, summary="Log out", responses=REFUSED)
async def log_out(user: LiveEnrollingUser, db: Db, context: Ctx) -> None:
    async with db.transaction() as session:
        await service.end(session, user.subject, user.session, context.clock(), reason="logged_out")


@router.delete(
    "/{session_id}",
    status_code=204,
    summary="End a session",
    responses={**REFUSED, 404: {"description": "no such session of yours"}},
)
async def end_session(session_id: UUID, user: LiveUser, db: Db, context: Ctx) -> None:
    """Also forgets its device, which may be lost; logging out on a device does not."""
    async with db.transaction() as session:
        reason: SessionsEndReason = "logged_out" if session_id == user.session else "ended_by_owner"
        ended = await service.end(session, user.subject, session_id, context.clock(), reason=reason)
        if ended is None:
            raise NotFound
        if ended.device_id is not None and session_id != user.session:
            await devices.forget(session, user.subject, ended.device_id)


def _view(session: Session, *, current: bool) -> SessionView:
    return SessionView(
        session_id=session.id,
        device=name_of(session.device),
        network=session.network,
        device_id=session.device_id,
        created_at=session.created_at,
        last_used_at=session.last_used_at,
        current=current,
    )
