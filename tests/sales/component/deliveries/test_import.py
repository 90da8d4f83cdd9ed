"""A file of steps: good rows are kept, bad ones listed with their lines, and nothing happens twice."""

import io
import zipfile

import pytest
from openpyxl import Workbook

from chassis.crypto import Keyring, new_key
from chassis.imports import Importer, reading
from chassis.imports import importer as importing

IMPORTS = "/api/v1/staff/deliveries/imports"
HEADING = "contract_number,step,vin,invoice_number,on"


def csv_of(*rows: str) -> bytes:
    return "\n".join([HEADING, *rows]).encode()


def reasons(errors: str) -> list[tuple[int, str, str]]:
    """Line, field and code of each bad row."""
    rows = [line.split(",") for line in errors.lstrip("\ufeff").splitlines()[1:]]
    return [(int(row[0]), row[1], row[2]) for row in rows]


async def test_good_rows_are_kept_and_bad_ones_are_listed_with_line_and_reason(yard):
    first, second, third, over = await yard.settled(3) + await yard.settled(1, state="voided")
    seen, errors = await yard.taken_in(
        csv_of(
            f"{first.number},allocated,{yard.vin(1)},,",
            f"{first.number},invoiced,,F-1,",
            f"{second.number},allocated,{yard.vin(1)},,",
            f"{second.number},allocated,NAAO1,,",
            f"{first.number},allocated,{yard.vin(2)},,",
            f"{third.number},ready,,,",
            f"{over.number},allocated,{yard.vin(3)},,",
            "200000000007,allocated," + yard.vin(4) + ",,",
            "123,flown,,,2026-13-01",
        )
    )
    assert (seen["state"], seen["rows_total"], seen["rows_good"], seen["rows_bad"]) == ("done", 9, 2, 7)
    assert reasons(errors) == [
        (4, "vin", "vin_repeated"),
        (5, "vin", "vin_format"),
        (6, "step", "step_already_taken"),
        (7, "step", "wrong_step"),
        (8, "contract_number", "order_is_over"),
        (9, "contract_number", "unknown_contract"),
        (10, "contract_number", "contract_number_format"),
        (10, "on", "date_from_datetime_parsing"),
        (10, "step", "literal_error"),
    ]
    assert (await yard.see(first)).json()["state"] == "invoiced"
    assert (await yard.see(second)).json()["state"] == "settled"


async def test_a_car_that_was_given_away_before_is_found(yard):
    first, second = await yard.settled(2)
    await yard.step(first, "allocated")
    _, errors = await yard.taken_in(csv_of(f"{second.number},allocated,{yard.vin(1)},,"))
    assert reasons(errors) == [(2, "vin", "vin_taken")]


async def test_the_same_file_again_changes_nothing(yard):
    [one] = await yard.settled()
    file = csv_of(f"{one.number},allocated,{yard.vin(1)},,")
    await yard.taken_in(file)
    seen, errors = await yard.taken_in(file)
    assert (seen["rows_good"], reasons(errors)) == (0, [(2, "step", "step_already_taken")])
    assert len(await yard.office.published("sales.car_allocated.v1")) == 1


async def test_an_xlsx_with_persian_headings_and_digits_is_read(yard):
    [one] = await yard.settled()
    book = Workbook()
    sheet = book.create_sheet(index=0)
    sheet.append(["شماره قرارداد", "مرحله", "شماره شاسی", "تاریخ", "یادداشت"])
    sheet.append([int(one.number), "تخصیص", yard.vin(1).lower(), "۱۴۰۴/۰۲/۰۱", "خوب"])
    file = io.BytesIO()
    book.save(file)
    seen, errors = await yard.taken_in(file.getvalue(), "xlsx")
    assert (seen["rows_good"], seen["rows_bad"]) == (1, 0), errors
    assert (await yard.see(one, "/car")).json()["allocated_on"] == "2025-04-21"


async def test_a_worker_goes_on_where_another_stopped(yard, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 2)
    orders = await yard.settled(5)
    rows = [f"{one.number},allocated,{yard.vin(index)},," for index, one in enumerate(orders)]
    path = await yard.send_in(csv_of(*rows), part=100)
    other = Importer(
        yard.office.database, yard.importer.keyring, yard.office.clock, list(yard.importer.kinds.values())
    )
    monkeypatch.setattr(importing, "TURN_SECONDS", 0.000_001)
    assert await yard.importer.run()
    assert not await other.run()
    monkeypatch.setattr(other, "_token", yard.importer._token)
    while await other.run():
        pass
    seen = (await yard.office.client.get(path, headers=yard.office.manager)).json()
    assert (seen["state"], seen["rows_good"], seen["rows_bad"]) == ("done", 5, 0)
    assert len(await yard.office.published("sales.car_allocated.v1")) == 5


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"xl/{number}.xml", b"0" * 1_000_000)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "file_format", "code"),
    [
        (b"a,b\n1,2\n", "csv", "missing_columns"),
        (b"step,step,contract_number\n", "csv", "repeated_columns"),
        (b"\n", "csv", "no_columns"),
        ("contract_number,step\n".encode("utf-16"), "csv", "not_text"),
        (b'contract_number,step\n"1,2\n', "csv", "malformed"),
        (b"contract_number,step\n", "xlsx", "not_a_workbook"),
        (bomb, "xlsx", "too_large_unpacked"),
    ],
)
async def test_a_file_that_cannot_be_read_says_why(yard, monkeypatch, content, file_format, code):
    monkeypatch.setattr(reading, "MAX_UNPACKED", 2_000_000)
    seen, _ = await yard.taken_in(content() if callable(content) else content, file_format)
    assert (seen["state"], seen["failure"]["code"]) == ("failed", code)


async def test_parts_that_are_missing_or_late_are_refused(yard):
    client, headers, path = yard.office.client, yard.office.manager, "/api/v1/staff/deliveries/imports"
    begun = await client.post(path, json={"file_name": "a.csv", "format": "csv"}, headers=headers)
    path = f"{path}/{begun.json()['import_id']}"
    assert (await client.put(f"{path}/parts/2", content=b"x", headers=headers)).status_code == 204
    gap = await client.post(f"{path}/start", json={"parts": 2}, headers=headers)
    assert gap.json()["code"] == "import_parts_missing"
    assert (await client.put(f"{path}/parts/1", content=b"", headers=headers)).status_code == 422
    assert (await client.put(f"{path}/parts/201", content=b"x", headers=headers)).status_code == 413
    await client.put(f"{path}/parts/1", content=b"contract_number,step\n", headers=headers)
    assert (await client.post(f"{path}/start", json={"parts": 2}, headers=headers)).status_code == 200
    late = await client.put(f"{path}/parts/1", content=b"x", headers=headers)
    assert late.json()["code"] == "import_not_uploading"
    buyer = yard.office.keys.authorization(yard.office.dealership_id)
    assert (await client.get(path, headers=buyer)).status_code == 403


async def test_a_file_whose_key_is_gone_fails_after_some_tries_and_says_so(yard):
    path = await yard.send_in(csv_of())
    yard.importer.keyring = Keyring.parse(f"other:{new_key()}")
    for _ in range(importing.TRIES):
        with pytest.raises(Exception, match="key"):
            await yard.importer.run()
    seen = (await yard.office.client.get(path, headers=yard.office.manager)).json()
    assert seen["failure"]["code"] == "internal_error"


async def test_a_file_of_fixed_width_has_its_columns_where_it_is_told(yard):
    first, second = await yard.settled(2)
    lines = [f"{one.number}  allocated {yard.vin(number)}" for number, one in enumerate((first, second))]
    layout = [
        {"field": "contract_number", "start": 1, "length": 12},
        {"field": "step", "start": 15, "length": 9},
        {"field": "شماره شاسی", "start": 25, "length": 17},
    ]
    begun = await begin(yard, format="fixed", layout=layout)
    seen, errors = await yard.finished(await yard.filled(begun, "\r\n".join(lines).encode()))
    assert (seen["state"], seen["rows_good"], reasons(errors)) == ("done", 2, [])


async def test_only_a_file_of_fixed_width_says_where_its_columns_are(yard):
    for wrong in (
        {"format": "fixed"},
        {"format": "csv", "layout": [{"field": "step", "start": 1, "length": 2}]},
    ):
        refused = await begin(yard, **wrong)
        assert refused.json()["errors"][0]["code"] == "layout"
    unasked = await begin(yard, format="csv", options={"bank": "012"})
    assert unasked.json()["errors"][0]["field"] == "bank"


async def begin(yard, **body):
    command = {"file_name": "cars"} | body
    return await yard.office.client.post(IMPORTS, json=command, headers=yard.office.manager)
