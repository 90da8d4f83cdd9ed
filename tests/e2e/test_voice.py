"""A customer is heard: a complaint with a photo is answered, questions are read, the desk knows the order."""

import io
from collections.abc import Callable
from uuid import uuid4

from PIL import Image

from identity.staff.domain import StaffRole
from nobat.testing.person import Person
from nobat.testing.system import System
from nobat.testing.visitor import API, Json, Visitor

NewVisitor = Callable[[], Visitor]


async def of_staff(system: System, new_visitor: NewVisitor, role: StaffRole) -> Visitor:
    visitor = new_visitor()
    visitor.person = Person.of_staff(role, system.staff_password)
    await visitor.log_in()
    return visitor


def photo() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (640, 480), "gray").save(file, "PNG")
    return file.getvalue() + b"<script>"


async def test_a_complaint_with_a_photo_is_answered_by_care(
    system: System, new_visitor: NewVisitor, contract: tuple[Visitor, Json], buyer: Visitor
) -> None:
    owner, order = contract
    form = {"section": "sales", "topic": "delay_damages", "subject": "دیرکرد", "text": "کی می‌رسد؟"}
    about = form | {"order_id": order["order_id"]}
    await buyer.post("/complaints", about, 404)
    filed = await owner.post("/complaints", about, key=str(uuid4()))
    await owner.text_with("شکایت", filed["number"])

    path = f"/complaints/{filed['complaint_id']}"
    headers = {"authorization": f"Bearer {owner.token}"}
    files = {"file": ("photo.png", photo(), "image/png")}
    sent = await owner.api.post(f"{API}{path}/attachments", files=files, headers=headers)
    assert sent.status_code == 201, sent.text
    too_large = {"file": ("photo.png", bytes(9_000_000), "image/png")}
    refused = await owner.api.post(f"{API}{path}/attachments", files=too_large, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (413, "body_too_large")

    care = await of_staff(system, new_visitor, "care")
    [queued] = (await care.get(f"/staff/complaints?number={filed['number']}"))["items"]
    assert queued["state"] == "open"
    picture = f"{API}/staff{path}/attachments/{sent.json()['attachment_id']}"
    got = await care.api.get(picture, headers={"authorization": f"Bearer {care.token}"})
    assert (got.headers["content-type"], b"script" in got.content) == ("image/jpeg", False)
    assert got.headers["content-disposition"].startswith("attachment")
    await care.post(f"/staff{path}/messages", {"text": "تا پایان هفته"}, key=str(uuid4()))

    await owner.text_with("پاسخ داده شد", filed["number"])
    page = await owner.get(path)
    assert (page["state"], page["messages"][-1]["text"]) == ("answered", "تا پایان هفته")


async def test_a_question_is_answered_for_everybody(new_visitor: NewVisitor, admin: Visitor) -> None:
    stranger = new_visitor()
    word = f"پرسش{uuid4().hex[:6]}"
    form = {"kind": "question", "category": "پرداخت", "title": f"{word} چيست؟", "body": "پاسخ."}
    drafted = await admin.post("/staff/articles", form, key=str(uuid4()))
    assert (await stranger.get(f"/faq?q={word}"))["items"] == []
    await admin.post(f"/staff/articles/{drafted['article_id']}/publication", expected=200)
    [found] = (await stranger.get(f"/faq?q={word}"))["items"]
    assert found["title"] == f"{word} چیست؟"
    assert (await stranger.get("/office-hours"))["phone"]


async def test_the_operator_finds_an_order_by_the_mobile_and_is_seen(
    system: System, new_visitor: NewVisitor, operator: Visitor, contract: tuple[Visitor, Json]
) -> None:
    owner, order = contract
    wanted = {"mobile": owner.person.mobile, "purpose": "customer_service"}
    [person] = (await operator.post("/staff/customers/search", wanted, 200))["items"]
    looked = await operator.post("/staff/desk/lookups", {"customer_id": person["customer_id"]}, 200)
    assert order["order_id"] in {item["order_id"] for item in looked["items"]}

    auditor = await of_staff(system, new_visitor, "auditor")
    trail = await auditor.get(f"/staff/audit/sales?subject={person['customer_id']}")
    assert "sales.order.looked_up" in {entry["action"] for entry in trail["items"]}
    tracked = {"number": order["contract_number"], "national_code": owner.person.national_code}
    assert (await operator.post("/tracking", tracked, 200))["request_number"] == order["request_number"]
