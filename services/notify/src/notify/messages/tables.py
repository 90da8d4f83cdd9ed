"""The messages."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import UtcDateTime
from notify.messages.domain import Lane, State
from notify.schema import Base
from notify.text_enum import TextEnum

RECIPIENT = "messages.recipient"
CODE = "messages.code"
SEALED_PARAMS = "messages.sealed_params"


HELD = text("run_id IS NOT NULL AND state = 'queued' AND next_attempt_at IS NULL")


class Message(Base):
    """One SMS to one person; ``id`` is also what the provider knows it by.

    It goes to ``recipient`` (sealed) or, where that is null, to the customer's contact, which may still
    be to come. ``code`` is sealed, and gone once the message is. ``params`` holds no personal data;
    ``sealed_params`` may: a sealed JSON object.

    ``next_attempt_at`` is when somebody should take it: of a queued one the next try, of one in
    ``sending`` the end of the lease that ``lease`` names; null when nothing is left to try, or when its run
    (``run_id``) holds it back. ``parts`` is how many SMS a provider accepted it as, ``resent_of`` the message
    that it repeats.
    """

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("source_id", "template", name="messages_source"),
        ForeignKeyConstraint(["template", "template_version"], ["templates.name", "templates.version"]),
        Index(
            "messages_due", "lane", "next_attempt_at", postgresql_where=text("next_attempt_at IS NOT NULL")
        ),
        Index("messages_in_flight", "next_status_at", postgresql_where=text("next_status_at IS NOT NULL")),
        Index("messages_run", "run_id", "state", postgresql_where=text("run_id IS NOT NULL")),
        Index("messages_held", "run_id", "id", postgresql_where=HELD),
        Index("messages_voice", "voice_at", postgresql_where=text("voice_at IS NOT NULL")),
        Index(
            "messages_at_provider",
            "provider",
            "provider_message_id",
            postgresql_where=text("next_status_at IS NOT NULL"),
        ),
        Index("messages_customer", "customer_id", "id", postgresql_where=text("customer_id IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    lane: Mapped[Lane] = mapped_column(TextEnum(Lane))
    source_id: Mapped[UUID]
    template: Mapped[str]
    template_version: Mapped[int]
    customer_id: Mapped[UUID | None]
    recipient: Mapped[bytes | None]
    order_id: Mapped[UUID | None]
    params: Mapped[dict[str, Any]] = mapped_column(JSONB)
    sealed_params: Mapped[bytes | None]
    code: Mapped[bytes | None]
    state: Mapped[State] = mapped_column(TextEnum(State))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int]
    next_attempt_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lease: Mapped[UUID | None]
    handed_to: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    provider: Mapped[str | None]
    provider_message_id: Mapped[str | None]
    parts: Mapped[int | None] = mapped_column(SmallInteger)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_status_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failure: Mapped[str | None]
    voice_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    voiced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    voice_provider: Mapped[str | None]
    voice_message_id: Mapped[str | None]
    run_id: Mapped[UUID | None] = mapped_column(ForeignKey("message_runs.id"))
    resent_of: Mapped[UUID | None]
