"""The versions of the templates."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import UtcDateTime
from notify.schema import Base


class Template(Base):
    """One version of a text; a version is never edited, and one per name is active.

    ``patterns`` names, by provider, the text that it approved, for codes; ``text`` then repeats it for
    people. ``created_by`` is null for what came with a release.
    """

    __tablename__ = "templates"
    __table_args__ = (Index("templates_active", "name", unique=True, postgresql_where=text("active")),)

    name: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    lane: Mapped[str]
    patterns: Mapped[dict[str, str]] = mapped_column(JSONB, server_default=text("'{}'"))
    text: Mapped[str]
    active: Mapped[bool]
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
