"""How payment providers are arranged on the desk."""

from portal.testing import AT

BATCH = "01981f2a-0000-7000-8000-0000000000c1"
FIRST, SECOND = "01981f2a-0000-7000-8000-0000000000c2", "01981f2a-0000-7000-8000-0000000000c3"
DIFFERENCE = "01981f2a-0000-7000-8000-0000000000c4"
MONEY = 1_500_000_000


async def send(browser, page: str, path: str, **values: str):
    """A form of ``page`` that goes to ``path``."""
    shown = (await browser.get(page)).text
    csrf = shown.partition('name="csrf" value="')[2].partition('"')[0]
    return await browser.post(path, data={"csrf": csrf, **values})


PROVIDER = {
    "offered": True,
    "rank": 1,
    "smallest": None,
    "largest": 500_000_000,
    "fee_share": 25,
    "fee_least": 0,
    "fee_most": None,
    "provider": "zibal",
    "version": 4,
    "changed_at": AT,
    "connected": True,
    "resting": False,
}


async def test_a_provider_is_arranged_from_the_version_that_was_seen(browser, fake, sign_in):
    await sign_in("finance")
    fake.say("GET", "/staff/payment-providers", 200, {"items": [PROVIDER]})
    assert 'href="/staff/providers/zibal"' in (await browser.get("/staff/providers")).text
    assert 'value="4"' in (await browser.get("/staff/providers/zibal")).text
    fake.say("PUT", "/staff/payment-providers/zibal", 200, PROVIDER)
    values = {"rank": "۲", "fee_share": "30", "fee_least": "0", "largest": "500٬000٬000", "version": "4"}
    answer = await browser.send_form("/staff/providers/zibal", **values)
    assert answer.headers["location"] == "/staff/providers"
    assert fake.asked[-1].body == {
        "offered": False,
        "rank": 2,
        "smallest": None,
        "largest": 500_000_000,
        "fee_share": 30,
        "fee_least": 0,
        "fee_most": None,
        "version": 4,
    }
    changed = {"code": "route_changed", "detail": "همکاری آن را تغییر داده است."}
    fake.say("PUT", "/staff/payment-providers/zibal", 409, changed)
    answer = await browser.send_form("/staff/providers/zibal", offered="yes", **values)
    assert (answer.status_code, "همکاری آن را تغییر داده است." in answer.text) == (409, True)
    answer = await browser.send_form("/staff/providers/zibal", version="4", rank="x")
    assert (answer.status_code, 'id="rank-wrong"' in answer.text) == (422, True)
    assert (await browser.get("/staff/providers/other")).status_code == 404
