"""``python -m portal.catalogue``: writes texts that the source has and the English catalogue has not.

Each area of pages has a file of its own in ``locale/en``; what belongs to none is in ``portal.po``.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).parent
ENGLISH = HERE / "locale" / "en"
METHODS = [("**.py", "python"), ("**.html", "jinja2.ext:babel_extract")]
KEYWORDS: Mapping[str, None] = {"_": None, "gettext": None, "ngettext": None}
OPTIONS = {"**.html": {"trimmed": "false", "trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}}


@cache
def written() -> tuple[tuple[str, str], ...]:
    """The area and the text of everything that is said."""
    return tuple(_written())


def _written() -> Iterator[tuple[str, str]]:
    for found in extract_from_dir(HERE, METHODS, OPTIONS, KEYWORDS):
        text = found[2]
        for one in text if isinstance(text, tuple) else (text,):
            yield _area(Path(found[0])), one


def _area(file: Path) -> str:
    return file.parts[1] if file.parts[0] == "pages" and len(file.parts) > 2 else "portal"  # noqa: PLR2004 a file in an area


def missing() -> dict[str, list[str]]:
    """Texts without a translation, by the area that says them first."""
    known = {text for file in ENGLISH.glob("*.po") for text in _translated(file)}
    found: dict[str, list[str]] = {}
    for area, text in written():
        if text and text not in known:
            known.add(text)
            found.setdefault(area, []).append(text)
    return found


def _translated(file: Path) -> set[str]:
    with file.open("rb") as opened:
        return {str(message.id) for message in read_po(opened) if message.id and message.string}


def add_missing() -> None:
    for area, texts in missing().items():
        file = ENGLISH / f"{area}.po"
        catalogue = Catalog(locale="en", fuzzy=False)
        if file.exists():
            with file.open("rb") as opened:
                catalogue = read_po(opened, locale="en")
        for text in texts:
            catalogue.add(text)
        with file.open("wb") as opened:
            write_po(opened, catalogue, width=110, omit_header=True, no_location=True)


if __name__ == "__main__":
    add_missing()
