"""Two people of the sales department draw: one proposes, the other starts."""

from datetime import UTC, datetime

from chassis.testing.eventually import eventually
from nobat.testing.draw import freeze, in_state
from nobat.testing.plan import order_form

VALUE = "۲٬۳۴۵٬۶۷۸"


async def test_two_people_draw_with_a_value_that_nobody_knew_before(
    colleagues, manager, buyer, publish_plan, dealership_id
) -> None:
    first, second = colleagues
    plan = await publish_plan(title="قرعه‌کشی دو نفره", method="draw", car={"capacity": 1})
    await buyer.until_eligible(plan)
    await buyer.post("/orders", order_form(plan, dealership_id))
    page = f"/staff/draws/{plan['plan_id']}"
    await manager.post(f"/staff/plans/{plan['plan_id']}/closure", expected=200)
    await first.open(f"{page}/freeze")
    await first.fill(witnesses_until_on="۱۴۰۵/۱۳/۴۰")
    await first.press("بستن فهرست و انتشار تعهدنامه")
    assert await first.page.input_value('[name="witnesses_until_on"]') == "۱۴۰۵/۱۳/۴۰"
    await first.look("desk-draw-freeze")

    await freeze(manager, plan["plan_id"], closed=True)
    await first.open(page)
    await first.look("desk-draw-frozen")
    [source] = (await manager.get(page))["recipe"]["sources"]
    known_from = datetime.fromisoformat(source["alternatives"][0]["at"])
    await eventually(known_since(known_from), within=60)
    await first.fill(**{"value.1.1": VALUE, "evidence.1.1": "تارنمای بورس"})
    await first.press("ثبت مقدار")
    await first.press("پیشنهاد آغاز")
    assert "کس دیگری باید آن را آغاز کند" in await first.text()

    await second.open(page)
    await second.press("آغاز قرعه‌کشی")
    await in_state(manager, page, "drawn")
    await second.open(page)
    assert "قرعه‌کشی انجام شد." in await second.text()
    await second.look("desk-draw-drawn")


def known_since(moment: datetime):
    async def is_over() -> bool:
        return datetime.now(UTC) > moment

    return is_over
