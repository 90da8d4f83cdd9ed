"""Files for spreadsheets in which nothing is a formula."""

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from chassis import exports
from chassis.exports import FileFormat, TooManyRows, as_file, harmless

EVIL = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "\n-1"]


async def batches(*rows):
    yield rows


async def bytes_of(file_format, *rows):
    response = await as_file("table", file_format, ["نام", "n"], batches(*rows))
    return b"".join([bytes(chunk) async for chunk in response.body_iterator if not isinstance(chunk, str)])


@given(st.sampled_from(EVIL), st.text(max_size=5))
def test_no_text_is_a_formula(start, rest):
    assert str(harmless(start + rest)).startswith("'")


@given(st.text(alphabet=st.characters(categories=["L", "N"]), max_size=20))
def test_other_texts_and_numbers_stay_as_they_are(text):
    assert harmless(text) == text
    assert (harmless(-5), harmless(None), harmless(date(2026, 1, 2))) == (-5, None, "2026-01-02")


async def test_csv_begins_with_a_mark_and_keeps_what_is_quoted():
    raw = await bytes_of(FileFormat.CSV, *([text, 1] for text in EVIL), ['a,"b"\nc', -7])
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert rows[0] == ["نام", "n"]
    assert [row[0] for row in rows[1:-1]] == [f"'{text}" for text in EVIL]
    assert rows[-1] == ['a,"b"\nc', "-7"]


async def test_xlsx_holds_texts_and_numbers_and_no_formula():
    raw = await bytes_of(FileFormat.XLSX, ["=1+1", -7], ["سفید", 10**15])
    sheet = load_workbook(io.BytesIO(raw)).worksheets[0]
    cells = list(sheet.iter_rows())
    assert [[cell.value for cell in row] for row in cells] == [
        ["نام", "n"],
        ["'=1+1", -7],
        ["سفید", 10**15],
    ]
    assert {cell.data_type for row in cells for cell in row} == {"s", "n"}


async def test_too_many_rows_for_xlsx_are_refused_before_the_answer(monkeypatch):
    monkeypatch.setattr(exports, "MAX_XLSX_ROWS", 1)
    with pytest.raises(TooManyRows):
        await bytes_of(FileFormat.XLSX, ["a", 1], ["b", 2])
