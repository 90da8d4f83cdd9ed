"""What a login leads to: a session, or the next thing that is asked."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from portal.gateway import Json, Refused
from portal.language import gettext
from portal.visit import Visit, local_path

ENTRY = "entry"
ENTRY_SECONDS = 15 * 60
DEVICE = "device"
DEVICE_SECONDS = 400 * 24 * 3600
"""As long as browsers keep a cookie at most."""
ENROL = "/account/second-factor"


def known_device(visit: Visit) -> dict[str, str]:
    """What spares this browser a second factor, as a part of a login's body."""
    kept = visit.cookies.read(DEVICE)
    return {"device_token": kept["token"]} if kept else {}


def remember_device(visit: Visit, answer: Mapping[str, Any]) -> None:
    if token := answer.get("device_token"):
        visit.cookies.keep(DEVICE, {"token": token}, DEVICE_SECONDS)


async def go_on(visit: Visit, answer: Json, **entry: str) -> Response:
    """Where an answer to a login leads; ``entry`` is what the next page needs to know."""
    if "challenge_id" in answer:
        due = {name: answer[name] for name in ("challenge_id", "method", "expires_at")}
        visit.cookies.keep(ENTRY, {**entry, **due}, ENTRY_SECONDS)
        return visit.redirect("/login/challenge")
    remember_device(visit, answer)
    visit.cookies.drop(ENTRY)
    session = visit.start_session(answer)
    if session.enrolling:
        return visit.redirect(ENROL, gettext("پیش از هر کار، برنامه‌ی رمزساز خود را فعال کنید."), kind="info")
    visit.rename(await _name(visit))
    return visit.redirect(local_path(entry.get("next"), "/staff" if session.is_staff else "/account"))


async def _name(visit: Visit) -> str:
    """The person's; empty for one who has an account without a name."""
    try:
        account = await visit.get("/me")
    except Refused:
        return ""
    return f"{account['first_name']} {account['last_name']}"
