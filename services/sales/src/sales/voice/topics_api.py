"""Staff keep the topics of complaints."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.auth import Principal
from chassis.idempotency import IdempotencyKey
from chassis.permissions import permitted
from chassis.service import Db
from sales.deeds import Deeds
from sales.voice import topics
from sales.voice.api import TopicView
from sales.voice.tables import ComplaintTopic
from sales.voice.topics import NewTopic, TopicForm

router = APIRouter(tags=["staff: complaints"], prefix="/staff/complaint-topics")
Reader = Annotated[Principal, Depends(permitted("complaints.read"))]
Code = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
Deed = Literal["added", "changed", "retired", "restored"]


class StaffTopic(TopicView):
    """``active``: complaints can be filed under it."""

    active: bool
    position: int


class StaffTopicList(BaseModel):
    items: list[StaffTopic]


class Topics(Deeds[ComplaintTopic, StaffTopic, Deed]):
    kind = "complaint_topic"
    view = StaffTopic

    def details(self, row: ComplaintTopic) -> Mapping[str, Any]:
        return {"code": row.code, "title": row.title, "sections": row.sections, "active": row.active}

    async def show(self, session: AsyncSession, row: ComplaintTopic) -> StaffTopic:
        return StaffTopic.model_validate(row, from_attributes=True)


Keeping = Annotated[Topics, Depends(Topics.of("complaints.rules"))]


@router.get("", summary="All topics, retired ones too")
async def list_topics(_: Reader, db: Db) -> StaffTopicList:
    async with db.transaction() as session:
        rows = await topics.every(session)
        return StaffTopicList(items=[StaffTopic.model_validate(row, from_attributes=True) for row in rows])


@router.post("", status_code=201, summary="Add a topic", responses={409: {"description": "topic_taken"}})
async def add(form: NewTopic, keep: Keeping, key: IdempotencyKey = None) -> StaffTopic:
    return await keep.create("added", form, key, lambda session: topics.add(session, form))


@router.put("/{code}", summary="Rename a topic, or move it to other sections")
async def change(code: Code, form: TopicForm, keep: Keeping) -> StaffTopic:
    return await keep("changed", lambda session: topics.change(session, code, form))


@router.post("/{code}/retirement", summary="Take no more complaints under a topic")
async def retire(code: Code, keep: Keeping) -> StaffTopic:
    return await keep("retired", lambda session: topics.retire(session, code, retired=True))


@router.delete("/{code}/retirement", summary="Take complaints under a topic again")
async def restore(code: Code, keep: Keeping) -> StaffTopic:
    return await keep("restored", lambda session: topics.retire(session, code, retired=False))
