"""The first page, and the language of all of them."""

from fastapi import APIRouter, Response

from portal.language import LANGUAGES
from portal.visit import LANGUAGE, Visitor, local_path

router = APIRouter()

YEAR = 365 * 24 * 3600
SHOWN_PLANS, SHOWN_NEWS = 6, 3


@router.get("/")
async def home(visit: Visitor) -> Response:
    plans = (await visit.get("/plans"))["items"]
    current = [plan for plan in plans if plan["state"] in {"open", "published"}]
    current.sort(key=lambda plan: (plan["state"] != "open", plan["opens_at"]))
    news = (await visit.get("/announcements"))["items"]
    return visit.page(
        "home/index.html",
        plans=current[:SHOWN_PLANS],
        more=len(current) > SHOWN_PLANS,
        news=news[:SHOWN_NEWS],
        office=await visit.get("/office-hours"),
        shared=True,
    )


@router.get("/language")
async def choose_language(visit: Visitor, to: str = LANGUAGES[0], back: str = "/") -> Response:
    if to in LANGUAGES:
        visit.cookies.keep_plain(LANGUAGE, to, YEAR)
    return visit.redirect(local_path(back))
