"""Announcements and frequent questions, for everybody."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from chassis.database import Database
from chassis.service import Db
from sales.articles import queries
from sales.articles.domain import Kind
from sales.articles.tables import Article
from sales.context import Context, Ctx

router = APIRouter(tags=["announcements and questions"])
Text = Annotated[str | None, Query(min_length=1, max_length=100)]


class ArticleView(BaseModel):
    """Plain text. The title of a question is the question, its body the answer."""

    article_id: UUID
    category: str
    title: str
    body: str
    pinned: bool
    visible_from: datetime | None
    visible_until: datetime | None
    updated_at: datetime

    @classmethod
    def of(cls, article: Article) -> "ArticleView":
        known = {name: getattr(article, name) for name in cls.model_fields if name != "article_id"}
        return cls(article_id=article.id, **known)


class ArticleList(BaseModel):
    """``categories`` are those of the items, in their order."""

    items: list[ArticleView]
    categories: list[str]


async def _list(
    db: Database, context: Context, kind: Kind, category: str | None, q: str | None
) -> ArticleList:
    async with db.transaction() as session:
        found = await queries.public(session, kind, context.clock(), category, q)
    items = [ArticleView.of(article) for article in found]
    return ArticleList(items=items, categories=list(dict.fromkeys(item.category for item in items)))


@router.get("/announcements", summary="What the office announces")
async def list_announcements(db: Db, context: Ctx, category: Text = None, q: Text = None) -> ArticleList:
    return await _list(db, context, "announcement", category, q)


@router.get("/announcements/{article_id}", summary="One announcement")
async def open_announcement(article_id: UUID, db: Db, context: Ctx) -> ArticleView:
    async with db.transaction() as session:
        found = await queries.find_public(session, "announcement", article_id, context.clock())
    return ArticleView.of(found)


@router.get("/faq", summary="Frequent questions and their answers")
async def list_questions(db: Db, context: Ctx, category: Text = None, q: Text = None) -> ArticleList:
    return await _list(db, context, "question", category, q)


@router.get("/faq/{article_id}", summary="One question and its answer")
async def open_question(article_id: UUID, db: Db, context: Ctx) -> ArticleView:
    async with db.transaction() as session:
        found = await queries.find_public(session, "question", article_id, context.clock())
    return ArticleView.of(found)
