"""Keeping the topics of complaints. A topic's code stays: complaints have it."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound, Problem
from chassis.logging import get_logger
from sales.prose import Line
from sales.voice.domain import Section
from sales.voice.tables import ComplaintTopic

log = get_logger(__name__)


class TopicTaken(Problem):
    status = 409
    code = "topic_taken"
    fa = "موضوعی با این کد هست."
    en = "There is a topic with this code."


class TopicForm(BaseModel):
    """``to_province`` is what the provincial office decides in the first place; ``position`` is its place in
    the list, the last when it is not given."""

    model_config = ConfigDict(extra="forbid")

    title: Line
    sections: Annotated[list[Section], Field(min_length=1), AfterValidator(lambda named: sorted(set(named)))]
    to_province: bool = False
    position: Annotated[int | None, Field(ge=1, le=1000)] = None


class NewTopic(TopicForm):
    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")]


async def every(session: AsyncSession) -> Sequence[ComplaintTopic]:
    """Retired ones too."""
    query = select(ComplaintTopic).order_by(ComplaintTopic.position, ComplaintTopic.code)
    return (await session.scalars(query)).all()


async def add(session: AsyncSession, form: NewTopic) -> ComplaintTopic:
    """Raises ``TopicTaken``."""
    last = await session.scalar(select(func.max(ComplaintTopic.position))) or 0
    topic = ComplaintTopic(**form.model_dump() | {"position": form.position or last + 1}, active=True)
    session.add(topic)
    try:
        await session.flush()
    except IntegrityError as error:
        if "complaint_topics_pkey" in str(error.orig):
            raise TopicTaken from error
        raise
    log.info("sales.complaint_topic.added", topic=topic.code)
    return topic


async def change(session: AsyncSession, code: str, form: TopicForm) -> ComplaintTopic:
    """Complaints that were filed under it keep it, under its new name. Raises ``NotFound``."""
    topic = await _locked(session, code)
    for name, value in form.model_dump(exclude_none=True).items():
        setattr(topic, name, value)
    return topic


async def retire(session: AsyncSession, code: str, *, retired: bool) -> ComplaintTopic:
    """Nobody can file under a retired topic; those who have stay. Raises ``NotFound``."""
    topic = await _locked(session, code)
    topic.active = not retired
    log.info(f"sales.complaint_topic.{'retired' if retired else 'restored'}", topic=code)
    return topic


async def _locked(session: AsyncSession, code: str) -> ComplaintTopic:
    topic = await session.get(ComplaintTopic, code, with_for_update=True)
    if topic is None:
        raise NotFound
    return topic
