"""Writing articles."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis.days import Moment
from chassis.logging import get_logger
from chassis.validation import wrong_value
from sales.articles import queries
from sales.articles.domain import ArticleChanged, Kind, search_key
from sales.articles.tables import Article
from sales.prose import Line, Prose

log = get_logger(__name__)


class ArticleForm(BaseModel):
    """Plain text; ``visible_from`` and ``visible_until`` may be left open."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind
    category: Line
    title: Line
    body: Prose
    pinned: bool = False
    position: Annotated[int, Field(ge=0, le=10_000)] = 0
    visible_from: Moment | None = None
    visible_until: Moment | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        begins, ends = self.visible_from, self.visible_until
        if begins is not None and ends is not None and ends <= begins:
            raise wrong_value(
                "wrong_period", "پایان نمایش باید پس از آغاز آن باشد.", "It must end after it begins."
            )
        return self


class ArticleRewrite(ArticleForm):
    """``version`` is the one that was read; another one's change in between is not overwritten."""

    version: int


async def draft(session: AsyncSession, form: ArticleForm, now: datetime) -> Article:
    """A new article, which nobody sees yet."""
    article = Article(id=uuid7(), published=False, version=1)
    _fill(article, form, now)
    session.add(article)
    await session.flush()
    log.info("sales.article.drafted", article_id=article.id, kind=article.kind)
    return article


async def rewrite(session: AsyncSession, article_id: UUID, form: ArticleRewrite, now: datetime) -> Article:
    """Raises ``NotFound`` and ``ArticleChanged``; what is public changes at once."""
    article = await queries.find(session, article_id, lock=True)
    if article.version != form.version:
        raise ArticleChanged
    article.version += 1
    _fill(article, form, now)
    log.info("sales.article.rewritten", article_id=article.id, version=article.version)
    return article


async def publish(session: AsyncSession, article_id: UUID, now: datetime, *, published: bool) -> Article:
    """Lets everybody read it in its period, or nobody."""
    article = await queries.find(session, article_id, lock=True)
    if article.published != published:
        article.published = published
        article.version += 1
        article.updated_at = now
        log.info(f"sales.article.{'published' if published else 'withdrawn'}", article_id=article.id)
    return article


def _fill(article: Article, form: ArticleForm, now: datetime) -> None:
    for name in ArticleForm.model_fields:
        setattr(article, name, getattr(form, name))
    article.search_key = search_key(form.title, form.body, form.category)
    article.updated_at = now
