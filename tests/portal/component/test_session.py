"""Who is logged in, and for how long."""

import asyncio

from portal.testing import LOGIN, PAIR, SECRET, token


def let_in(fake, name: str = "one", **claims) -> None:
    tokens = {"access_token": token(sub="7", roles=[], **claims), "refresh_token": name, **PAIR}
    fake.say("POST", "/sessions", 201, tokens)
    fake.say("GET", "/me", 200, {"first_name": "مریم", "last_name": "حسینی"})
    fake.say("GET", "/sessions", 200, {"items": []})
    fake.say("GET", "/me/devices", 200, {"items": []})


def cookie(answer, name: str) -> str:
    lines = answer.headers.get_list("set-cookie")
    return str(next(line for line in lines if line.startswith(f"__Host-{name}=")))


async def test_the_session_is_a_cookie_that_only_this_host_gets_and_nobody_reads(browser, fake) -> None:
    let_in(fake)
    answer = await browser.send_form("/login", **LOGIN)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    line = cookie(answer, "session")
    assert {"Path=/", "Secure", "HttpOnly", "SameSite=Lax"} <= set(line.split("; "))
    assert "Domain" not in line
    assert token(sub="7", roles=[])[4:20] not in line


async def test_who_is_not_logged_in_is_led_to_the_login_and_back(browser) -> None:
    answer = await browser.get("/account/sessions?cursor=x")
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/login?next=/account/sessions%3Fcursor%3Dx",
    )


async def test_a_cookie_that_was_touched_is_no_session(browser, fake) -> None:
    let_in(fake)
    await browser.send_form("/login", **LOGIN)
    sealed = browser.cookies["__Host-session"]
    browser.cookies.clear()
    browser.cookies.set("__Host-session", sealed[:-2] + ("AA" if sealed[-2:] != "AA" else "BB"))
    assert (await browser.get("/account")).status_code == 303


async def test_a_session_cookie_does_not_open_as_another(browser, fake) -> None:
    let_in(fake)
    await browser.send_form("/login", **LOGIN)
    sealed = browser.cookies["__Host-session"]
    browser.cookies.clear()
    browser.cookies.set("__Host-device", sealed)
    fake.asked.clear()
    await browser.send_form("/login", **LOGIN)
    assert "device_token" not in fake.asked[0].body


async def test_pages_asked_for_together_refresh_once(browser, fake, clock) -> None:
    let_in(fake)
    await browser.send_form("/login", **LOGIN)
    clock.advance(seconds=595)
    tokens = {"access_token": token(sub="7", roles=[], n=2), "refresh_token": "two", **PAIR}
    fake.say("POST", "/sessions/refresh", 201, tokens)
    fake.asked.clear()
    kept = dict(browser.cookies)
    answers = await asyncio.gather(*(browser.get("/account/sessions") for _ in range(4)))
    late = await browser.get(
        "/account/sessions", headers={"cookie": f"__Host-session={kept['__Host-session']}"}
    )
    assert {answer.status_code for answer in (*answers, late)} == {200}
    assert [asked.body for asked in fake.asked if asked.path.endswith("refresh")] == [
        {"refresh_token": "one"}
    ]
    assert "__Host-session" in "".join(late.headers.get_list("set-cookie"))


async def test_a_token_that_is_refused_is_refreshed_once_and_the_page_is_shown(browser, fake) -> None:
    let_in(fake)
    await browser.send_form("/login", **LOGIN)
    problem = {"code": "unauthenticated", "detail": "برای این کار باید وارد شوید."}
    fake.say("GET", "/sessions", 401, problem)
    fake.say("POST", "/sessions/refresh", 401, {"code": "session_ended", "detail": "پایان یافت."})
    answer = await browser.get("/account/sessions")
    assert answer.headers["location"] == "/login?next=/account/sessions"
    assert "Max-Age=0" in cookie(answer, "session")


async def test_a_login_leads_only_to_our_own_pages(browser, fake) -> None:
    let_in(fake)
    for wrong in (
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "/a\nb",
    ):
        answer = await browser.send_form("/login", **LOGIN)
        page = await browser.get("/login")
        csrf = page.text.partition('name="csrf" value="')[2].partition('"')[0]
        answer = await browser.post("/login", params={"next": wrong}, data={"csrf": csrf, **LOGIN})
        assert answer.headers["location"] == "/account", wrong


async def test_a_wrong_password_is_said_and_never_shown_again(browser, fake) -> None:
    fake.say(
        "POST", "/sessions", 401, {"code": "wrong_credentials", "detail": "کد ملی یا گذرواژه درست نیست."}
    )
    answer = await browser.send_form("/login", **LOGIN)
    assert answer.status_code == 401
    assert "کد ملی یا گذرواژه درست نیست." in answer.text
    assert LOGIN["national_code"] in answer.text
    assert SECRET not in answer.text


async def test_the_gateway_is_told_for_whom_the_portal_asks(browser, fake) -> None:
    let_in(fake)
    page = await browser.get("/login", headers={"accept-language": "en"})
    csrf = page.text.partition('name="csrf" value="')[2].partition('"')[0]
    headers = {"x-client-address": "5.6.7.8", "user-agent": "Phone"}
    await browser.post("/login", data={"csrf": csrf, **LOGIN}, headers=headers)
    told = fake.asked[0].headers
    assert told["x-forwarded-for"] == "5.6.7.8"
    assert told["x-portal-key"] == "portal-key-of-the-tests"
    assert (told["user-agent"], told["accept-language"]) == ("Phone", "fa")


async def test_staff_are_led_to_their_desk_and_those_who_must_enrol_to_that(browser, fake) -> None:
    let_in(fake)
    tokens = {"access_token": token(sub="7", roles=["manager"]), "refresh_token": "m", **PAIR}
    fake.say("POST", "/sessions", 201, tokens)
    assert (await browser.send_form("/login", **LOGIN)).headers["location"] == "/staff"
    tokens["access_token"] = token(sub="7", roles=[], scope="enrolment")
    fake.say("POST", "/sessions", 201, tokens)
    assert (await browser.send_form("/login", **LOGIN)).headers["location"] == "/account/second-factor"
