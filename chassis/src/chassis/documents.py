"""Persian documents for people: right to left, shaped, with text that can be selected and searched.

The same content gives the same bytes. The font is Estedad (SIL Open Font License), out of a package that
brings it; only the letters that a document has are embedded.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from importlib.metadata import distribution

from fpdf import FPDF
from fpdf.enums import Align, XPos, YPos

from iran import tehran_time, to_persian_digits

MEDIA_TYPE = "application/pdf"
AT_ONCE = 2
MARGIN = 20
LINE = 7
SIZES = {"title": 16, "heading": 12, "text": 10.5, "small": 8.5}
_FONTS = "persian_admin/static/persian_admin/fonts"
_printers = ThreadPoolExecutor(AT_ONCE, "documents")


def _font(weight: str) -> str:
    return str(distribution("django-persian-admin").locate_file(f"{_FONTS}/Estedad-{weight}.ttf"))


class Document(FPDF):
    """An A4 document that is written from the top; ``footer_text`` is on every page, before its number."""

    def __init__(self, title: str, written_at: datetime, footer_text: str) -> None:
        super().__init__(format="A4")
        self._footer_text = footer_text
        self.set_margin(MARGIN)
        self.set_auto_page_break(auto=True, margin=MARGIN)
        self.add_font("Estedad", fname=_font("Regular"))
        self.add_font("Estedad", style="B", fname=_font("Bold"))
        self.set_text_shaping(use_shaping_engine=True, direction="rtl", script="arab", language="fas")
        self.set_lang("fa")
        self.set_title(title)
        self.set_creation_date(tehran_time(written_at))
        self.add_page()
        self._write(title, "title", bold=True, align=Align.C)
        self.ln(LINE / 2)

    def footer(self) -> None:
        self.set_y(-MARGIN * 0.7)
        self._write(f"{self._footer_text} · صفحه {to_persian_digits(self.page_no())}", "small", align=Align.C)

    def heading(self, text: str) -> None:
        self.ln(LINE / 2)
        self._write(text, "heading", bold=True)

    def paragraph(self, text: str) -> None:
        self._write(text, "text")

    def facts(self, rows: Sequence[tuple[str, str]]) -> None:
        """What something is called and its value, a line each."""
        self.rows(("", ""), rows, widths=(1, 2), headed=False)

    def rows(
        self,
        header: Sequence[str],
        rows: Sequence[Sequence[str]],
        widths: Sequence[int] | None = None,
        *,
        headed: bool = True,
    ) -> None:
        """A table whose first column is the one at the right."""
        self._style("text")
        columns = tuple(reversed(widths)) if widths else None
        with self.table(
            col_widths=columns,
            text_align=Align.R,
            line_height=LINE,
            first_row_as_headings=headed,
            borders_layout="HORIZONTAL_LINES",
        ) as table:
            for cells in [header, *rows] if headed else rows:
                row = table.row()
                for cell in reversed(cells):
                    row.cell(cell)

    def _write(self, text: str, size: str, *, bold: bool = False, align: Align = Align.R) -> None:
        self._style(size, bold=bold)
        self.multi_cell(0, LINE, text, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _style(self, size: str, *, bold: bool = False) -> None:
        self.set_font("Estedad", style="B" if bold else "", size=SIZES[size])


async def rendered(write: Callable[[], Document]) -> bytes:
    """The PDF of what ``write`` gives; beside the event loop, ``AT_ONCE`` at a time."""
    return await asyncio.get_running_loop().run_in_executor(_printers, lambda: bytes(write().output()))
