"""The first page of the desk."""

from fastapi import APIRouter, Response

from portal.pages.desk.areas import groups_for
from portal.visit import Staff

router = APIRouter()


@router.get("/staff")
async def desk(visit: Staff) -> Response:
    assert visit.session is not None
    return visit.page("desk/index.html", groups=groups_for(visit.session.roles))
