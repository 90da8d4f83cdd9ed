"""Draws, who takes part in them, and what they published."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Index, SmallInteger, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.keys.columns import PLAIN
from sales.schema import Base


class Draw(Base):
    """The draw of a plan; there is a row as soon as somebody has entered.

    ``recipe`` is ``recipe.Recipe``. ``secret`` is the operator's, sealed, until ``seed`` is there.
    ``aborted`` are the attempts that were given up, each with its commitment and the reason. ``problem``
    says why the work stands still. ``claimed_until`` is the lease of the worker that computes.
    """

    __tablename__ = "draws"

    plan_id: Mapped[UUID] = mapped_column(primary_key=True)
    stage: Mapped[str]
    attempt: Mapped[int]
    version: Mapped[int]
    recipe: Mapped[dict[str, object] | None]
    commitment: Mapped[dict[str, object] | None]
    secret: Mapped[bytes | None]
    seed: Mapped[str | None]
    frozen_by: Mapped[UUID | None]
    frozen_at: Mapped[datetime | None]
    proposed_by: Mapped[UUID | None]
    proposed_at: Mapped[datetime | None]
    confirmed_by: Mapped[UUID | None]
    drawn_at: Mapped[datetime | None]
    selected: Mapped[int | None]
    reserve: Mapped[int | None]
    aborted: Mapped[list[dict[str, object]]] = mapped_column(server_default=text("'[]'"))
    problem: Mapped[str | None]
    claimed_until: Mapped[datetime | None]


class DrawEntry(Base):
    """An order that takes part; ``choices`` are numbers of offerings in the plan, from 1, best first."""

    __tablename__ = "draw_entries"
    __table_args__ = (Index("draw_entries_codes", "plan_id", "code", unique=True),)

    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    plan_id: Mapped[UUID]
    code: Mapped[bytes] = mapped_column(info={PLAIN: "a pseudonym, published"})
    salt: Mapped[bytes] = mapped_column(info={PLAIN: "chance, the owner's proof of the pseudonym"})
    applicant_class: Mapped[str]
    choices: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))


class DrawValue(Base):
    """A witness' reveal or the reading of a source's alternative; without ``value`` it could not be had."""

    __tablename__ = "draw_values"

    plan_id: Mapped[UUID] = mapped_column(primary_key=True)
    attempt: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    alternative: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[str | None]
    evidence: Mapped[str]
    entered_by: Mapped[UUID]
    entered_at: Mapped[datetime]


class DrawFile(Base):
    """A part of a published file: ``first`` is the first key in it, ``root`` the Merkle root of its lines."""

    __tablename__ = "draw_files"

    plan_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True)
    first: Mapped[str]
    root: Mapped[bytes | None] = mapped_column(info={PLAIN: "a SHA-256, published"})
    content: Mapped[bytes] = mapped_column(info={PLAIN: "published"})


class PublishedFile(Base):
    """What is there to be downloaded."""

    __tablename__ = "draw_published_files"

    plan_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)


class DrawResult(Base):
    """Who is selected, or in reserve, for which car; who has no row is not selected.

    Written as a whole in the transaction that turns the draw to ``drawn``, and never changed.
    """

    __tablename__ = "draw_results"
    __table_args__ = (
        Index(
            "draw_results_reserve",
            "plan_id",
            "offering_id",
            "applicant_class",
            "position",
            postgresql_where=text("NOT selected"),
        ),
    )

    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    plan_id: Mapped[UUID]
    applicant_class: Mapped[str] = mapped_column(Text)
    rank: Mapped[int]
    selected: Mapped[bool]
    offering_id: Mapped[UUID]
    position: Mapped[int]
