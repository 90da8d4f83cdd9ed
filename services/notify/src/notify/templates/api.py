"""The staff's routes of templates."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, ConfigDict, Field

from chassis.auth import Principal
from chassis.client_address import ClientNetwork
from chassis.errors import NotFound
from chassis.idempotency import IdempotencyKey, once
from chassis.permissions import permitted
from chassis.service import Db
from notify.context import Ctx
from notify.templates import queries, rules, service
from notify.templates.domain import FIELDS, render
from notify.templates.samples import SAMPLES
from notify.templates.tables import Template
from notify.trail import Actor

router = APIRouter(prefix="/staff/message-templates", tags=["staff: messages"])
Reader = Annotated[Principal, Depends(permitted("message_templates.read"))]
Writer = Annotated[Principal, Depends(permitted("message_templates.write"))]
Name = Annotated[str, Path(pattern=r"^[a-z_]{1,50}$")]
Provider = Literal["kavenegar", "smsir", "ghasedak", "melipayamak", "ippanel"]
Pattern = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[\x21-\x7e]+$")]
Patterns = Annotated[dict[Provider, Pattern], Field(max_length=5)]
NOT_FOUND: dict[int | str, dict[str, Any]] = {404: {"description": "not_found"}}
MAX_VERSION = 2**31 - 1


class Wording(BaseModel):
    """``patterns`` names the approved text of a code at each provider; left out: as they are now."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, Field(min_length=1, max_length=2 * rules.MAX_LENGTH)]
    patterns: Patterns | None = None


class Sample(BaseModel):
    """A text to look at, filled with samples."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, Field(min_length=1, max_length=2 * rules.MAX_LENGTH)]


class Preview(BaseModel):
    """``parts`` is how many SMS it takes, ``units_left`` how many characters the last one has room for."""

    text: str
    characters: int
    parts: int
    units_left: int


class TemplateView(BaseModel):
    """``placeholders`` are those that the name knows; ``preview`` shows the text with samples."""

    name: str
    version: int
    lane: Literal["code", "transactional", "bulk"]
    text: str
    patterns: dict[str, str]
    active: bool
    placeholders: list[str]
    preview: Preview
    created_by: UUID | None
    created_at: datetime | None

    @classmethod
    def of(cls, row: Template) -> "TemplateView":
        columns = ("name", "version", "lane", "text", "patterns", "active", "created_by", "created_at")
        return cls(
            placeholders=sorted(FIELDS[row.name]),
            preview=_preview(row.text),
            **{column: getattr(row, column) for column in columns},
        )


class TemplateList(BaseModel):
    items: list[TemplateView]


@router.get("", summary="What each message says now")
async def speaking(_: Reader, db: Db) -> TemplateList:
    async with db.transaction() as session:
        rows = await queries.speaking(session)
    return TemplateList(items=[TemplateView.of(row) for row in rows])


@router.get("/{name}", summary="All versions of a message, newest first", responses=NOT_FOUND)
async def versions(name: Name, _: Reader, db: Db) -> TemplateList:
    async with db.transaction() as session:
        rows = await queries.versions(session, name)
    return TemplateList(items=[TemplateView.of(row) for row in rows])


@router.post("/{name}/preview", summary="See a text with samples, as it would be sent", responses=NOT_FOUND)
async def preview(name: Name, sample: Sample, _: Reader) -> Preview:
    if name not in FIELDS:
        raise NotFound
    rules.check_text(name, sample.text)
    return _preview(sample.text)


@router.post("/{name}/versions", status_code=201, summary="Propose a new version", responses=NOT_FOUND)
async def propose(
    name: Name,
    wording: Wording,
    writer: Writer,
    db: Db,
    context: Ctx,
    client: ClientNetwork,
    key: IdempotencyKey = None,
) -> TemplateView:
    """It does not speak until it is published."""
    actor = Actor(writer, client, context.clock())
    patterns = None if wording.patterns is None else {str(name): at for name, at in wording.patterns.items()}
    async with db.transaction() as session:

        async def action() -> TemplateView:
            return TemplateView.of(await service.propose(session, name, wording.text, patterns, actor))

        return await once(session, key, f"{actor.id} propose {name}", wording, TemplateView, action)


@router.put("/{name}/versions/{version}/publication", summary="Have a version speak", responses=NOT_FOUND)
async def publish(
    name: Name,
    version: Annotated[int, Path(ge=1, le=MAX_VERSION)],
    writer: Writer,
    db: Db,
    context: Ctx,
    client: ClientNetwork,
) -> TemplateView:
    """A new one, or an older one to go back to; messages written before keep their words."""
    actor = Actor(writer, client, context.clock())
    async with db.transaction() as session:
        return TemplateView.of(await service.publish(session, name, version, actor))


def _preview(text: str) -> Preview:
    filled = render(text, SAMPLES)
    parts = rules.parts(filled)
    room = rules.SINGLE_PART if parts == 1 else parts * rules.JOINED_PART
    return Preview(text=filled, characters=len(filled), parts=parts, units_left=room - rules.units(filled))
