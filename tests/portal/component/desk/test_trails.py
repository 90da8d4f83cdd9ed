"""The trails of the services on the desk."""

from html import unescape

from portal.testing import AT, COLLEAGUE, ME

BATCH = "01981f2a-0000-7000-8000-0000000000c1"
FIRST, SECOND = "01981f2a-0000-7000-8000-0000000000c2", "01981f2a-0000-7000-8000-0000000000c3"
DIFFERENCE = "01981f2a-0000-7000-8000-0000000000c4"
MONEY = 1_500_000_000


async def send(browser, page: str, path: str, **values: str):
    """A form of ``page`` that goes to ``path``."""
    shown = (await browser.get(page)).text
    csrf = shown.partition('name="csrf" value="')[2].partition('"')[0]
    return await browser.post(path, data={"csrf": csrf, **values})


async def test_each_service_tells_its_own_trail_and_filters_stay(browser, fake, sign_in):
    await sign_in("auditor")
    entry = {
        "entry_id": FIRST,
        "at": AT,
        "actor": ME,
        "roles": ["operator"],
        "subject": COLLEAGUE,
        "action": "sales.order.looked_up",
        "client": "10.0.0.0/24",
        "correlation_id": None,
        "details": {"by": "number", "<b>": 1, "states": ["open", "paid"], "until": None},
    }
    for path in ("", "/sales", "/payment", "/notify"):
        fake.say("GET", "/staff/audit" + path, 200, {"items": [entry], "next_cursor": FIRST})
    await browser.get("/staff/audit")
    assert fake.asked[-1].path == "/api/v1/staff/audit"
    page = await browser.get("/staff/audit?service=payment&action=payment.refund_batch&until=1405/08/29")
    assert fake.asked[-1].path == "/api/v1/staff/audit/payment"
    assert all(said in page.text for said in ("&lt;b&gt;: 1", "states: open, paid", "کارشناس تلفنی"))
    assert "None" not in page.text
    assert f"service=payment&actor={ME}" in unescape(page.text)
    assert f"service=payment&action=payment.refund_batch&until=1405%2F08%2F29&cursor={FIRST}" in unescape(
        page.text
    )
    wrong = [{"field": "query.actor", "message": "شناسه نیست.", "code": "uuid"}]
    problem = {"code": "validation_failed", "detail": "درست نیست.", "errors": wrong}
    fake.say("GET", "/staff/audit/sales", 422, problem)
    answer = await browser.get("/staff/audit?service=sales&actor=x")
    assert (answer.status_code, "درست نیست." in answer.text) == (422, True)
