"""Where the account is open, which devices it knows, who has looked at it."""

from fastapi import APIRouter, Response

from portal.language import gettext
from portal.pages.account import words
from portal.pages.desk.purposes import purposes
from portal.visit import Member

router = APIRouter()


@router.get("/account/sessions")
async def sessions(visit: Member) -> Response:
    alive = (await visit.get("/sessions"))["items"]
    devices = (await visit.get("/me/devices"))["items"]
    return visit.page("account/sessions.html", sessions=alive, devices=devices)


@router.post("/account/sessions/end")
async def end_one(visit: Member) -> Response:
    await visit.delete(f"/sessions/{visit.form()['session_id']}")
    return visit.redirect("/account/sessions", gettext("آن نشست پایان یافت."))


@router.post("/account/sessions/end-all")
async def end_all(visit: Member) -> Response:
    await visit.delete("/sessions")
    visit.end_session()
    return visit.redirect("/login", gettext("از همه‌ی دستگاه‌ها خارج شدید."))


@router.post("/account/devices/forget")
async def forget(visit: Member) -> Response:
    await visit.delete(f"/me/devices/{visit.form()['device_id']}")
    return visit.redirect("/account/sessions", gettext("آن دستگاه دیگر شناخته نیست."))


@router.get("/account/access-log")
async def access_log(visit: Member, cursor: str = "") -> Response:
    seen = await visit.get("/me/access-log", {"cursor": cursor})
    trails = words.trails()
    return visit.page(
        "account/access_log.html",
        seen=seen["items"],
        missing=gettext("، ").join(trails.get(name, name) for name in seen.get("partial", [])),
        next_cursor=seen["next_cursor"],
        roles=words.roles(),
        purposes=purposes(),
        fields=words.fields(),
    )
