"""The public side of draws: what was committed to, what came of it, and the files to check it with."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Path, Query, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from chassis.database import Database
from chassis.errors import NotFound
from chassis.service import Db
from sales.context import Ctx
from sales.draws import files, merkle, queries
from sales.draws.documents import VERIFIER, VERIFIER_SHA256
from sales.draws.ranges import Span, wanted
from sales.draws.views import DrawSummary, DrawView, Known, public, summary
from sales.plans.tables import Plan

router = APIRouter(tags=["draws"])
EntryCode = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]
FRESH = "public, max-age=5"
LASTING = "public, max-age=300"
WHOLE, PARTIAL, NOT_MODIFIED = 200, 206, 304


@dataclass(frozen=True)
class Asks:
    """The conditions of a download."""

    if_none_match: str | None
    if_range: str | None
    range: str | None

    def has(self, etag: str) -> bool:
        """Whether the client holds what it would get; weak tags compare as strong ones here."""
        held = [tag.strip().removeprefix("W/") for tag in (self.if_none_match or "").split(",")]
        return etag in held or held == ["*"]

    def part(self, etag: str, size: int) -> Span | None:
        """None for the whole file: also for who began with another one. Raises ``RangeNotSatisfiable``."""
        return wanted(self.range, size) if self.if_range in {None, etag} else None


async def asked_for(
    if_none_match: Annotated[str | None, Header()] = None,
    if_range: Annotated[str | None, Header()] = None,
    range: Annotated[str | None, Header()] = None,  # noqa: A002 the header's name
) -> Asks:
    return Asks(if_none_match, if_range, range)


Asked = Annotated[Asks, Depends(asked_for)]


def _file(media_type: str) -> dict[str, Any]:
    """How a route that answers with a file declares itself."""
    return {"response_class": Response, "responses": {200: {"content": {media_type: {}}}}}


TEXT, JSON, PYTHON = _file("text/plain"), _file("application/json"), _file("text/x-python")


class DrawList(BaseModel):
    items: list[DrawSummary]
    next_cursor: UUID | None


class ProofStep(BaseModel):
    """A neighbour on the way to the root; ``left`` when it stands left of what is proved."""

    left: bool
    hash: str


class Proof(BaseModel):
    """That ``line`` is among the entries with this root: RFC 6962, from the leaf up."""

    line: str
    steps: list[ProofStep]
    merkle_root: str


@router.get("/draws", summary="List the draws, newest first")
async def list_draws(
    db: Db, context: Ctx, response: Response, cursor: Annotated[UUID | None, Query()] = None
) -> DrawList:
    response.headers["cache-control"] = FRESH
    async with db.transaction() as session:
        plans = await queries.public_plans(session, cursor)
        draws = await queries.by_plan(session, [plan.id for plan in plans])
    items = [DrawSummary(**summary(plan, draws.get(plan.id), context.clock())) for plan in plans]
    return DrawList(items=items, next_cursor=plans[-1].id if len(plans) == queries.PAGE else None)


@router.get("/draws/verify_draw.py", summary="Download the program that checks a draw", **PYTHON)
async def download_verifier() -> Response:
    return Response(VERIFIER, media_type="text/x-python", headers=_headers("verify_draw.py", VERIFIER_SHA256))


@router.get("/draws/{plan_id}", summary="Open a draw")
async def open_draw(plan_id: UUID, db: Db, context: Ctx, response: Response) -> DrawView:
    response.headers["cache-control"] = FRESH
    return DrawView(**public(await known(db, plan_id, context)))


async def known(db: Database, plan_id: UUID, context: Ctx) -> Known:
    """Raises ``NotFound`` for a plan without a draw."""
    async with db.transaction() as session:
        plan: Plan = await queries.plan_with_draw(session, plan_id)
        draw = (await queries.by_plan(session, [plan_id])).get(plan_id)
        values = await queries.values(session, draw) if draw is not None else {}
        return Known(plan, draw, values, await files.published(session, plan_id), context.clock())


@router.get("/draws/{plan_id}/verify_draw.py", summary="Download the program that checks this draw", **PYTHON)
async def download_the_verifier(plan_id: UUID, db: Db) -> Response:
    async with db.transaction() as session:
        await queries.plan_with_draw(session, plan_id)
    return await download_verifier()


@router.get("/draws/{plan_id}/rules", summary="Download the rules of a draw", **JSON)
async def download_rules(plan_id: UUID, db: Db, asked: Asked) -> Response:
    return await _download(db, plan_id, "rules.json", asked)


@router.get("/draws/{plan_id}/commitment", summary="Download what was committed to", **JSON)
async def download_commitment(plan_id: UUID, db: Db, asked: Asked) -> Response:
    return await _download(db, plan_id, "commitment.json", asked)


@router.get("/draws/{plan_id}/entries", summary="Download the entries", **TEXT)
async def download_entries(plan_id: UUID, db: Db, asked: Asked) -> Response:
    return await _download(db, plan_id, "entries.txt", asked)


@router.get("/draws/{plan_id}/seed", summary="Download of what the seed was made", **JSON)
async def download_seed(plan_id: UUID, db: Db, asked: Asked) -> Response:
    return await _download(db, plan_id, "seed.json", asked)


@router.get("/draws/{plan_id}/result", summary="Download who was selected and who is in reserve", **TEXT)
async def download_result(plan_id: UUID, db: Db, asked: Asked) -> Response:
    return await _download(db, plan_id, "result.txt", asked)


async def _download(db: Database, plan_id: UUID, name: str, asked: Asks) -> Response:
    """A published file never changes under its name without changing its ETag, so a part fits the rest."""
    async with db.transaction() as session:
        file = await files.find(session, plan_id, name)
    headers = _headers(name, file.sha256)
    if asked.has(headers["etag"]):
        return Response(status_code=NOT_MODIFIED, headers=headers)
    part = asked.part(headers["etag"], file.size)
    span = part or Span(0, file.size - 1)
    headers |= {"content-length": str(span.size), "accept-ranges": "bytes"}
    if part is not None:
        headers["content-range"] = f"bytes {part.first}-{part.last}/{file.size}"
    return StreamingResponse(
        files.stream(db, plan_id, name, span),
        status_code=PARTIAL if part is not None else WHOLE,
        media_type="application/json" if name.endswith(".json") else "text/plain",
        headers=headers,
    )


def _headers(name: str, sha256: str) -> dict[str, str]:
    disposition = f'attachment; filename="{name}"'
    return {"etag": f'"{sha256}"', "cache-control": LASTING, "content-disposition": disposition}


@router.get("/draws/{plan_id}/proof/{entry}", summary="Prove that an entry takes part")
async def prove_entry(plan_id: UUID, entry: EntryCode, db: Db, response: Response) -> Proof:
    """One block of entries and the roots of all the others: never the whole file."""
    async with db.transaction() as session:
        part = await queries.part_with(session, plan_id, "entries.txt", entry)
        lines = part.content.splitlines() if part is not None else []
        index = next((n for n, line in enumerate(lines) if line.startswith(entry.encode())), None)
        if part is None or index is None:
            raise NotFound
        roots = await queries.block_roots(session, plan_id, "entries.txt")
    steps = merkle.proof(lines, index, roots, part.part)
    response.headers["cache-control"] = LASTING
    return Proof(
        line=lines[index].decode(),
        steps=[ProofStep(left=step.left, hash=step.hash.hex()) for step in steps],
        merkle_root=merkle.root(roots).hex(),
    )
