"""Announcements and frequent questions are articles of two kinds."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from sales.schema import Base


class Article(Base):
    """Public while ``published``, from ``visible_from`` until ``visible_until`` where these are given.

    A pinned one comes first, then those with the smaller ``position``, then the newer ones. The ``title`` of
    a question is the question. ``search_key`` is ``domain.search_key`` of the texts.
    """

    __tablename__ = "articles"
    __table_args__ = (
        CheckConstraint("visible_until > visible_from", name="articles_visible"),
        Index("articles_public", "kind", "pinned", "position", "id", postgresql_where=text("published")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    category: Mapped[str]
    title: Mapped[str]
    body: Mapped[str]
    pinned: Mapped[bool]
    position: Mapped[int]
    published: Mapped[bool]
    visible_from: Mapped[datetime | None]
    visible_until: Mapped[datetime | None]
    search_key: Mapped[str]
    version: Mapped[int]
    updated_at: Mapped[datetime]
