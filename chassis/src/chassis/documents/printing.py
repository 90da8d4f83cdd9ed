"""Documents as PDF. The font is Estedad (SIL Open Font License), out of a package that brings it; only the
letters that a document has are embedded."""

from importlib.metadata import distribution

from fpdf import FPDF
from fpdf.enums import Align, XPos, YPos

from chassis.documents import Document, Heading, Paragraph, Table
from iran import tehran_time, to_persian_digits

MARGIN = 20
LINE = 7
SIZES = {"title": 16, "heading": 12, "text": 10.5, "small": 8.5}
_FONTS = "persian_admin/static/persian_admin/fonts"


def printed(document: Document) -> bytes:
    paper = _Paper(document)
    for block in document.blocks:
        match block:
            case Heading(text):
                paper.heading(text)
            case Paragraph(text):
                paper.write_line(text, "text")
            case Table():
                paper.rows(block)
    return bytes(paper.output())


def _font(weight: str) -> str:
    return str(distribution("django-persian-admin").locate_file(f"{_FONTS}/Estedad-{weight}.ttf"))


class _Paper(FPDF):
    def __init__(self, document: Document) -> None:
        super().__init__(format="A4")
        self._footer_text = document.footer_text
        self.set_margin(MARGIN)
        self.set_auto_page_break(auto=True, margin=MARGIN)
        self.add_font("Estedad", fname=_font("Regular"))
        self.add_font("Estedad", style="B", fname=_font("Bold"))
        self.set_text_shaping(use_shaping_engine=True, direction="rtl", script="arab", language="fas")
        self.set_lang("fa")
        self.set_title(document.title)
        self.set_creation_date(tehran_time(document.written_at))
        self.add_page()
        self.write_line(document.title, "title", bold=True, align=Align.C)
        self.ln(LINE / 2)

    def footer(self) -> None:
        self.set_y(-MARGIN * 0.7)
        self.write_line(
            f"{self._footer_text} · صفحه {to_persian_digits(self.page_no())}", "small", align=Align.C
        )

    def heading(self, text: str) -> None:
        self.ln(LINE / 2)
        self.write_line(text, "heading", bold=True)

    def rows(self, block: Table) -> None:
        self._style("text")
        with self.table(
            col_widths=tuple(reversed(block.widths)) if block.widths else None,
            text_align=Align.R,
            line_height=LINE,
            first_row_as_headings=block.header is not None,
            borders_layout="HORIZONTAL_LINES",
        ) as table:
            for cells in [block.header, *block.rows] if block.header else block.rows:
                row = table.row()
                for cell in reversed(cells):
                    row.cell(cell)

    def write_line(self, text: str, size: str, *, bold: bool = False, align: Align = Align.R) -> None:
        self._style(size, bold=bold)
        self.multi_cell(0, LINE, text, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _style(self, size: str, *, bold: bool = False) -> None:
        self.set_font("Estedad", style="B" if bold else "", size=SIZES[size])
