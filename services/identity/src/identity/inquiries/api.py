"""What a person sees of the inquiries about them."""

from datetime import datetime
from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from chassis.language import Language
from chassis.service import Db
from identity.inquiries import queries
from identity.inquiries.domain import Kind
from identity.inquiries.sentences import SENTENCES
from identity.inquiries.tables import Inquiry
from identity.sessions.current import REFUSED, LiveUser

router = APIRouter(prefix="/me/inquiries", tags=["account"])

State = Literal["pending", "unavailable", "match", "no_match", "invalid_input"]
STATES: dict[str | None, State] = {
    "match": "match",
    "no_match": "no_match",
    "invalid_input": "invalid_input",
}


class InquiryView(BaseModel):
    """``unavailable`` has been asked in vain; like what is ``pending`` it is asked at ``next_attempt_at``.

    ``reason`` names what does not fit; ``note`` is a sentence in the language of ``Accept-Language``.
    """

    kind: Kind
    state: State
    reason: str | None
    note: str
    opened_at: datetime
    concluded_at: datetime | None
    next_attempt_at: datetime | None


class Inquiries(BaseModel):
    items: list[InquiryView]


@router.get("", summary="What the inquiries about me found", responses=REFUSED)
async def read_inquiries(user: LiveUser, db: Db, language: Language) -> Inquiries:
    async with db.transaction() as session:
        rows = await queries.latest(session, user.subject)
    return Inquiries(items=[_view(row, language) for row in rows])


def _view(inquiry: Inquiry, language: str) -> InquiryView:
    state = STATES.get(inquiry.result) or ("unavailable" if inquiry.attempts else "pending")
    kind = Kind(inquiry.kind)
    concluded = inquiry.result is not None
    return InquiryView(
        kind=kind,
        state=state,
        reason=inquiry.reason if concluded else None,
        note=SENTENCES[kind, state].in_language(language),
        opened_at=inquiry.opened_at,
        concluded_at=inquiry.concluded_at,
        next_attempt_at=None if concluded else inquiry.next_attempt_at,
    )
