"""Banks' lists of blocked deposits: what of each matched, and what did not as a file."""

from uuid import UUID

from fastapi import APIRouter, Response

from portal.forms import Form
from portal.pages.desk.paging import next_path
from portal.visit import Staff

router = APIRouter(prefix="/staff/blocked-deposits")

PLACE, API = "/staff/blocked-deposits", "/staff/blocked-deposits/lists"


@router.get("")
async def index(visit: Staff, cursor: UUID | None = None) -> Response:
    found = await visit.get(API, {"cursor": cursor or ""})
    following = next_path(PLACE, {}, found["next_cursor"])
    return visit.page("desk_books/blocked.html", lists=found["items"], next_path=following)


@router.get("/{list_id}/differences")
async def differences(list_id: UUID, visit: Staff) -> Response:
    query = Form(typed=dict(visit.request.query_params)).only("format")
    return await visit.download(f"{API}/{list_id}/differences", query)
