"""What a buyer may do with an order: change it, withdraw, pass it on."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from portal.gateway import Refused
from portal.language import gettext
from portal.visit import Member, Visit

router = APIRouter()

QUOTE_CHANGED = "quote_changed"
ANSWERS: Mapping[str, str] = {"acceptance": "good", "refusal": "info", "withdrawal": "info"}


@router.get("/orders/{order_id}/change")
async def choose_change(order_id: UUID, visit: Member) -> Response:
    return await _change_page(visit, order_id)


@router.post("/orders/{order_id}/change")
async def change(order_id: UUID, visit: Member) -> Response:
    form = visit.form()
    try:
        await visit.patch(f"/orders/{order_id}", form.only("colour", "dealership_id"))
    except Refused as refusal:
        form.refused(refusal)
        return await _change_page(visit, order_id, refusal.status)
    return visit.redirect(f"/orders/{order_id}", gettext("تغییر شما ثبت شد."))


async def _change_page(visit: Visit, order_id: UUID, status: int = 200) -> Response:
    """With the colours of the cars of that price in the plan, which the API judges."""
    order = await visit.get(f"/orders/{order_id}")
    plan = await visit.get(f"/plans/{order['plan_id']}")
    cars = [car for car in plan["offerings"] if f"{car['model']} {car['trim']}" == order["title"]]
    colours = list(dict.fromkeys(colour for car in cars or plan["offerings"] for colour in car["colours"]))
    province = (await visit.get("/me"))["address"]["province"]
    dealerships = (await visit.get("/dealerships", {"province": province}))["items"]
    limit = {one for car in cars for one in car["dealerships"]}
    return visit.page(
        "orders/change.html",
        status=status,
        order=order,
        terms=plan["terms"],
        colours=[(colour, colour) for colour in colours if colour != order["colour"]],
        dealerships=[
            (one["dealership_id"], one["name"], one["address"])
            for one in dealerships
            if one["name"] != order["dealership"] and (not limit or one["dealership_id"] in limit)
        ],
    )


@router.get("/orders/{order_id}/cancellation")
async def quote(order_id: UUID, visit: Member) -> Response:
    return await _quote_page(visit, order_id)


@router.post("/orders/{order_id}/cancellation")
async def cancel(order_id: UUID, visit: Member) -> Response:
    """As the quote said that was shown; when it changed meanwhile, the new one is shown."""
    form = visit.form()
    form.require(gettext("برای انصراف این خانه را نشان بزنید."), ["sure"])
    if form.is_wrong:
        return await _quote_page(visit, order_id, 422)
    try:
        await visit.post(f"/orders/{order_id}/cancellation", {"quote": form["quote"]}, key=form.key)
    except Refused as refusal:
        form.refused(refusal)
        form.typed.pop("sure", None)
        return await _quote_page(visit, order_id, refusal.status)
    return visit.redirect(
        f"/orders/{order_id}", gettext("انصراف شما ثبت شد. بازگشت پول را در همین صفحه دنبال کنید.")
    )


async def _quote_page(visit: Visit, order_id: UUID, status: int = 200) -> Response:
    order = await visit.get(f"/orders/{order_id}")
    quoted: Any = None
    try:
        quoted = await visit.get(f"/orders/{order_id}/cancellation")
    except Refused as refusal:
        visit.form().refused(refusal)
        return visit.page(
            "orders/cancellation.html", status=refusal.status, order=order, quote=None, why=refusal.sentence
        )
    return visit.page("orders/cancellation.html", status=status, order=order, quote=quoted, why="")


@router.get("/orders/{order_id}/transfer")
async def transfer_form(order_id: UUID, visit: Member) -> Response:
    return visit.page("orders/transfer.html", order=await visit.get(f"/orders/{order_id}"))


@router.post("/orders/{order_id}/transfer")
async def propose(order_id: UUID, visit: Member) -> Response:
    form = visit.form()
    try:
        await visit.post(f"/orders/{order_id}/transfer", form.only("national_code"), key=form.key)
    except Refused as refusal:
        form.refused(refusal)
        order = await visit.get(f"/orders/{order_id}")
        return visit.page("orders/transfer.html", status=refusal.status, order=order)
    return visit.redirect(
        f"/orders/{order_id}#transfers", gettext("پیشنهاد صلح ثبت شد؛ طرف دیگر باید آن را بپذیرد.")
    )


@router.get("/transfers")
async def transfers(visit: Member) -> Response:
    return visit.page("orders/transfers.html", transfers=(await visit.get("/transfers"))["items"])


@router.post("/transfers")
async def answer(visit: Member) -> Response:
    """``answer`` is one of acceptance, refusal and withdrawal."""
    form = visit.form()
    kind = ANSWERS.get(form["answer"])
    try:
        transfer_id = UUID(form["transfer_id"])
        if kind is not None:
            await visit.post(f"/transfers/{transfer_id}/{form['answer']}")
    except ValueError:
        kind = None
    except Refused as refusal:
        return visit.redirect("/transfers", refusal.sentence, kind="warning")
    return visit.redirect("/transfers", gettext("پاسخ شما ثبت شد.") if kind else "", kind=kind or "info")


@router.get("/orders/{order_id}/settlement")
@router.get("/orders/{order_id}/reassignment")
async def back_to_order(order_id: UUID, visit: Member) -> Response:
    """Where a login leads after a button of the order was pressed without a session."""
    return visit.redirect(f"/orders/{order_id}")
