"""Staff write announcements and frequent questions."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.auth import Principal
from chassis.idempotency import IdempotencyKey
from chassis.permissions import permitted
from chassis.service import Db
from sales.articles import queries, service
from sales.articles.api import ArticleView
from sales.articles.domain import Kind, is_visible
from sales.articles.service import ArticleForm, ArticleRewrite
from sales.articles.tables import Article
from sales.context import Context, Ctx
from sales.deeds import Deeds

router = APIRouter(tags=["staff: announcements and questions"], prefix="/staff/articles")
Reader = Annotated[Principal, Depends(permitted("articles.read"))]
Deed = Literal["drafted", "rewritten", "published", "withdrawn"]


class StaffArticleView(ArticleView):
    """``visible`` says whether everybody can read it now."""

    kind: Kind
    position: int
    published: bool
    visible: bool
    version: int

    @classmethod
    def of_row(cls, article: Article, context: Context) -> "StaffArticleView":
        period = {"visible_from": article.visible_from, "visible_until": article.visible_until}
        return cls(
            **ArticleView.of(article).model_dump(),
            kind=article.kind,
            position=article.position,
            published=article.published,
            visible=is_visible(context.clock(), published=article.published, **period),
            version=article.version,
        )


class StaffArticleList(BaseModel):
    items: list[StaffArticleView]
    next_cursor: UUID | None


class Editor(Deeds[Article, StaffArticleView, Deed]):
    kind = "article"
    view = StaffArticleView

    def details(self, row: Article) -> Mapping[str, Any]:
        return {"article_id": row.id, "version": row.version}

    async def show(self, session: AsyncSession, row: Article) -> StaffArticleView:
        return StaffArticleView.of_row(row, self.context)


Editing = Annotated[Editor, Depends(Editor.of("articles.write"))]


@router.get("", summary="Drafts and published ones, newest first")
async def list_articles(
    kind: Kind, _: Reader, db: Db, context: Ctx, cursor: Annotated[UUID | None, Query()] = None
) -> StaffArticleList:
    async with db.transaction() as session:
        rows = await queries.all_of_kind(session, kind, cursor)
    following = rows[-1].id if len(rows) == queries.PAGE else None
    return StaffArticleList(
        items=[StaffArticleView.of_row(row, context) for row in rows], next_cursor=following
    )


@router.post("", status_code=201, summary="Draft an announcement or a question")
async def draft(form: ArticleForm, edit: Editing, key: IdempotencyKey = None) -> StaffArticleView:
    now = edit.context.clock()
    return await edit.create("drafted", form, key, lambda session: service.draft(session, form, now))


@router.get("/{article_id}", summary="One of them, public or not")
async def view(article_id: UUID, _: Reader, db: Db, context: Ctx) -> StaffArticleView:
    async with db.transaction() as session:
        return StaffArticleView.of_row(await queries.find(session, article_id), context)


@router.put("/{article_id}", summary="Rewrite it")
async def rewrite(article_id: UUID, form: ArticleRewrite, edit: Editing) -> StaffArticleView:
    now = edit.context.clock()
    return await edit("rewritten", lambda session: service.rewrite(session, article_id, form, now))


@router.post("/{article_id}/publication", summary="Let everybody read it in its period")
async def publish(article_id: UUID, edit: Editing) -> StaffArticleView:
    now = edit.context.clock()
    return await edit("published", lambda session: service.publish(session, article_id, now, published=True))


@router.delete("/{article_id}/publication", summary="Take it back")
async def withdraw(article_id: UUID, edit: Editing) -> StaffArticleView:
    now = edit.context.clock()
    return await edit("withdrawn", lambda session: service.publish(session, article_id, now, published=False))
