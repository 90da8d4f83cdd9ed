"""How a draw looks from outside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel

from sales.draws.domain import DrawState, Reading, Stage, Values
from sales.draws.formats import canonical, digest
from sales.draws.tables import Draw, DrawEntry, DrawResult, PublishedFile
from sales.plans.tables import Plan

Outcome = Literal["selected", "reserve", "not_selected"]


class FileView(BaseModel):
    """``path`` is below ``/api/v1``; ``sha256`` is that of the whole file."""

    name: str
    path: str
    sha256: str
    size: int


class ValueView(BaseModel):
    """What was entered of the seed; ``value`` is null for an alternative that could not be had."""

    kind: str
    name: str
    alternative: int
    value: str | None
    evidence: str

    @classmethod
    def of(cls, key: tuple[str, str, int], reading: Reading) -> "ValueView":
        kind, name, alternative = key
        return cls(
            kind=kind, name=name, alternative=alternative, value=reading.value, evidence=reading.evidence
        )


class DrawSummary(BaseModel):
    plan_id: UUID
    circular: str
    title: str
    state: DrawState
    closes_at: datetime
    drawn_at: datetime | None


class DrawView(DrawSummary):
    """``commitment_sha256`` is what to write down before the seed is known; ``recipe`` names its parts."""

    entries: int | None
    commitment: dict[str, Any] | None
    commitment_sha256: str | None
    recipe: dict[str, Any] | None
    values: list[ValueView]
    seed: str | None
    selected: int | None
    reserve: int | None
    aborted: list[dict[str, Any]]
    files: list[FileView]


class StaffDrawView(DrawView):
    """``problem`` says why the work stands still; ``waiting`` counts the orders that wait for the draw."""

    waiting: int
    attempt: int
    frozen_by: UUID | None
    proposed_by: UUID | None
    proposed_at: datetime | None
    confirmed_by: UUID | None
    problem: str | None


@dataclass(frozen=True)
class Known:
    """What a view is made of; ``draw`` is None while nobody has entered."""

    plan: Plan
    draw: Draw | None
    values: Values
    files: Sequence[PublishedFile]
    now: datetime

    @property
    def is_held(self) -> bool:
        return self.draw is not None and self.draw.stage == Stage.DRAWN


def state_of(plan: Plan, draw: Draw | None, now: datetime) -> DrawState:
    stage = Stage(draw.stage) if draw is not None else Stage.REGISTERING
    if stage == Stage.REGISTERING and now >= plan.closes_at:
        return "closed"
    return stage.value


def summary(plan: Plan, draw: Draw | None, now: datetime) -> dict[str, Any]:
    return {
        "plan_id": plan.id,
        "circular": plan.circular,
        "title": plan.title,
        "state": state_of(plan, draw, now),
        "closes_at": plan.closes_at,
        "drawn_at": draw.drawn_at if draw else None,
    }


def public(known: Known) -> dict[str, Any]:
    """The members of a ``DrawView``."""
    draw = known.draw
    committed = draw.commitment if draw else None
    return summary(known.plan, draw, known.now) | {
        "entries": committed["entries"] if committed else None,
        "commitment": committed,
        "commitment_sha256": digest(canonical(committed)) if committed else None,
        "recipe": draw.recipe if draw else None,
        "values": [ValueView.of(key, reading) for key, reading in sorted(known.values.items())],
        "seed": draw.seed if draw else None,
        "selected": draw.selected if draw else None,
        "reserve": draw.reserve if draw else None,
        "aborted": draw.aborted if draw else [],
        "files": [file_view(file) for file in known.files],
    }


def of_staff(known: Known, waiting: int) -> StaffDrawView:
    columns = ("frozen_by", "proposed_by", "proposed_at", "confirmed_by", "problem")
    own: Mapping[str, Any] = {name: getattr(known.draw, name, None) for name in columns}
    return StaffDrawView(
        **public(known), **own, waiting=waiting, attempt=known.draw.attempt if known.draw else 0
    )


ROUTES = {"rules.json": "rules", "commitment.json": "commitment", "seed.json": "seed"} | {
    "entries.txt": "entries",
    "result.txt": "result",
}


def file_view(file: PublishedFile) -> FileView:
    path = f"/draws/{file.plan_id}/{ROUTES[file.name]}"
    return FileView(name=file.name, path=path, sha256=file.sha256, size=file.size)


class Ticket(BaseModel):
    """What a buyer has of a draw: the receipt (``entry_code``, ``salt``) and, once it is held, the outcome.

    ``position`` is that among the selected, or in the reserve, of the buyer's class and ``offering_id``;
    ``proof`` a path below ``/api/v1``.
    """

    state: DrawState
    entry_code: str
    salt: str
    choices: list[int]
    applicant_class: str
    proof: str | None
    outcome: Outcome | None
    offering_id: UUID | None
    rank: int | None
    position: int | None


def ticket(entry: DrawEntry, result: DrawResult | None, draw: Draw) -> Ticket:
    code = entry.code.hex()
    drawn = draw.stage == Stage.DRAWN
    return Ticket(
        state=Stage(draw.stage).value,
        entry_code=code,
        salt=entry.salt.hex(),
        choices=entry.choices,
        applicant_class=entry.applicant_class,
        proof=f"/draws/{draw.plan_id}/proof/{code}" if draw.commitment else None,
        outcome=_outcome(result) if drawn else None,
        offering_id=result.offering_id if result else None,
        rank=result.rank if result else None,
        position=result.position if result else None,
    )


def _outcome(result: DrawResult | None) -> Outcome:
    if result is None:
        return "not_selected"
    return "selected" if result.selected else "reserve"
