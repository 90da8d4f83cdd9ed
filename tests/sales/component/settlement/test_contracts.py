"""The contract: what was agreed, in words and as a document whose text can be selected."""

from io import BytesIO
from uuid import uuid4

from pypdf import PdfReader
from sqlalchemy import text

TERMS = {"rates": {"late_fee": 1_850, "cancellation_profit": 1_200}, "instalments": [{"after_days": 30}]}


def text_of(pdf):
    """The lines of a document, as copied out of it."""
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


async def test_a_contract_says_what_was_agreed_when_it_was_made(sign, named):
    deal = await sign(terms=TERMS)
    await named(deal, "مریم", "راد")
    contract = (await deal.get("/contract")).json()
    order = await deal.order()
    assert contract["contract_number"] == order["contract_number"]
    assert contract["buyer"] == "مریم راد"
    assert contract["terms"]["rates"]["late_fee"] == 1_850
    assert [row["amount"] for row in contract["schedule"]] == [600_000_000]
    words = "\n".join(section["text"] for section in contract["sections"])
    assert "بهای خودرو ۱٬۰۰۰٬۰۰۰٬۰۰۰ ریال (یک میلیارد ریال) است." in words
    assert "نرخ سالانه‌ی ۱۸٫۵٪" in words
    async with deal.office.database.transaction() as session:
        await session.execute(
            text("UPDATE orders SET price = 1, terms = '{}' WHERE id = :id"), {"id": deal.order_id}
        )
    again = (await deal.get("/contract")).json()
    assert (again["price"], again["terms"]) == (contract["price"], contract["terms"])


async def test_the_document_can_be_read_in_the_order_it_was_written(sign, named):
    deal = await sign(terms=TERMS)
    await named(deal, "مریم", "راد")
    answer = await deal.get("/contract.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    said = text_of(answer.content)
    assert "خریدار می‌تواند تا پیش از صدور فاکتور انصراف دهد." in said
    assert "این بها تا تحویل خودرو ثابت است." in said
    assert "مریم راد" in said
    assert (await deal.order())["contract_number"] in said
    lines = [line.strip() for line in said.splitlines()]
    assert lines.index("بها و پرداخت") < lines.index("دیرکرد پرداخت") < lines.index("جدول پرداخت")
    assert (await deal.get("/contract.pdf")).content == answer.content


async def test_a_contract_names_nobody_before_identity_has(sign):
    deal = await sign()
    contract = (await deal.get("/contract")).json()
    assert contract["buyer"] is None
    assert "میان فروشنده و خریدار" in contract["sections"][0]["text"]


async def test_the_newest_name_is_kept_and_sealed(sign, named):
    deal = await sign()
    await named(deal, "مریم", "راد", version=3)
    await named(deal, "مینا", "راد", version=2)
    assert (await deal.get("/contract")).json()["buyer"] == "مریم راد"
    async with deal.office.database.transaction() as session:
        [(kept,)] = await session.execute(
            text("SELECT name FROM buyers WHERE customer_id = :id"), {"id": deal.buyer}
        )
    assert "مریم".encode() not in kept


async def test_there_is_no_contract_to_read_before_one_is_made_or_for_others(sign):
    unpaid = await sign(paid=False)
    assert (await unpaid.get("/contract")).status_code == 404
    deal = await sign()
    deal.buyer = uuid4()
    assert (await deal.get("/contract")).status_code == 404
    assert (await deal.get("/contract.pdf")).status_code == 404


async def test_new_words_hold_for_new_contracts_only(sign):
    before = await sign()
    office = before.office
    words = {
        "title": "قرارداد تازه",
        "sections": [{"heading": "موضوع", "text": "فروش {title} به {buyer}."}],
    }
    path = "/api/v1/staff/contract-templates"
    preview = await office.client.post(f"{path}/preview", json=words, headers=office.manager)
    assert "فروش سپند دنده‌ای به مریم نمونه." in text_of(preview.content)
    written = await office.client.post(path, json=words, headers=office.manager)
    assert written.status_code == 201, written.text
    after = await sign()
    assert (await before.get("/contract")).json()["heading"] == "قرارداد فروش خودرو"
    assert (await after.get("/contract")).json()["sections"][0]["text"] == "فروش نوبت ۱ کامل به خریدار."
    newest, *_ = (await office.client.get(path, headers=office.manager)).json()["items"]
    assert (newest["title"], newest["active"]) == ("قرارداد تازه", True)
    await office.client.post(path, json=_first(await _all(office, path)), headers=office.manager)


async def _all(office, path):
    return (await office.client.get(path, headers=office.manager)).json()["items"]


def _first(items):
    return {name: items[-1][name] for name in ("title", "sections")}


async def test_words_that_no_contract_knows_are_refused(office):
    for bad in ("به {father_name}.", "ناتمام {", "{price!r}"):
        words = {"title": "قرارداد", "sections": [{"heading": "موضوع", "text": bad}]}
        refused = await office.client.post(
            "/api/v1/staff/contract-templates", json=words, headers=office.manager
        )
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["code"] == "unknown_placeholder"
