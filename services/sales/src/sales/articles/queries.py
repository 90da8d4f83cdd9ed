"""Reads of articles."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from sales.articles.domain import Kind, search_words
from sales.articles.tables import Article

PAGE = 200


def _is_public(kind: Kind, now: datetime) -> list[ColumnElement[bool]]:
    return [
        Article.kind == kind,
        Article.published.is_(True),
        or_(Article.visible_from.is_(None), Article.visible_from <= now),
        or_(Article.visible_until.is_(None), Article.visible_until > now),
    ]


async def public(
    session: AsyncSession, kind: Kind, now: datetime, category: str | None = None, words: str | None = None
) -> Sequence[Article]:
    """What everybody may read now; every one of ``words`` is in it, in any spelling."""
    query = select(Article).where(*_is_public(kind, now))
    if category is not None:
        query = query.where(Article.category == category)
    for word in search_words(words or ""):
        query = query.where(Article.search_key.contains(word, autoescape=True))
    ordered = query.order_by(Article.pinned.desc(), Article.position, Article.id.desc())
    return (await session.scalars(ordered.limit(PAGE))).all()


async def find_public(session: AsyncSession, kind: Kind, article_id: UUID, now: datetime) -> Article:
    """Raises ``NotFound`` for one that is not public now."""
    query = select(Article).where(Article.id == article_id, *_is_public(kind, now))
    found = await session.scalar(query)
    if found is None:
        raise NotFound
    return found


async def all_of_kind(session: AsyncSession, kind: Kind, before: UUID | None) -> Sequence[Article]:
    """A page of drafts and published ones, newest first."""
    query = select(Article).where(Article.kind == kind).order_by(Article.id.desc()).limit(PAGE)
    if before is not None:
        query = query.where(Article.id < before)
    return (await session.scalars(query)).all()


async def find(session: AsyncSession, article_id: UUID, *, lock: bool = False) -> Article:
    """Raises ``NotFound``."""
    found = await session.get(Article, article_id, with_for_update=lock)
    if found is None:
        raise NotFound
    return found
