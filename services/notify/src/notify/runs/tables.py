"""Runs, and the rules they go by."""

from datetime import datetime, time
from uuid import UUID

from sqlalchemy import Boolean, ForeignKeyConstraint, Index, text, true
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import UtcDateTime
from notify.runs.domain import RunKind, RunState
from notify.schema import Base
from notify.text_enum import TextEnum

SALT = "message_runs.salt"


class MessageRun(Base):
    """Many people told the same; its recipients are the messages that name it.

    The run of a file has the id of the import, the words of ``template_version`` and a ``salt`` (sealed) that
    its recipients' marks are made with; that of a draw has the ``plan_id`` and the pages of results that have
    come: of ``pages_total`` (None: the last has not) there are ``pages``. ``listed``: all recipients are
    there. ``figures`` keeps the counts of one that is over.
    """

    __tablename__ = "message_runs"
    __table_args__ = (
        ForeignKeyConstraint(["template", "template_version"], ["templates.name", "templates.version"]),
        Index("message_runs_plan", "plan_id", unique=True, postgresql_where=text("plan_id IS NOT NULL")),
        Index("message_runs_live", "id", postgresql_where=text("state NOT IN ('done', 'cancelled')")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[RunKind] = mapped_column(TextEnum(RunKind))
    title: Mapped[str]
    state: Mapped[RunState] = mapped_column(TextEnum(RunState))
    listed: Mapped[bool]
    template: Mapped[str | None]
    template_version: Mapped[int | None]
    salt: Mapped[bytes | None]
    plan_id: Mapped[UUID | None]
    pages: Mapped[int]
    pages_total: Mapped[int | None]
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_by: Mapped[UUID | None]
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    figures: Mapped[dict[str, int] | None] = mapped_column(JSONB)


class RunRules(Base):
    """The one row of rules: quiet hours of Tehran, and how many a member of the staff may tell alone."""

    __tablename__ = "message_run_rules"

    sole: Mapped[bool] = mapped_column(Boolean, primary_key=True, server_default=true())
    quiet_from: Mapped[time]
    quiet_until: Mapped[time]
    four_eyes_above: Mapped[int]
