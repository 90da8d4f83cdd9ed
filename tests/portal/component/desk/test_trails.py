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
    assert all(said in page.text for said in ("&lt;b&gt;: <bdi>1", "open، paid", "کارشناس تلفنی"))
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


async def test_actions_are_told_in_words_and_ids_lead_to_their_pages(browser, fake, sign_in):
    await sign_in("auditor")
    entry = {
        "entry_id": FIRST, "at": AT, "actor": ME, "roles": ["finance"], "subject": COLLEAGUE,
        "action": "payment.statement.viewed", "client": None, "correlation_id": None,
        "details": {"order_id": BATCH, "purpose": "fraud_review", "from": {"handling": "free"}},
    }  # fmt: skip
    own = entry | {"action": "identity.password.changed", "roles": [], "details": {"by": "reset"}}
    run = entry | {"action": "notify.message_run.begun", "details": {"run_id": SECOND}}
    new = entry | {"action": "payment.moon.landed", "details": {}}
    fake.say("GET", "/staff/audit/payment", 200, {"items": [entry, own, run, new], "next_cursor": None})
    page = unescape((await browser.get("/staff/audit?service=payment")).text)
    for path in (
        f"/staff/statements/{BATCH}",
        f"/staff/members/{ME}",
        f"/staff/people/{ME}?purpose=fraud_review",
        f"/staff/people/{COLLEAGUE}?purpose=fraud_review",
        f"/staff/runs/{SECOND}",
    ):
        assert f'href="{path}"' in page
    said = ("دیدن صورت‌حساب سفارش", "تغییر گذرواژه", "بررسی تقلب", "شیوه‌ی تغییر: free", "payment.moon.landed")
    assert all(one in page for one in said)
    assert f">{BATCH}<" not in page
    await browser.get("/language?to=en")
    assert "Looking at the statement of an order" in (await browser.get("/staff/audit?service=payment")).text
