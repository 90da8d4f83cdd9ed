"""What changes after a contract was made is added to it; its own words stay."""

from io import BytesIO

from pypdf import PdfReader
from sqlalchemy import select

from iran.samples import national_code
from sales.dealerships import service as dealerships
from sales.dealerships.tables import Dealership
from sales.plans.tables import Offering

CHANGEABLE = {"colour_until": "allocation", "dealership_until": "allocation"}


def text_of(pdf):
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


async def contract_of(deal):
    answer = await deal.get("/contract")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def second_dealership(office):
    async with office.database.transaction() as session:
        known = (await session.scalars(select(Dealership).where(Dealership.code == "1001"))).one()
        names = ("province", "city", "address", "phone", "hours")
        record = {name: getattr(known, name) for name in names}
        other = dealerships.DealershipRecord(**record, code="1002", name="نمایندگی نیاوران")
        await dealerships.register(session, [other])
        return await session.scalar(select(Dealership.id).where(Dealership.code == "1002"))


async def change(deal, **wish):
    url, headers = f"/api/v1/orders/{deal.order_id}", deal.office.buyer(deal.buyer)
    answer = await deal.office.client.patch(url, json=wish, headers=headers)
    assert answer.status_code == 200, answer.text


async def test_a_change_after_the_contract_is_an_addendum_and_the_words_stay(sign):
    deal = await sign(terms=CHANGEABLE)
    before = await contract_of(deal)
    deal.office.clock.advance(days=1)
    await change(deal, colour="سیاه", dealership_id=str(await second_dealership(deal.office)))

    after = await contract_of(deal)

    [addendum] = after.pop("addenda")
    assert before.pop("addenda") == []
    assert after == before
    assert (addendum["number"], addendum["kind"]) == (1, "changed")
    assert addendum["after"] == {"colour": "سیاه", "dealership": "نمایندگی نیاوران"}
    assert addendum["before"] == {"colour": None, "dealership": "نمایندگی ونک"}
    assert "رنگ از «انتخاب فروشنده» به «سیاه» تغییر کرد." in addendum["lines"]
    said = text_of((await deal.get("/contract.pdf")).content)
    assert "الحاقیه‌ی ۱" in said
    assert "نمایندگی نیاوران" in said
    assert said.index("بها و پرداخت") < said.index("الحاقیه‌ی ۱")


async def test_a_change_before_the_contract_is_none(sign):
    deal = await sign(paid=False, terms=CHANGEABLE)
    await change(deal, colour="سیاه")
    await deal.pay("prepayment", 400_000_000)
    contract = await contract_of(deal)
    assert (contract["colour"], contract["addenda"]) == ("سیاه", [])


async def test_the_price_of_the_day_is_an_addendum(sign):
    deal = await sign(terms={"price_policy": "day_price"})
    async with deal.office.database.transaction() as session:
        order = await deal.order()
        plan = await session.scalars(select(Offering).where(Offering.price == order["price"]))
        for offering in plan:
            offering.price += 50_000_000
    assert (await deal.ask("principal")).status_code == 201
    contract = await contract_of(deal)
    [addendum] = contract["addenda"]
    assert contract["price"] == 1_000_000_000
    assert (addendum["kind"], addendum["after"]) == ("repriced", {"price": 1_050_000_000})
    assert addendum["lines"] == [
        "بها از «۱٬۰۰۰٬۰۰۰٬۰۰۰ ریال» به «۱٬۰۵۰٬۰۰۰٬۰۰۰ ریال» تغییر کرد.",
    ]


async def test_a_contract_that_passed_on_still_says_who_made_it(sign, named):
    deal = await sign(kind="pre_sale", terms={"transfer_allowed": True})
    office, seller = deal.office, deal.buyer
    await named(deal, "مریم", "راد")
    [_, heir] = await office.customers(2)
    body = {"national_code": national_code(1)}
    url = f"/api/v1/orders/{deal.order_id}/transfer"
    offered = await office.client.post(url, json=body, headers=office.buyer(seller))
    path = f"transfers/{offered.json()['transfer_id']}"
    accepted = await office.client.post(f"/api/v1/{path}/acceptance", headers=office.buyer(heir))
    assert accepted.status_code == 200, accepted.text
    await office.client.post(f"/api/v1/staff/{path}/approval", headers=office.manager)
    deal.buyer = heir
    await named(deal, "رضا", "نیک")

    contract = await contract_of(deal)

    assert (contract["buyer"], contract["holder"]) == ("مریم راد", "رضا نیک")
    [addendum] = contract["addenda"]
    assert addendum["lines"] == ["این قرارداد با همه‌ی شرایط آن از مریم راد به رضا نیک صلح شد."]
    assert (addendum["before"], addendum["after"]) == ({}, {})
    assert "مریم راد" in contract["sections"][0]["text"]
