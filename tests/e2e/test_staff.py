"""A dealer joins the staff, looks a buyer up, and everybody who should know of it does."""

import asyncio
import os
import sys
from collections.abc import Callable
from uuid import uuid4

from chassis.testing.eventually import eventually
from nobat.testing.person import Person
from nobat.testing.system import System
from nobat.testing.visitor import Json, Visitor

NewVisitor = Callable[[], Visitor]


async def audit_verify(system: System) -> str:
    """The command, where the system runs; its output when it found nothing wrong."""
    command = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "nobat", "audit", "verify"),
        env={**os.environ, "NOBAT_HOME": str(system.home)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output = (await command.communicate())[0].decode()
    assert command.returncode == 0, output
    return output


async def test_a_dealer_is_invited_looks_a_buyer_up_and_is_seen(
    system: System, new_visitor: NewVisitor, admin: Visitor, buyer: Visitor, dealership_id: str
) -> None:
    dealer = new_visitor()
    form = dealer.person.form()
    named = ("national_code", "mobile", "first_name", "last_name")
    invitation = {name: form[name] for name in named} | {"roles": ["dealer"], "dealership_id": dealership_id}
    sent = await admin.post("/staff/members/invitations", invitation, key=str(uuid4()))
    text = await dealer.text_with("دعوت شده‌اید", sent["invitation_id"])
    code = await dealer.new_code(after=0)
    assert code not in text

    left = ("father_name", "birth_date", "gender", "education", "occupation", "iban", "address")
    particulars = {name: form[name] for name in left}
    answered = {"code": code, "national_code": form["national_code"], "password": dealer.person.password}
    path = f"/staff-invitations/{sent['invitation_id']}"
    joined = await dealer.post(path, answered | {"particulars": particulars})
    assert joined["roles"] == ["dealer"]
    await dealer.post(path, answered, 409)
    await dealer.log_in()

    wanted = {"national_code": buyer.person.national_code, "purpose": "delivery"}
    [found] = (await dealer.post("/staff/customers/search", wanted, 200))["items"]
    assert buyer.person.mobile not in str(found)
    await dealer.get("/staff/audit", 403)
    await dealer.get("/staff/members", 403)

    await dealer.post("/staff/desk/lookups", wanted, 200)

    log = await buyer.get("/me/access-log")
    assert [(seen["action"], seen["roles"], seen["purpose"]) for seen in log["items"]] == [
        ("sales.order.looked_up", ["dealer"], "delivery"),
        ("identity.customer.searched", ["dealer"], "delivery"),
    ]
    assert log["partial"] == []
    assert joined["customer_id"] not in str(log)

    auditor = new_visitor()
    auditor.person = Person.of_staff("auditor", system.staff_password)
    await auditor.log_in()

    async def looks() -> list[Json]:
        trail: list[Json] = (await auditor.get(f"/staff/audit?actor={joined['customer_id']}"))["items"]
        return [entry for entry in trail if entry["action"] == "identity.customer.searched"]

    [look] = await eventually(looks, lambda entries: len(entries) == 1)
    assert (look["subject"], look["details"]["purpose"]) == (found["customer_id"], "delivery")

    await admin.ask("DELETE", f"/staff/members/{joined['customer_id']}")
    assert (await dealer.ask("POST", "/staff/customers/search", wanted)).status_code == 401
    await dealer.text_with("میز کار", "دسترسی شما برداشته شد")
    if system.home is not None:
        assert "identity: in order" in await audit_verify(system)
