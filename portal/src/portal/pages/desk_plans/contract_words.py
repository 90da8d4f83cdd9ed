"""The words of contracts: their versions, and the next one as a text whose headings begin with ``#``."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Response

from portal.forms import Form
from portal.gateway import Refused
from portal.language import gettext
from portal.pages.desk.rights import may
from portal.visit import Staff, Visit

router = APIRouter(prefix="/staff/contract-words")

API, PLACE = "/staff/contract-templates", "/staff/contract-words"
HEADING = "#"
SECTIONS = "sections"
PREVIEW = "preview"
"""The button that asks for the words as the paper that a buyer would get."""


@router.get("")
async def index(visit: Staff) -> Response:
    return await _page(visit, visit.form())


@router.post("")
async def write(visit: Staff) -> Response:
    form = visit.form()
    form.require(gettext("این خانه را پر کنید."), ["title"])
    sections = sections_of(form[SECTIONS])
    if not sections:
        form.errors[SECTIONS] = gettext("هر بخش با سطری آغاز می‌شود که # و عنوان بخش است.")
    if form.is_wrong:
        return await _page(visit, form, 422)
    words = {"title": form["title"], SECTIONS: sections}
    try:
        if form[PREVIEW]:
            return await visit.download(f"{API}/preview", body=words)
        await visit.post(API, words, key=form.key)
    except Refused as refusal:
        return await _page(visit, form.refused(refusal, **_names(sections)), refusal.status)
    return visit.redirect(PLACE, gettext("نسخه‌ی تازه نوشته شد؛ قراردادهای بعدی با آن بسته می‌شوند."))


def sections_of(text: str) -> list[dict[str, str]]:
    """Each heading with the text below it; what stands above the first heading makes it none at all."""
    sections: list[dict[str, str]] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        if line.startswith(HEADING):
            sections.append({"heading": line.removeprefix(HEADING).strip(), "text": ""})
        elif sections:
            sections[-1]["text"] += line + "\n"
        elif line.strip():
            return []
    return [one | {"text": one["text"].strip()} for one in sections]


def text_of(sections: list[Mapping[str, Any]]) -> str:
    return "\n\n".join(f"{HEADING} {one['heading']}\n{one['text']}" for one in sections)


def _names(sections: list[dict[str, str]]) -> dict[str, str]:
    parts = ("", ".heading", ".text")
    return {f"{SECTIONS}.{number}{part}": SECTIONS for number in range(len(sections)) for part in parts}


async def _page(visit: Visit, form: Form, status: int = 200) -> Response:
    versions = (await visit.get(API))["items"]
    if versions and SECTIONS not in form.typed:
        form.fill({"title": versions[0]["title"], SECTIONS: text_of(versions[0][SECTIONS])})
    return visit.page(
        "desk_plans/contract_words.html",
        status=status,
        form=form,
        versions=versions,
        may_write=may(visit, "contracts.write"),
    )
