"""The staff's order of the SMS providers, what is left at them, and what providers tell by themselves."""

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import text

from notify.routing.credit import CreditWatch

USUAL = ["kavenegar", "ghasedak", "smsir", "ippanel", "melipayamak"]


@pytest.fixture(autouse=True)
async def usual_routes(notify):
    yield
    async with notify.database.transaction() as session:
        await session.execute(text("DELETE FROM sms_routes WHERE route IN ('transactional', 'bulk')"))
        for route in ("transactional", "bulk"):
            for position, provider in enumerate(USUAL):
                row = {"route": route, "position": position, "provider": provider}
                await session.execute(
                    text("INSERT INTO sms_routes VALUES (:route, :position, :provider)"), row
                )


async def put(staff, route, *providers, role="manager"):
    return await staff(role, "PUT", f"/staff/sms-routes/{route}", json={"providers": list(providers)})


async def test_the_order_is_shown_as_it_was_made(staff):
    shown = (await staff("auditor", "GET", "/staff/sms-routes")).json()["items"]
    orders = {row["route"]: row["providers"] for row in shown}
    assert orders["code"] == USUAL
    assert orders["voice"] == ["kavenegar", "ippanel", "ghasedak"]


async def test_a_new_order_holds_without_a_restart_and_is_audited(notify, simulator, person, staff):
    assert (await put(staff, "bulk")).status_code == 200
    assert (await put(staff, "transactional", "kavenegar")).json()["providers"] == ["kavenegar"]
    notify.failover._known_until = 0
    await notify.handle(person.registered())
    await notify.send()
    assert await notify.state() == "sent"
    entries = (await staff("auditor", "GET", "/staff/audit/notify")).json()["items"]
    [changed] = [entry for entry in entries if entry["details"].get("route") == "transactional"]
    assert changed["action"] == "notify.sms_route.changed"
    assert changed["details"] == {"route": "transactional", "before": USUAL, "after": ["kavenegar"]}


@pytest.mark.parametrize(
    ("route", "providers", "codes"),
    [
        ("code", [], ["empty"]),
        ("code", ["pigeon"], ["unknown_provider"]),
        ("code", ["kavenegar", "smsir"], ["not_connected"]),
        ("bulk", ["kavenegar", "kavenegar"], ["twice"]),
        ("voice", ["smsir"], ["not_connected"]),
    ],
)
async def test_an_order_that_could_not_hold_is_refused(staff, route, providers, codes):
    answer = await put(staff, route, *providers)
    assert answer.status_code == 422
    assert [error["code"] for error in answer.json()["errors"]] == codes


@pytest.mark.parametrize("role", ["care", "auditor", "finance", "operator"])
async def test_only_who_may_changes_the_order(staff, role):
    assert (await put(staff, "bulk", "kavenegar", role=role)).status_code == 403


async def test_what_is_left_is_kept_shown_and_measured(notify, simulator, staff):
    await simulator.http.put("/sms/credit/kavenegar", json={"credit": 7_000_000})
    watch = next(job for job in notify.service.jobs if job.name == "notify.sms_credit").run.__self__
    assert isinstance(watch, CreditWatch)
    await watch.run()
    await simulator.http.put("/sms/credit/kavenegar", json={"credit": 10_000_000_000})
    floor = {"credit_floor": 8_000_000}
    answer = await staff("manager", "PUT", "/staff/sms-providers/kavenegar", json=floor)
    assert (answer.json()["credit"], answer.json()["credit_floor"]) == (7_000_000, 8_000_000)
    shown = (await staff("finance", "GET", "/staff/sms-providers")).json()["items"]
    connected = {row["name"]: (row["connected"], row["credit_unit"]) for row in shown}
    assert connected["kavenegar"] == (True, "rial")
    assert connected["smsir"] == (False, "messages")
    assert REGISTRY.get_sample_value("sms_credit", {"provider": "kavenegar"}) == 7_000_000


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_hint_of_the_provider_makes_it_be_asked_at_once(notify, simulator, person, api, method):
    await notify.handle(person.registered())
    await notify.send()
    await simulator.advance(10)
    notify.clock.advance(seconds=10)
    await notify.ask_delivery()
    assert await notify.state() == "sent"
    [row] = await notify.rows("provider_message_id")
    fields = {"messageid": row["provider_message_id"], "status": "11"}
    told = {"params": fields} if method == "GET" else {"data": fields}
    answer = await api.request(method, "/sms-deliveries/kavenegar", **told)
    assert (answer.status_code, answer.content) == (204, b"")
    assert await notify.state() == "sent"
    await notify.ask_delivery()
    assert await notify.state() == "delivered"


@pytest.mark.parametrize("message_id", ["999", "'; DROP TABLE messages", "", "٣٤"])
async def test_a_hint_about_nothing_is_answered_as_any_other(notify, api, message_id):
    answer = await api.get("/sms-deliveries/kavenegar", params={"messageid": message_id, "status": "10"})
    assert answer.status_code == 204


@pytest.mark.parametrize("provider", ["smsir", "pigeon"])
async def test_who_has_no_webhook_is_not_listened_to(notify, api, provider):
    assert (await api.get(f"/sms-deliveries/{provider}", params={"messageid": "1"})).status_code == 404


async def test_a_hint_of_a_hundred_thousand_fields_is_refused_unread(api):
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await api.post(
        "/sms-deliveries/kavenegar", content="messageid=1" + "&a=1" * 100_000, headers=headers
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
