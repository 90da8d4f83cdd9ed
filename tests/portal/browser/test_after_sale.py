"""What buyers do besides buying: track, watch a draw and check it, find a dealership, complain."""

from iran import to_persian_digits
from nobat.testing.draw import freeze, start
from nobat.testing.plan import CAR
from nobat.testing.visitor import Visitor

PICTURE = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde"
    b"\x00\x00\x00\x0cIDATx\x9cc\xf8\xcf\xc0\x00\x00\x03\x01\x01\x00\xc9\xfe\x92\xef\x00\x00\x00\x00IEND\xaeB`\x82"
)
"""One red dot."""


async def test_an_order_is_tracked_without_a_login(
    open_window, buyer: Visitor, publish_plan, dealership_id
) -> None:
    placed = await buyer.order(await publish_plan(), dealership_id)
    window = await open_window("phone", scripts=False)
    await window.open("/tracking")
    await window.press("جست‌وجو")
    assert "این خانه را پر کنید." in await window.text()
    await window.fill(number="۱۰۰۰۰۰۰۰۰۰۰۰", national_code=buyer.person.national_code)
    await window.press("جست‌وجو")
    assert "پیدا نشد" in await window.text()
    assert await window.page.locator("#number").input_value() == "۱۰۰۰۰۰۰۰۰۰۰۰"
    await window.look("tracking-miss")
    await window.fill(number=to_persian_digits(placed["request_number"]))
    await window.press("جست‌وجو")
    assert "در انتظار پرداخت" in await window.text()
    await window.look("tracking")


async def test_a_dealership_is_found_by_province_and_city(open_window) -> None:
    window = await open_window("phone")
    await window.open("/dealerships")
    await window.choose("province", "تهران")
    await window.press("جست‌وجو")
    assert "نمایندگی رستگار" in await window.text()
    await window.look("dealerships")
    await window.fill(city="ناکجا")
    await window.press("جست‌وجو")
    assert "نمایندگی‌ای با این مشخصات نیست" in await window.text()


async def test_a_complaint_is_filed_with_a_picture_and_added_to(open_window, enter, buyer: Visitor) -> None:
    window = await open_window("phone", scripts=False)
    await enter(window, buyer)
    await window.open("/voice/new")
    await window.fill(subject="تأخیر در تحویل")
    await window.press("ثبت")
    assert "این خانه را پر کنید." in await window.text()
    assert await window.page.locator("#subject").input_value() == "تأخیر در تحویل"
    about = await window.page.locator("#about option").nth(1).get_attribute("value")
    await window.choose("about", about or "")
    await window.fill(text="خودروی من دو ماه دیر شده است.")
    file = {"name": "car.png", "mimeType": "image/png", "buffer": PICTURE}
    await window.page.locator("#file").set_input_files(file)
    await window.press("ثبت")
    said = await window.text()
    assert "شکایت شما با شماره‌ی" in said
    assert "عکس افزوده نشد" not in said
    assert "۳۰ روز مانده" in said
    await window.fill(text="فاکتور را هم پیوست کردم.")
    await window.press("فرستادن")
    assert "فاکتور را هم پیوست کردم." in await window.text()

    seen = await open_window("phone")
    await enter(seen, buyer)
    for name, path in {"voice-complaint": window.path, "voice": "/voice", "voice-new": "/voice/new"}.items():
        await seen.open(path)
        await seen.look(name)


async def enter_draw(window, plan) -> None:
    """With two choices, past one car that is chosen twice."""
    first, second = (offering["offering_id"] for offering in plan["offerings"])
    await window.open(f"/plans/{plan['plan_id']}/order")
    await window.choose("choice1", f"{first}|سفید")
    await window.choose("choice2", f"{first}|مشکی")
    await window.press("ادامه")
    assert "هر خودرو تنها یک بار انتخاب می‌شود." in await window.text()
    await window.look("order-draw-choices")
    await window.choose("choice2", f"{second}|مشکی")
    await window.press("ادامه")
    await window.page.locator("[name=dealership_id]").first.check()
    await window.press("ادامه")
    await window.page.locator("[name=agreed]").check()
    await window.press("ثبت سفارش")
    assert "در قرعه‌کشی این طرح نام شما ثبت شد" in await window.text()


async def answers(window) -> list[str]:
    """What the browser found about the receipt; each begins with a mark."""
    await window.page.get_by_role("button", name="بررسی کن").click()
    lines = window.page.locator("[data-answers] li")
    await lines.nth(3).wait_for()
    found: list[str] = await lines.all_inner_texts()
    return found


async def test_a_draw_is_entered_and_its_entrant_checks_it(
    open_window, enter, buyer: Visitor, publish_plan, manager: Visitor, admin: Visitor
) -> None:
    offerings = [{**CAR, "trim": trim, "capacity": 1} for trim in ("دنده‌ای", "خودکار")]
    plan = await publish_plan(
        title="قرعه‌کشی فروش فوق‌العاده", method="draw", max_choices=2, offerings=offerings
    )
    await buyer.until_eligible(plan)
    window = await open_window("desktop")
    await enter(window, buyer)
    await enter_draw(window, plan)
    await freeze(manager, plan["plan_id"])
    await start(manager, admin, plan["plan_id"])

    await window.open(f"/draws/{plan['plan_id']}")
    assert "شما برگزیده شدید" in await window.text()
    await window.look("draw")
    await window.follow("بررسی سهم خودم")
    assert [line[0] for line in await answers(window)] == ["✓"] * 4
    await window.look("draw-verification")
    await window.page.locator("#salt").fill("0" * 32)
    assert [line[0] for line in await answers(window)] == ["✗", "✓", "✓", "✓"]

    plain = await open_window("phone", scripts=False)
    await plain.open(f"/draws/{plan['plan_id']}/verification")
    assert "python verify_draw.py ." in await plain.text()
    assert not await plain.page.locator("[data-proof]").is_visible()
