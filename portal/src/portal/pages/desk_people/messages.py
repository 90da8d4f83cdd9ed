"""The texts of messages: what each says now, its versions, and a new one from a draft to the phones."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response

from iran import to_ascii_digits
from portal.forms import Form
from portal.gateway import Refused
from portal.language import gettext
from portal.pages.desk.rights import may
from portal.pages.desk_people import words
from portal.pages.desk_people.message_names import names
from portal.visit import Staff, Visit

router = APIRouter(prefix="/staff/messages")

Name = Annotated[str, Path(pattern=r"^[a-z_]{1,50}$")]
CODE = "code"
"""The lane whose texts are approved at each provider, under a name of its own there."""
PROVIDERS = ("kavenegar", "smsir", "ghasedak", "melipayamak", "ippanel")
PATTERNS = tuple(f"patterns.{provider}" for provider in PROVIDERS)


@router.get("")
async def templates(visit: Staff) -> Response:
    found = (await visit.get("/staff/message-templates"))["items"]
    titles, lanes = names(), words.lanes()
    groups = [(lanes[lane], [one for one in found if one["lane"] == lane]) for lane in lanes]
    return visit.page("desk_people/messages.html", groups=groups, names=titles)


@router.get("/{name}")
async def read(name: Name, visit: Staff) -> Response:
    return await _page(visit, name, visit.form())


@router.post("/{name}")
async def write(name: Name, visit: Staff) -> Response:
    """A ``preview`` of the text, a ``proposal`` of it, or the ``publication`` of a version."""
    form = visit.form()
    try:
        if form["deed"] == "preview":
            shown = await visit.post(_path(name, "preview"), {"text": _text(form)})
            return await _page(visit, name, form, preview=shown)
        if form["deed"] == "proposal":
            return await _propose(visit, name, form)
        if form["deed"] == "publication" and form["version"].isdecimal():
            return await _publish(visit, name, form)
    except Refused as refusal:
        form.refused(refusal, patterns=PATTERNS[0])
        return await _page(visit, name, form, refusal.status)
    return await _page(visit, name, form, 422)


async def _propose(visit: Visit, name: str, form: Form) -> Response:
    """Patterns go along where the page asks for them: those that were emptied are taken away."""
    body: dict[str, Any] = {**form.only(*PATTERNS), "text": _text(form)}
    if any(pattern in form.typed for pattern in PATTERNS):
        body.setdefault("patterns", {})
    made = await visit.post(_path(name, "versions"), body, key=form.key)
    sentence = gettext("نسخه‌ی %(version)s نوشته شد؛ تا منتشر نشود به کار نمی‌رود.")
    return visit.redirect(f"/staff/messages/{name}", sentence % {"version": made["version"]})


async def _publish(visit: Visit, name: str, form: Form) -> Response:
    version = to_ascii_digits(form["version"])
    await visit.ask("PUT", _path(name, f"versions/{version}/publication"))
    sentence = gettext("نسخه‌ی %(version)s از این پس فرستاده می‌شود.")
    return visit.redirect(f"/staff/messages/{name}", sentence % {"version": version})


def _path(name: str, rest: str) -> str:
    return f"/staff/message-templates/{name}/{rest}"


def _text(form: Form) -> str:
    """As typed, with line breaks as the API knows them."""
    return form["text"].replace("\r\n", "\n")


async def _page(
    visit: Visit, name: str, form: Form, status: int = 200, preview: Mapping[str, Any] | None = None
) -> Response:
    versions = (await visit.get(f"/staff/message-templates/{name}"))["items"]
    speaking = next(one for one in versions if one["active"])
    form.fill({"text": speaking["text"]})
    form.fill({f"patterns.{provider}": pattern for provider, pattern in speaking["patterns"].items()})
    return visit.page(
        "desk_people/message.html",
        status=status,
        form=form,
        name=name,
        title=names().get(name, name),
        lane=words.lanes()[speaking["lane"]],
        speaking=speaking,
        placeholders="، ".join(f"{{{field}}}" for field in speaking["placeholders"]),
        versions=versions,
        preview=preview,
        patterns=list(zip(PATTERNS, PROVIDERS, strict=True)) if speaking["lane"] == CODE else [],
        may_write=may(visit, "message_templates.write"),
    )
