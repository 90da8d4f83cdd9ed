"""Persian documents for people: right to left, shaped, with text that can be selected and searched.

The same content gives the same bytes.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime

MEDIA_TYPE = "application/pdf"
AT_ONCE = 2
LEFT_TO_RIGHT_MARK = "\u200e"
_printers = ThreadPoolExecutor(AT_ONCE, "documents")


@dataclass(frozen=True)
class Heading:
    text: str


@dataclass(frozen=True)
class Paragraph:
    text: str


@dataclass(frozen=True)
class Table:
    """The first column is the one at the right. ``widths`` are shares, by default all the same."""

    rows: Sequence[Sequence[str]]
    header: Sequence[str] | None = None
    widths: Sequence[int] | None = None


@dataclass
class Document:
    """What an A4 document says, from the top; ``footer_text`` is on every page, before its number."""

    title: str
    written_at: datetime
    footer_text: str
    blocks: list[Heading | Paragraph | Table] = field(default_factory=list)

    def heading(self, text: str) -> None:
        self.blocks.append(Heading(text))

    def paragraph(self, text: str) -> None:
        self.blocks.append(Paragraph(text))

    def facts(self, rows: Sequence[tuple[str, str]]) -> None:
        """What something is called and its value, a line each."""
        self.blocks.append(Table(rows, widths=(1, 2)))

    def rows(
        self, header: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int] | None = None
    ) -> None:
        self.blocks.append(Table(rows, header, widths))


def latin(text: str) -> str:
    """A code of digits, Latin letters and signs, which is read from the left: ``6037****1234``.

    Its leading digits would go to its end otherwise. Source: Unicode Standard Annex 9, the bidirectional
    algorithm.
    """
    return f"{LEFT_TO_RIGHT_MARK}{text}"


async def rendered(write: Callable[[], Document]) -> bytes:
    """The PDF of what ``write`` gives; beside the event loop, ``AT_ONCE`` at a time."""
    return await asyncio.get_running_loop().run_in_executor(_printers, _printed, write)


def _printed(write: Callable[[], Document]) -> bytes:
    from chassis.documents.printing import printed  # noqa: PLC0415 30 MB that most processes never need

    return printed(write())
