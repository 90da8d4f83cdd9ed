"""Documents as people read them."""

from datetime import UTC, datetime
from io import BytesIO

from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from chassis.documents import Document, latin
from chassis.documents.printing import printed

CODES = st.from_regex(r"[0-9a-f]{1,8}([-*][0-9a-f]{1,4}){0,4}", fullmatch=True)


@settings(max_examples=10)
@given(st.lists(CODES, min_size=1, max_size=20))
def test_a_code_is_read_from_the_left_in_a_persian_line(codes):
    paper = Document("رسید", datetime(2026, 11, 22, tzinfo=UTC), "نوبت")
    paper.facts([("شناسه", latin(code)) for code in ["32337026-a05d-41a2", "603799******1234", *codes]])
    said = "".join(page.extract_text() for page in PdfReader(BytesIO(printed(paper))).pages)
    for code in ["32337026-a05d-41a2", "603799******1234", *codes]:
        assert f"{code} شناسه" in said
