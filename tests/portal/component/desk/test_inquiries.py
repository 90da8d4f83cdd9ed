"""Checking people's data again, from the desk."""

from typing import Any

import pytest

from portal.testing import AT, COLLEAGUE, changed

RUN = "019a0000-0000-7000-8000-00000000000f"
API, PAGE = "/staff/inquiries/runs", "/staff/inquiries"


def run(**values: Any) -> dict[str, Any]:
    return {
        "run_id": RUN, "kinds": ["iban_owner"], "state": "running", "everybody": True, "listed": True,
        "asked": 10, "from_memory": 2, "matched": 5, "not_matched": 1, "invalid": 0, "waiting": 4,
        "started_by": COLLEAGUE, "started_at": AT, "ended_at": None, **values,
    }  # fmt: skip


@pytest.fixture(autouse=True)
def runs(fake) -> None:
    fake.say("GET", API, 200, {"items": [run(), run(run_id=COLLEAGUE, state="done")], "next_cursor": None})


async def test_runs_are_found_again(browser, fake, sign_in):
    await sign_in("manager")
    page = await browser.get(PAGE)
    assert page.status_code == 200
    assert all(f'href="{PAGE}/{known}"' in page.text for known in (RUN, COLLEAGUE))


async def test_a_run_is_begun_for_some_or_for_everybody(browser, fake, sign_in):
    await sign_in("manager")
    fake.say("POST", API, 202, {"run_id": RUN})
    answer = await browser.send_form(PAGE, kinds=["iban_owner"], customer_ids="a، b\nc", key="k")
    assert answer.headers["location"] == f"{PAGE}/{RUN}"
    await browser.send_form(PAGE, kinds=["iban_owner"], everybody="yes")
    bodies = [body for _, _, body in changed(fake.asked)]
    assert bodies == [{"kinds": ["iban_owner"], "customer_ids": who} for who in (["a", "b", "c"], None)]


@pytest.mark.parametrize("form", [{}, {"everybody": "yes", "customer_ids": "a"}])
async def test_whom_it_is_for_is_never_guessed(browser, fake, sign_in, form):
    await sign_in("admin")
    page = await browser.send_form(PAGE, kinds=["iban_owner"], **form)
    assert (page.status_code, 'id="customer_ids-wrong"' in page.text) == (422, True)
    assert changed(fake.asked) == []


async def test_a_run_is_watched_and_stopped(browser, fake, sign_in):
    await sign_in("manager")
    place = f"{PAGE}/{RUN}"
    fake.say("GET", f"{API}/{RUN}", 200, run())
    page = await browser.get(place)
    assert "refresh" in page.headers
    assert 'value="resume"' not in page.text
    fake.say("POST", f"{API}/{RUN}/pause", 200, run(state="paused"))
    assert (await browser.send_form(place, deed="pause")).headers["location"] == place
    problem = {"code": "illegal_run_move", "detail": "نمی‌شود."}
    fake.say("POST", f"{API}/{RUN}/resume", 409, problem)
    page = await browser.send_form(place, deed="resume")
    assert (page.status_code, problem["detail"] in page.text) == (409, True)
