"""Steps of cars by hand, and contracts that pass on."""

from portal.testing import AT, COLLEAGUE, ME

PLAN = "01981f2a-0000-7000-8000-0000000000aa"
ORDER = "01981f2a-0000-7000-8000-0000000000ab"
IMPORT = "01981f2a-0000-7000-8000-0000000000ac"
TRANSFER = "01981f2a-0000-7000-8000-0000000000ad"


async def test_a_step_by_hand_begins_with_what_was_looked_up(browser, fake, sign_in):
    await sign_in("manager")
    known = {"contract_number": "140500000025", "step": "allocated"}
    page = await browser.send_form("/staff/deliveries/steps", fill="yes", **known)
    assert 'value="140500000025"' in page.text
    assert fake.asked == []
    missing = {"code": "detail_missing", "detail": "به این داده نیاز دارد.", "missing": "vin"}
    fake.say("POST", "/staff/deliveries/steps", 422, missing)
    page = await browser.send_form("/staff/deliveries/steps", on="۱۴۰۵/۰۹/۰۱", **known)
    assert fake.asked[-1].body == {**known, "on": "2026-11-22"}
    assert 'id="vin-wrong"' in page.text
    taken = {"order_id": ORDER, "contract_number": "140500000025", "state": "allocated"}
    fake.say("POST", "/staff/deliveries/steps", 201, taken)
    answer = await browser.send_form("/staff/deliveries/steps", key="k", vin="NAAA00000A0000001", **known)
    assert answer.status_code == 303
    assert fake.asked[-1].headers["idempotency-key"] == "k"


async def test_a_transfer_is_approved_or_refused_and_a_refusal_is_said(browser, fake, sign_in):
    await sign_in("operator")
    transfer = {
        "transfer_id": TRANSFER,
        "order_id": ORDER,
        "state": "accepted",
        "proposed_at": AT,
        "expires_at": AT,
        "contract_number": "140500000025",
        "from_customer_id": ME,
        "to_customer_id": COLLEAGUE,
        "accepted_at": AT,
    }
    fake.say("GET", "/staff/transfers", 200, {"items": [transfer]})
    api, values = f"/staff/transfers/{TRANSFER}", {"transfer_id": TRANSFER}
    fake.say("POST", f"{api}/approval", 200, {**transfer, "state": "completed"})
    answer = await browser.send_form("/staff/transfers", deed="approval", **values)
    assert answer.headers["location"] == "/staff/transfers"
    fake.say("POST", f"{api}/refusal", 409, {"code": "illegal_move", "detail": "دیگر نمی‌شود."})
    answer = await browser.send_form("/staff/transfers", deed="refusal", **values)
    assert (answer.status_code, "دیگر نمی‌شود." in answer.text) == (409, True)
    assert (await browser.send_form("/staff/transfers", deed="other", **values)).status_code == 422
    assert (await browser.send_form("/staff/transfers", deed="approval")).status_code == 422
