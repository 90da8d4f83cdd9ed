"""The registers of the desk: what holds is shown, and decided by who may."""

import re
from typing import Any

import pytest

from portal.pages.desk_rules.routes import REGISTERS
from portal.testing import AT, changed

LANE: dict[str, Any] = {
    "lane": "bulk", "in_flight": 4, "per_second": None, "rial_per_part": 900, "daily_rial": 5_000_000,
    "warn_percent": 80, "spent_today": 4_100_000, "warning": True,
}  # fmt: skip
TOPIC: dict[str, Any] = {
    "code": "late", "title": "دیرکرد", "sections": ["sales", "dealership"], "to_province": False,
    "position": 1, "active": True,
}  # fmt: skip
ROWS: dict[str, dict[str, Any]] = {
    "card-limits": {"valid_from": "2026-06-01", "daily_ceiling": 2_000_000_000, "smallest_part": 10_000},
    "late-fee-caps": {"valid_from": "2026-06-01", "rate": 1850},
    "penalty-rates": {
        "kind": "immediate", "valid_from": "2026-06-01", "monthly": 250, "yearly_deposit": 0, "divisor": 30,
        "source": "بخشنامه", "version": 2,
    },
    "lanes": LANE,
    "quiet-hours": {"quiet_from": "22:00:00", "quiet_until": "08:00:00", "four_eyes_above": 1000},
    "sms-providers": {
        "name": "smsir", "credit_floor": 10, "connected": True, "credit": None, "credit_unit": "messages",
        "credit_at": None, "texts_at_once": 100, "voice": False,
    },
    "sms-routes": {"route": "code", "providers": ["smsir", "kavenegar"]},
    "complaint-rules": {
        "valid_from": "2026-06-01", "answer_days": 30, "warnings": [10, 20], "reopen_days": 30,
        "decision_days": 20, "execution_days": 10,
    },
    "complaint-topics": TOPIC,
    "complaint-contacts": {"section": "sales", "mobile": "09120000000", "updated_at": AT},
    "account-fields": {
        "field": "last_name", "handling": "approval", "approvals": 2, "least_approvals": 2,
        "inquiries": ["civil_registry"], "valid_from": AT,
    },
    "days": {"scope": "bank", "day": "2026-06-01", "working": False, "reason": "برف", "applied_at": None},
}  # fmt: skip


def holds(fake, name: str) -> None:
    register = REGISTERS[name]
    fake.say("GET", register.api, 200, ROWS[name] if register.single else {"items": [ROWS[name]]})


@pytest.mark.parametrize("name", REGISTERS)
async def test_every_register_is_shown_and_offers_nothing_to_who_only_reads(browser, fake, sign_in, name):
    holds(fake, name)
    await sign_in("auditor")
    page = await browser.get(f"/staff/rules/{name}")
    assert (page.status_code, f"/staff/rules/{name}/row" in page.text) == (200, False)
    assert 'name="deed"' not in page.text


@pytest.mark.parametrize("name", [name for name, one in REGISTERS.items() if one.changes])
async def test_a_row_that_is_changed_is_sent_as_it_was_when_nothing_is_typed(browser, fake, sign_in, name):
    register, row = REGISTERS[name], ROWS[name]
    holds(fake, name)
    await sign_in("manager")
    key = "/".join(row[one] for one in register.key)
    place = f"{register.api}/{key}" if key else register.api
    fake.say("PUT", place, 200, row)
    form = await browser.get(f"/staff/rules/{name}/row?of={key}")
    answer = await browser.post(f"/staff/rules/{name}/row", data=fields_of(form.text))
    assert answer.headers["location"] == f"/staff/rules/{name}"
    sent = {one.name: row[one.name] for one in register.decided}
    if name == "quiet-hours":
        sent |= {"quiet_from": "22:00", "quiet_until": "08:00"}
    assert changed(fake.asked) == [("PUT", place, sent)]


def fields_of(html: str) -> dict[str, list[str]]:
    """What a browser would send of the page's form."""
    found: dict[str, list[str]] = {}
    for field in re.findall(r"<input[^>]*>", html.partition("<main")[2]):
        said = dict(re.findall(r'(\w+)="([^"]*)"', field))
        if said.get("type") == "checkbox" and " checked" not in field:
            continue
        found.setdefault(said["name"], []).append(said.get("value", ""))
    for name, options in re.findall(r'<select[^>]* name="(\w+)"[^>]*>(.*?)</select>', html, re.DOTALL):
        found[name] = re.findall(r'value="([^"]*)" selected', options)
    return found


async def test_a_field_of_accounts_is_decided_by_its_name_and_refused_beside_it(browser, fake, sign_in):
    holds(fake, "account-fields")
    await sign_in("admin")
    page, place = "/staff/rules/account-fields", "/staff/field-policies/last_name"
    assert "با تأیید کارکنان" in (await browser.get(page)).text
    error = {"field": "handling", "code": "never_free", "message": "بی تأیید تغییر نمی‌کند."}
    fake.say("PUT", place, 422, {"code": "invalid_fields", "detail": "نادرست.", "errors": [error]})
    form = await browser.send_form(f"{page}/row", of="last_name", handling="free", approvals="۰")
    assert (form.status_code, error["message"] in form.text) == (422, True)
    assert changed(fake.asked) == [("PUT", place, {"handling": "free", "approvals": 0})]


async def test_a_day_of_the_register_stands_in_the_address_that_is_put(browser, fake, sign_in):
    holds(fake, "card-limits")
    await sign_in("finance")
    fake.say("PUT", "/staff/card-limits/2026-06-01", 200, ROWS["card-limits"])
    values = {"valid_from": "۱۴۰۵/۰۳/۱۱", "daily_ceiling": "2٬000٬000٬000", "smallest_part": "۱۰۰۰۰"}
    answer = await browser.send_form("/staff/rules/card-limits/row", **values)
    assert answer.headers["location"] == "/staff/rules/card-limits"
    body = {"daily_ceiling": 2_000_000_000, "smallest_part": 10_000}
    assert changed(fake.asked) == [("PUT", "/staff/card-limits/2026-06-01", body)]


async def test_a_rate_is_posted_once_in_basis_points(browser, fake, sign_in):
    await sign_in("finance")
    fake.say("POST", "/staff/late-fee-caps", 201, ROWS["late-fee-caps"])
    values = {"valid_from": "1405/03/11", "rate": "۱۸٫۵", "key": "k"}
    await browser.send_form("/staff/rules/late-fee-caps/row", **values)
    assert changed(fake.asked) == [
        ("POST", "/staff/late-fee-caps", {"valid_from": "2026-06-01", "rate": 1850})
    ]
    assert fake.asked[-1].headers["idempotency-key"] == "k"


async def test_what_is_wrong_stands_beside_it_and_nothing_is_sent(browser, fake, sign_in):
    await sign_in("manager")
    values = {"valid_from": "1405/13/01", "answer_days": "سی", "warnings": "۱۰ و ۲۰", "reopen_days": "۱"}
    page = await browser.send_form("/staff/rules/complaint-rules/row", **values)
    assert (page.status_code, changed(fake.asked)) == (422, [])
    for name in ("valid_from", "answer_days", "warnings", "decision_days"):
        assert f'id="{name}-wrong"' in page.text
    problem = {"code": "not_its_day", "detail": "از فردا.", "earliest": "2026-06-02"}
    fake.say("PUT", "/staff/complaint-rules/2026-06-01", 422, problem)
    values = {"answer_days": "30", "warnings": "10، 20", "reopen_days": "1", "decision_days": "20"}
    values |= {"valid_from": "1405/03/11", "execution_days": "۱۰"}
    page = await browser.send_form("/staff/rules/complaint-rules/row", **values)
    assert (page.status_code, "از فردا." in page.text, 'value="10، 20"' in page.text) == (422, True, True)


async def test_topics_retire_and_come_back_and_contacts_go(browser, fake, sign_in):
    holds(fake, "complaint-topics")
    holds(fake, "complaint-contacts")
    await sign_in("admin")
    topics, contacts = "/staff/rules/complaint-topics", "/staff/rules/complaint-contacts"
    fake.say("POST", "/staff/complaint-topics/late/retirement", 200, TOPIC)
    fake.say("DELETE", "/staff/complaint-topics/late/retirement", 200, TOPIC)
    fake.say("DELETE", "/staff/complaint-contacts/sales", 200, ROWS["complaint-contacts"])
    assert (await browser.send_form(topics, deed="retire", of="late")).status_code == 303
    assert (await browser.send_form(topics, deed="restore", of="late")).status_code == 303
    assert (await browser.send_form(contacts, deed="remove", of="sales")).status_code == 303
    assert [method for method, _, _ in changed(fake.asked)] == ["POST", "DELETE", "DELETE"]


async def test_only_rows_that_are_there_are_touched(browser, fake, sign_in):
    holds(fake, "complaint-topics")
    await sign_in("admin")
    page, of = "/staff/rules/complaint-topics", "../plans"
    assert (await browser.send_form(page, deed="retire", of=of)).status_code == 404
    assert (await browser.send_form(f"{page}/row", of=of, title="x", sections="sales")).status_code == 404
    assert (await browser.send_form(page, deed="anything", of="late")).status_code == 422
    assert (await browser.get("/staff/rules/anything")).status_code == 404
    assert changed(fake.asked) == []
