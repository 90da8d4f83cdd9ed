"""A buyer's whole way: from the plan to the bank and back, to the contract and what comes after it."""

from chassis.testing.eventually import eventually
from nobat.testing.plan import order_form
from nobat.testing.visitor import Visitor

MODEL = "آذرخش"
"""Which no other plan sells."""


async def fill_in(window, plan) -> None:
    """The three steps of an order, up to the summary."""
    await window.open(f"/plans/{plan['plan_id']}/order")
    await window.page.locator("[name=choice1]").first.check()
    await window.press("ادامه")
    await window.page.locator("[name=dealership_id]").first.check()
    await window.press("ادامه")


async def at_the_bank(window, button: str, then: str) -> None:
    """Goes to the bank by the button ``then``, presses one there and comes back to the shop."""
    await window.page.get_by_role("button", name=then, exact=True).first.click()
    bank = window.page.get_by_role("button", name=button, exact=True)
    await bank.wait_for()
    await bank.click()
    await window.page.wait_for_url("**/payments/*")
    window.complaints.clear()  # the bank's own


async def order(window, plan) -> None:
    """From the list of plans to the order that is placed, past what is left out on the way."""
    await window.open(f"/plans?model={MODEL}")
    await window.look("plans")
    await window.open(f"/plans/{plan['plan_id']}")
    await window.look("plan")
    await window.follow("ثبت سفارش")
    await window.press("ادامه")
    assert "خودرو و رنگ را انتخاب کنید." in await window.text()
    await fill_in(window, plan)
    await window.press("ثبت سفارش")
    assert "شرایط را بپذیرید" in await window.text()
    await window.look("order-summary")
    await window.page.locator("[name=agreed]").check()
    await window.press("ثبت سفارش")
    await window.page.get_by_role("button", name="پرداخت در درگاه بانک").wait_for()
    await window.look("order-placed")


async def pay(window) -> str:
    """With a card that is refused first; where the browser came back to."""
    await at_the_bank(window, "رد کردن کارت", "پرداخت در درگاه بانک")
    assert await window.title() == "پرداخت انجام نشد"
    await window.look("payment-failed")
    await at_the_bank(window, "پرداخت", "تلاش دوباره")
    assert await window.title() == "پرداخت انجام شد"
    await window.look("payment-done")
    return str(window.path)


async def change_and_settle(window) -> None:
    await window.follow("تغییر رنگ یا نمایندگی")
    await window.choose("colour", "مشکی")
    await window.press("ثبت تغییر")
    assert "تغییر شما ثبت شد." in await window.text()
    await window.open("/payments")
    await window.look("payment-status")
    await window.press("تسویه‌ی اصل")
    assert "قبض درخواست شد" in await window.text()


async def cancel(window) -> None:
    await window.follow("انصراف")
    await window.look("cancellation")
    await window.press("ثبت انصراف")
    assert "این خانه را نشان بزنید" in await window.text()
    await window.page.locator("[name=sure]").check()
    await window.press("ثبت انصراف")
    assert "انصراف شما ثبت شد" in await window.text()


async def test_a_car_is_ordered_paid_followed_and_given_back(open_window, enter, buyer, publish_plan) -> None:
    plan = await publish_plan(
        title="فروش فوری، تحویل سی‌روزه", car={"model": MODEL}, terms={"colour_until": "settlement"}
    )
    await buyer.until_eligible(plan)
    window = await open_window("phone")
    await enter(window, buyer)
    await order(window, plan)
    came_back = await pay(window)

    await window.follow("دیدن سفارش")
    path = window.path.partition("?")[0]
    await buyer.order_in_state(path.removeprefix("/orders/"), "contract_active")
    await window.open(path)
    await window.look("order")
    for paper in (f"{path}/contract.pdf", f"{came_back}/receipt.pdf"):
        answer = await window.page.request.get(window.base_url + paper)
        assert answer.headers["content-type"] == "application/pdf"
    stranger = await open_window("phone", scripts=False)
    await stranger.open(came_back)
    assert await stranger.title() == "از درگاه بانک برگشتید"

    await change_and_settle(window)
    await fill_in(window, plan)
    await window.page.locator("[name=agreed]").check()
    await window.press("ثبت سفارش")
    await window.follow("دیدن همان سفارش")
    await cancel(window)
    await window.open("/orders")
    await window.look("orders")


async def test_a_browser_without_scripts_comes_as_far(open_window, enter, buyer, publish_plan) -> None:
    plan = await publish_plan(terms={"colour_until": "settlement"})
    await buyer.until_eligible(plan)
    window = await open_window("phone", scripts=False)
    await enter(window, buyer)
    await fill_in(window, plan)
    await window.page.locator("[name=agreed]").check()
    await window.press("ثبت سفارش")
    await at_the_bank(window, "پرداخت", "پرداخت در درگاه بانک")
    assert await window.title() == "پرداخت انجام شد"
    await window.follow("دیدن سفارش")
    path = window.path.partition("?")[0]
    await buyer.order_in_state(path.removeprefix("/orders/"), "contract_active")
    await window.open(path)
    await change_and_settle(window)
    await window.open(path)
    await cancel(window)


async def test_a_car_that_goes_meanwhile_leaves_the_rest_of_the_form(
    open_window, enter, buyer: Visitor, publish_plan, manager: Visitor, dealership_id, member: Visitor
) -> None:
    plan = await publish_plan(car={"capacity": 1})
    await member.until_eligible(plan)
    await buyer.until_eligible(plan)
    window = await open_window("phone", scripts=False)
    await enter(window, buyer)
    await fill_in(window, plan)
    await window.page.locator("[name=agreed]").check()
    await member.post("/orders", order_form(plan, dealership_id))
    await window.press("ثبت سفارش")
    assert "ظرفیت" in await window.text()
    await window.look("order-sold-out")

    plan = await publish_plan()
    await fill_in(window, plan)
    await window.page.locator("[name=agreed]").check()
    await manager.post(f"/staff/plans/{plan['plan_id']}/closure", expected=200)
    await manager.until_known_everywhere(plan["plan_id"], "closed")
    await window.press("ثبت سفارش")
    assert "این طرح بسته شد" in await window.text()
    await window.look("order-closed")


async def test_an_order_is_shown_as_it_changes(
    open_window, enter, buyer: Visitor, publish_plan, dealership_id
) -> None:
    placed = await buyer.order(await publish_plan(), dealership_id)
    bill = await buyer.bill_of(placed["order_id"])
    window = await open_window("desktop")
    await enter(window, buyer)
    await window.open(f"/orders/{placed['order_id']}")
    await window.look("order-awaiting")
    await buyer.pay_up(bill["id"])

    async def shown() -> str:
        return str(await window.page.locator("#live-state").inner_text())

    await eventually(shown, lambda text: "قرارداد فعال شد" in text)


async def test_a_result_that_is_not_known_asks_for_patience_and_for_no_second_payment(
    open_window, enter, buyer: Visitor, publish_plan, dealership_id, simulators
) -> None:
    placed = await buyer.order(await publish_plan(), dealership_id)
    bill = await buyer.bill_of(placed["order_id"])
    window = await open_window("phone", scripts=False)
    await enter(window, buyer)
    await window.open(f"/bills/{bill['id']}")
    await window.look("bill")
    await window.page.get_by_role("button", name="رفتن به درگاه بانک").click()
    button = window.page.get_by_role("button", name="پرداخت", exact=True)
    await button.wait_for()
    silent = [{"kind": "unavailable", "operation": "verify", "times": None}]
    reference = window.page.url.rpartition("/")[2]
    (await simulators.put(f"/bank/faults/payments/{reference}", json=silent)).raise_for_status()
    await button.click()
    await window.page.wait_for_url("**/payments/*")
    window.complaints.clear()  # the bank's own
    assert await window.title() == "نتیجه هنوز از بانک نرسیده است"
    await window.look("payment-unknown")
    await window.open(f"/bills/{bill['id']}")
    assert "دوباره پرداخت نکنید" in await window.text()
