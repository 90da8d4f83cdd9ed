"""What a person was sent, what became of it, and sending it again."""

from uuid import UUID

from fastapi import APIRouter, Response

from portal.gateway import Refused
from portal.language import gettext
from portal.pages.desk.paging import next_path
from portal.pages.desk.rights import may
from portal.pages.desk_customers import words
from portal.pages.desk_people import words as people
from portal.pages.desk_people.message_names import names
from portal.visit import Staff, Visit

router = APIRouter(prefix="/staff/people")

MOVING = frozenset({"queued", "sending"})
"""States in which a message is still on its way, and is not sent again."""


@router.get("/{customer_id}/messages")
async def history(customer_id: UUID, visit: Staff, cursor: UUID | None = None) -> Response:
    return await _page(visit, customer_id, cursor=cursor)


@router.post("/{customer_id}/messages")
async def resend(customer_id: UUID, visit: Staff) -> Response:
    form = visit.form()
    try:
        await visit.post(f"/staff/messages/{UUID(form['message_id'])}/resend", key=form.key)
    except ValueError:
        return await _page(visit, customer_id, 422)
    except Refused as refusal:
        form.refused(refusal)
        return await _page(visit, customer_id, refusal.status)
    return visit.redirect(f"/staff/people/{customer_id}/messages", gettext("دوباره فرستاده می‌شود."))


async def _page(visit: Visit, customer_id: UUID, status: int = 200, cursor: UUID | None = None) -> Response:
    query = {"customer_id": customer_id, "cursor": cursor or ""}
    found = await visit.get("/staff/messages", query)
    here = f"/staff/people/{customer_id}/messages"
    return visit.page(
        "desk_customers/messages.html",
        status=status,
        customer_id=customer_id,
        here=here,
        messages=found["items"],
        next_path=next_path(here, {}, found["next_cursor"]),
        names=names(),
        lanes=people.lanes(),
        states=words.states(),
        moving=MOVING,
        may_resend=may(visit, "messages.resend"),
    )
