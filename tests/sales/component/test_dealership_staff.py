"""Staff keep the directory of dealerships."""

from datetime import timedelta
from uuid import uuid4

import pytest
from pydantic import ValidationError

from chassis.imports.kind import Batch, Line
from iran import Province, tehran_date
from sales.dealerships import service
from sales.dealerships.service import DealershipLine

PATH = "/api/v1/staff/dealerships"
HOURS = {"sunday": [{"opens": "08:00", "closes": "16:00"}]}


def form(**changes):
    told = {
        "code": "۳۰۰۱",
        "name": "نمايندگي كوهسنگي",
        "province": Province.RAZAVI_KHORASAN.value,
        "city": "مشهد",
        "address": "کوهسنگی ۱۲",
        "phone": "۰۵۱۳۸۰۰۰۰۰۰",
        "hours": "یکشنبه ۸ تا ۱۶",
        "weekly_hours": HOURS,
    }
    return told | changes


async def add(office, expected=201, **changes):
    answer = await office.client.post(PATH, json=form(**changes), headers=office.manager)
    assert answer.status_code == expected, answer.text
    return answer.json()


async def shown(office, **query):
    return (await office.client.get("/api/v1/dealerships", params=query)).json()["items"]


async def test_a_dealership_is_added_changed_closed_and_opened_again(office):
    added = await add(office)
    assert (added["code"], added["name"]) == ("3001", "نمایندگی کوهسنگی")
    [found] = await shown(office, q="كوهسنگي")
    assert (found["weekly_hours"], found["phone"]) == (
        {"sunday": [{"opens": "08:00:00", "closes": "16:00:00"}]},
        "05138000000",
    )
    assert found["open_now"] is False or found["open_until"]
    path = f"{PATH}/{added['dealership_id']}"
    changed = await office.client.put(path, json=form(city="نیشابور"), headers=office.manager)
    assert changed.json()["city"] == "نیشابور"
    await office.client.post(f"{path}/deactivation", headers=office.manager)
    assert await shown(office, q="كوهسنگي") == []
    listed = (await office.client.get(PATH, headers=office.manager)).json()["items"]
    assert {item["code"]: item["active"] for item in listed}["3001"] is False
    await office.client.post(f"{path}/activation", headers=office.manager)
    assert len(await shown(office, q="كوهسنگي")) == 1
    auditor = office.keys.authorization(uuid4(), ["auditor"])
    trail = await office.client.get("/api/v1/staff/audit/sales?action=sales.dealership", headers=auditor)
    deeds = [entry["action"].rsplit(".", 1)[1] for entry in trail.json()["items"][:4]]
    assert deeds == ["activated", "deactivated", "changed", "added"]


async def test_a_code_belongs_to_one_dealership(office):
    refused = await add(office, 409, code="1001")
    assert refused["code"] == "dealership_code_taken"


async def test_wrong_fields_are_all_named(office):
    week = {"sunday": [{"opens": "16:00", "closes": "08:00"}]}
    refused = await add(office, 422, province="ناکجا", phone="abc", latitude=91, weekly_hours=week)
    fields = {error["field"].split(".")[0] for error in refused["errors"]}
    assert fields == {"province", "phone", "latitude", "weekly_hours"}


async def test_only_managers_and_admins_change_the_directory(office):
    for roles in (["dealer"], ["operator"], ["auditor"]):
        headers = office.keys.authorization(uuid4(), roles)
        assert (await office.client.post(PATH, json=form(), headers=headers)).status_code == 403


async def test_the_office_says_when_it_can_be_called(office):
    hours = (await office.client.get("/api/v1/office-hours")).json()
    assert hours["phone"]
    assert "friday" not in hours["weekly_hours"]
    assert (hours["open_until"] is None) == (not hours["open_now"])
    assert (hours["next_opening"] is None) == hours["open_now"]


async def test_a_file_adds_dealerships_and_changes_known_ones_but_not_their_hours(office):
    await add(office, code="3002")
    told = {name: value for name, value in form().items() if name != "weekly_hours"}
    rows = [DealershipLine(**told | {"code": code, "city": "طوس"}) for code in ("3002", "3003", "3003")]
    lines = [Line(number, row) for number, row in enumerate(rows, 2)]
    async with office.database.transaction() as session:
        batch = Batch(uuid4(), uuid4(), office.clock(), lines)
        assert await service.take_in(session, batch) == []
    found = await shown(office, city="طوس")
    assert {item["code"]: bool(item["weekly_hours"]) for item in found} == {"3002": True, "3003": False}


async def test_a_file_may_say_the_hours_of_the_week(office):
    told = {name: value for name, value in form().items() if name != "weekly_hours"}
    week = {"saturday": "۸ تا ۱۲ و 14:30-18", "thursday": "8:00-13:00", "friday": ""}
    rows = [DealershipLine(**told | {"code": "3004", "city": "سناباد"} | week)]
    rows.append(DealershipLine(**told | {"code": "3005", "city": "سناباد"}))
    async with office.database.transaction() as session:
        lines = [Line(number, row) for number, row in enumerate(rows, 2)]
        assert await service.take_in(session, Batch(uuid4(), uuid4(), office.clock(), lines)) == []
    hours = {item["code"]: item["weekly_hours"] for item in await shown(office, city="سناباد")}
    assert hours["3005"] == {}
    assert hours["3004"]["saturday"] == [
        {"opens": "08:00:00", "closes": "12:00:00"},
        {"opens": "14:30:00", "closes": "18:00:00"},
    ]
    assert hours["3004"]["thursday"] == [{"opens": "08:00:00", "closes": "13:00:00"}]


@pytest.mark.parametrize("cell", ["هشت تا چهار", "16-8", "8-12, 11-14", "25-26"])
def test_hours_that_are_none_make_the_row_a_bad_one(cell):
    told = {name: value for name, value in form().items() if name != "weekly_hours"}
    with pytest.raises(ValidationError):
        DealershipLine(**told, monday=cell)


async def test_the_hours_of_the_office_change_from_a_day_on(office):
    today = tehran_date(office.clock())
    body = {"phone": "1234", "weekly_hours": HOURS}
    later, before = today + timedelta(days=300), today - timedelta(days=1)
    decided = await office.client.put(
        f"/api/v1/staff/office-hours/{later}", json=body, headers=office.manager
    )
    assert decided.status_code == 200, decided.text
    assert (await office.client.get("/api/v1/office-hours")).json()["phone"] != "1234"
    refused = await office.client.put(
        f"/api/v1/staff/office-hours/{before}", json=body, headers=office.manager
    )
    assert refused.json()["code"] == "day_is_over"
    office.clock.advance(days=300)
    assert (await office.client.get("/api/v1/office-hours")).json()["phone"] == "1234"
