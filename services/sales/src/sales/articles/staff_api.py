"""Staff write announcements and frequent questions."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import audit
from chassis.auth import Principal
from chassis.client_address import ClientNetwork
from chassis.database import Database
from chassis.idempotency import IdempotencyKey, once
from chassis.permissions import permitted
from chassis.service import Db
from sales.articles import queries, service
from sales.articles.api import ArticleView
from sales.articles.domain import Kind, is_visible
from sales.articles.service import ArticleForm, ArticleRewrite
from sales.articles.tables import Article
from sales.context import Context, Ctx

router = APIRouter(tags=["staff: announcements and questions"], prefix="/staff/articles")
Reader = Annotated[Principal, Depends(permitted("articles.read"))]
Writer = Annotated[Principal, Depends(permitted("articles.write"))]
Deed = Literal["drafted", "rewritten", "published", "withdrawn"]
Change = Callable[[AsyncSession], Awaitable[Article]]


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


@dataclass(frozen=True)
class Editor:
    """Changes articles on behalf of ``writer``."""

    db: Database
    context: Context
    writer: Principal
    client: str

    async def __call__(self, deed: Deed, change: Change) -> StaffArticleView:
        async with self.db.transaction() as session:
            return await self.edit(session, deed, change)

    async def edit(self, session: AsyncSession, deed: Deed, change: Change) -> StaffArticleView:
        article = await change(session)
        entry = audit.Entry(
            action=f"sales.article.{deed}",
            actor=self.writer.subject,
            roles=self.writer.roles,
            client=self.client,
            details={"article_id": article.id, "version": article.version},
        )
        await audit.record(session, entry, at=self.context.clock())
        return StaffArticleView.of_row(article, self.context)


async def editor(writer: Writer, db: Db, context: Ctx, client: ClientNetwork) -> Editor:
    return Editor(db, context, writer, client)


Editing = Annotated[Editor, Depends(editor)]


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
    async with edit.db.transaction() as session:

        async def act() -> StaffArticleView:
            now = edit.context.clock()
            return await edit.edit(session, "drafted", lambda session: service.draft(session, form, now))

        scope = f"{edit.writer.subject} draft article"
        return await once(session, key, scope, form, StaffArticleView, act)


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
