"""What the staff do for people: change an account by four eyes, hear a complaint, look an order up."""

from uuid import uuid4

from iran import Province, to_persian_digits
from nobat.testing.person import Person
from nobat.testing.visitor import Visitor, answer


async def test_a_name_is_changed_when_two_people_have_seen_it(colleagues, member: Visitor) -> None:
    edited = answer(await member.ask("PATCH", "/me", {"last_name": "رستمی"}), 200)
    page = f"/staff/approvals/{edited['changes'][0]['change_id']}"
    first, second = colleagues
    await first.open(page)
    await first.look("desk-approval")
    await first.press("رد")
    assert "دلیل را بنویسید" in await first.text()
    await first.press("تأیید")
    assert "همکار دیگری هم باید آن را ببیند" in await first.text()
    await first.open(page)
    assert await first.page.get_by_role("button", name="تأیید", exact=True).count() == 0
    await second.open(page)
    await second.press("تأیید")
    assert "حساب تغییر کرد" in await second.text()
    assert (await member.get("/me"))["last_name"] == "رستمی"


async def test_a_complaint_is_found_taken_and_answered(colleagues, buyer: Visitor) -> None:
    form = {"section": "sales", "topic": "delay_damages", "subject": "دیرکرد", "text": "کی می‌رسد؟"}
    filed = await buyer.post("/complaints", form, key=str(uuid4()))
    window = colleagues[0]
    await window.open("/staff/complaints")
    await window.fill(number=to_persian_digits(filed["number"]))
    await window.press("نشان بده")
    await window.follow(to_persian_digits(filed["number"]))
    await window.press("برداشتن")
    await window.fill(text="تا پایان هفته می‌رسد.")
    await window.choose("deed", "answer")
    await window.press("فرستادن")
    await window.look("desk-complaint")
    seen = await buyer.get(f"/complaints/{filed['complaint_id']}")
    assert (seen["state"], seen["messages"][-1]["text"]) == ("answered", "تا پایان هفته می‌رسد.")


async def test_a_dealer_sees_the_orders_of_the_own_dealership_and_the_operator_all(
    colleagues, dealer, buyer: Visitor, publish_plan, dealership_id, api
) -> None:
    plan = await publish_plan()
    ours = await buyer.order(plan, dealership_id)
    await dealer.open("/staff/lookup")
    await dealer.fill(sought="1")
    await dealer.press("جست‌وجو")
    assert await dealer.page.input_value("#sought") == "1"
    await dealer.fill(sought=to_persian_digits(ours["request_number"]))
    await dealer.press("جست‌وجو")
    assert "در انتظار پرداخت" in await dealer.text()
    await dealer.look("desk-lookup")

    far_away = Visitor(api, buyer.simulators, Person.random(Province.TEHRAN))
    await far_away.join()
    found = await api.get("/api/v1/dealerships", params={"province": Province.TEHRAN.value})
    theirs = await far_away.order(plan, found.json()["items"][0]["dealership_id"])
    await dealer.fill(sought=theirs["request_number"])
    await dealer.press("جست‌وجو")
    assert "سفارشی پیدا نشد" in await dealer.text()
    operator = colleagues[1]
    await operator.open("/staff/lookup")
    await operator.fill(sought=theirs["request_number"])
    await operator.press("جست‌وجو")
    assert "در انتظار پرداخت" in await operator.text()
