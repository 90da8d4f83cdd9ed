"""Persian, and English out of one catalogue: the texts in the source are the Persian ones."""

from collections.abc import Mapping
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

LANGUAGES = ("fa", "en")
PERSIAN = LANGUAGES[0]
CATALOGUES = Path(__file__).parent / "locale"

language: ContextVar[str] = ContextVar("language", default=PERSIAN)
"""Of the request in hand."""


@cache
def catalogue(name: str) -> Mapping[str, str]:
    """The translations into a language, by the Persian text; its files are one for each area of pages."""
    texts: dict[str, str] = {}
    for file in sorted((CATALOGUES / name).glob("*.po")):
        with file.open("rb") as opened:
            texts |= {str(message.id): str(message.string) for message in read_po(opened) if message.string}
    return texts


def gettext(text: str) -> str:
    """``text`` in the language of the request in hand."""
    spoken = language.get()
    return text if spoken == PERSIAN else catalogue(spoken).get(text, text)


def ngettext(one: str, many: str, count: int) -> str:
    return gettext(one if count == 1 and language.get() != PERSIAN else many)


def chosen_language(cookie: str | None) -> str:
    """Persian for everybody who has not asked for another one."""
    return cookie if cookie in LANGUAGES else PERSIAN
