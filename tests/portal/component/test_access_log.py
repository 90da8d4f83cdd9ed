"""Who looked at one's data: in which role, what for, and at what."""

from portal.testing import AT, LOGIN, PAIR, token


async def test_a_look_is_shown_with_its_role_its_purpose_and_what_was_seen_whole(browser, fake) -> None:
    tokens = {"access_token": token(sub="7", roles=[]), "refresh_token": "one", **PAIR}
    fake.say("POST", "/sessions", 201, tokens)
    fake.say("GET", "/me", 200, {"first_name": "مریم", "last_name": "حسینی"})
    await browser.send_form("/login", **LOGIN)
    looks = [
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
