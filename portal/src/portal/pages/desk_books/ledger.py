"""The statement of an order with its accounts, and what the checks of the whole ledger found."""

from uuid import UUID

from fastapi import APIRouter, Response

from portal.forms import Form
from portal.language import gettext
from portal.pages.desk.paging import next_path
from portal.visit import Staff

router = APIRouter(prefix="/staff")

STATEMENTS = "/staff/statements"


@router.get("/statements")
async def ask(visit: Staff) -> Response:
    """With ``order_id``, on to its statement."""
    form = Form(typed=dict(visit.request.query_params))
    if not form["order_id"]:
        return visit.page("desk_books/find_statement.html", form=form)
    try:
        order_id = UUID(form["order_id"])
    except ValueError:
        form.errors["order_id"] = gettext("شناسه‌ی سفارش نیست.")
        return visit.page("desk_books/find_statement.html", form=form, status=422)
    return visit.redirect(f"{STATEMENTS}/{order_id}")


@router.get("/statements/{order_id}")
async def statement(order_id: UUID, visit: Staff) -> Response:
    found = await visit.get(f"{STATEMENTS}/{order_id}")
    return visit.page("desk_books/statement.html", statement=found, kinds=_kinds())


@router.get("/statements/{order_id}/statement.pdf")
async def statement_pdf(order_id: UUID, visit: Staff) -> Response:
    return await visit.download(f"{STATEMENTS}/{order_id}/statement.pdf")


@router.get("/ledger")
async def checks(visit: Staff, cursor: UUID | None = None) -> Response:
    found = await visit.get("/staff/ledger/checks", {"cursor": cursor or ""})
    following = next_path("/staff/ledger", {}, found["next_cursor"])
    return visit.page("desk_books/checks.html", checks=found["items"], next_path=following)


def _kinds() -> dict[str, str]:
    """Of what moved the money of an order."""
    return {
        "received": gettext("دریافت"),
        "declined": gettext("نپذیرفته"),
        "returned": gettext("برگشت به پرداخت‌کننده"),
        "refund_owed": gettext("بازگشت بدهکار شد"),
        "refund_paid": gettext("بازگشت به شبا"),
    }
