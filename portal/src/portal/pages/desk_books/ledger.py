"""The statement of an order with its accounts, and what the checks of the whole ledger found."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter, Response

from iran import to_ascii_digits
from portal.forms import Form
from portal.gateway import Refused
from portal.language import gettext
from portal.pages.desk.paging import next_path
from portal.pages.desk.rights import may
from portal.visit import Staff, Visit

router = APIRouter(prefix="/staff")

STATEMENTS = "/staff/statements"
NOT_FOUND = 404


@router.get("/statements")
async def ask(visit: Staff) -> Response:
    """With ``sought``, an order's id or a bill's number, on to the statement."""
    form = Form(typed=dict(visit.request.query_params))
    sought = to_ascii_digits(form["sought"]).replace("-", "").replace(" ", "")
    if not sought:
        return _find(visit, form)
    try:
        items = (await visit.get(STATEMENTS, {"bill": sought}))["items"]
    except Refused as refusal:
        if not refusal.errors:
            raise
        form.errors["sought"] = gettext("نه شناسه‌ی سفارش است و نه شماره‌ی قبض.")
        return _find(visit, form, status=422)
    orders = [one["order_id"] for one in items] or _itself(sought)
    if len(orders) == 1:
        return visit.redirect(f"{STATEMENTS}/{orders[0]}")
    if not orders:
        form.errors["sought"] = gettext("قبضی با این شماره نیست.")
    return _find(visit, form, orders, status=200 if orders else 422)


@router.get("/statements/{order_id}")
async def statement(order_id: UUID, visit: Staff) -> Response:
    try:
        found = await visit.get(f"{STATEMENTS}/{order_id}")
    except Refused as refusal:
        if refusal.status != NOT_FOUND:
            raise
        form = Form(typed={"sought": str(order_id)})
        form.errors["sought"] = gettext("این سفارش نیست، یا هنوز قبضی ندارد.")
        return _find(visit, form, status=NOT_FOUND)
    return visit.page("desk_books/statement.html", statement=found, kinds=_kinds())


@router.get("/statements/{order_id}/statement.pdf")
async def statement_pdf(order_id: UUID, visit: Staff) -> Response:
    return await visit.download(f"{STATEMENTS}/{order_id}/statement.pdf")


@router.get("/ledger")
async def checks(visit: Staff, cursor: UUID | None = None) -> Response:
    found = await visit.get("/staff/ledger/checks", {"cursor": cursor or ""})
    following = next_path("/staff/ledger", {}, found["next_cursor"])
    return visit.page("desk_books/checks.html", checks=found["items"], next_path=following)


def _itself(sought: str) -> list[str]:
    """The order whose id it is; no bill has that."""
    try:
        return [str(UUID(sought))]
    except ValueError:
        return []


def _find(visit: Visit, form: Form, orders: Sequence[str] = (), status: int = 200) -> Response:
    may_look_up = may(visit, "desk.lookup")
    return visit.page(
        "desk_books/find_statement.html", status=status, form=form, orders=orders, may_look_up=may_look_up
    )


def _kinds() -> dict[str, str]:
    """Of what moved the money of an order."""
    return {
        "received": gettext("دریافت"),
        "declined": gettext("نپذیرفته"),
        "returned": gettext("برگشت به پرداخت‌کننده"),
        "refund_owed": gettext("بازگشت بدهکار شد"),
        "refund_paid": gettext("بازگشت به شبا"),
    }
