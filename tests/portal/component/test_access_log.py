"""Who looked at one's data: in which role, what for, and at what."""

from portal.testing import AT, LOGIN, PAIR, token


async def logged_in(browser, fake) -> None:
    tokens = {"access_token": token(sub="7", roles=[]), "refresh_token": "one", **PAIR}
    fake.say("POST", "/sessions", 201, tokens)
    fake.say("GET", "/me", 200, {"first_name": "مریم", "last_name": "حسینی"})
    await browser.send_form("/login", **LOGIN)


async def test_a_look_is_shown_with_its_role_its_purpose_and_what_was_seen_whole(browser, fake) -> None:
    await logged_in(browser, fake)
    looks: list[dict[str, object]] = [
        {"roles": ["finance"], "purpose": "payment", "fields": ["iban", "mobile"]},
        {"roles": ["operator"], "purpose": None, "fields": []},
    ]
    items = [{"access_id": "1", "at": AT, "action": "x.viewed", **look} for look in looks]
    fake.say("GET", "/me/access-log", 200, {"items": items, "next_cursor": None, "partial": []})
    page = await browser.get("/account/access-log")
    assert page.status_code == 200
    first, second = page.text.split('<ul class="rows changes">')[1].split("<li>")[1:]
    assert all(said in first for said in ("مالی", "پرداخت", "شماره شبا، شماره همراه"))
    assert "None" not in second
    assert 'class="notice' not in page.text


async def test_the_services_whose_part_is_missing_are_named(browser, fake) -> None:
    """With nothing else to show, nobody is told that nobody looked."""
    await logged_in(browser, fake)
    for items in ([], [{"access_id": "1", "at": AT, "roles": ["care"], "purpose": None, "fields": []}]):
        page = {"items": items, "next_cursor": None, "partial": ["sales", "notify"]}
        fake.say("GET", "/me/access-log", 200, page)
        text = (await browser.get("/account/access-log")).text
        assert "سفارش‌ها، پیام‌ها" in text
        assert "تا کنون کسی ندیده است" not in text
        assert text.count("<li><div><strong>") == len(items)
