"""What everybody may read: questions, announcements, how to reach the office."""

from uuid import UUID

from fastapi import APIRouter, Response

from portal.language import gettext
from portal.visit import Visitor

router = APIRouter()


@router.get("/faq")
async def questions(visit: Visitor, q: str = "", category: str = "") -> Response:
    found = await visit.get("/faq", {"q": q[:100], "category": category[:100]})
    return visit.page("information/faq.html", found=found, q=q, shared=True)


@router.get("/announcements")
async def announcements(visit: Visitor, category: str = "") -> Response:
    found = await visit.get("/announcements", {"category": category[:100]})
    return visit.page("information/announcements.html", found=found, category=category, shared=True)


@router.get("/announcements/{article_id}")
async def announcement(visit: Visitor, article_id: UUID) -> Response:
    found = await visit.get(f"/announcements/{article_id}")
    return visit.page("information/announcement.html", article=found, shared=True)


@router.get("/contact")
async def contact(visit: Visitor) -> Response:
    office = await visit.get("/office-hours")
    days = {
        "saturday": gettext("شنبه"),
        "sunday": gettext("یکشنبه"),
        "monday": gettext("دوشنبه"),
        "tuesday": gettext("سه‌شنبه"),
        "wednesday": gettext("چهارشنبه"),
        "thursday": gettext("پنجشنبه"),
        "friday": gettext("جمعه"),
    }
    return visit.page("information/contact.html", office=office, days=days, shared=True)
