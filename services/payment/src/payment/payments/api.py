"""Starting payments, coming back from the bank, following a payment."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Annotated
from urllib.parse import urljoin
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel

from chassis.auth import CurrentUser
from chassis.documents import MEDIA_TYPE, rendered
from chassis.errors import NotFound
from chassis.forms import posted_form
from chassis.idempotency import IdempotencyKey
from chassis.language import Language
from chassis.service import Db, provided
from payment.checkout import Checkout
from payment.payments import callbacks, handover, queries, receipts, service
from payment.payments.domain import PaymentState
from payment.payments.notes import note_of
from payment.payments.opening import StartedPayment
from payment.payments.service import StartPayment

router = APIRouter(tags=["payments"])

CheckoutDep = Annotated[Checkout, provided(Checkout)]
Authority = Annotated[str, Path(pattern="^[A-Za-z0-9]{10,64}$")]


class PaymentView(BaseModel):
    """``amount`` is Rial; ``returning`` says that the money is about to be sent back."""

    payment_id: UUID
    bill_id: UUID
    amount: int
    provider: str
    state: PaymentState
    returning: bool
    started_at: datetime
    settled_at: datetime | None
    reference: str | None


class BegunPayment(StartedPayment):
    """``note`` is a sentence for a payment that is only a part of what is outstanding."""

    note: str | None


class Payments(BaseModel):
    items: list[PaymentView]
    next_cursor: UUID | None = None


@router.post(
    "/bills/{bill_id}/payments",
    status_code=201,
    summary="Start to pay a bill, or go on with the payment that is at the bank",
    responses={
        404: {"description": "No such bill of the caller's"},
        409: {
            "description": "bill_paid, bill_cancelled, bill_past_due, payment_unknown, payment_starting, "
            "amount_not_payable, other_amount_at_bank"
        },
        503: {"description": "The provider does not answer; the same key may be tried again"},
    },
)
async def start_payment(
    bill_id: UUID,
    user: CurrentUser,
    checkout: CheckoutDep,
    language: Language,
    body: StartPayment | None = None,
    key: IdempotencyKey = None,
) -> BegunPayment:
    begun = await service.start(checkout, user.subject, bill_id, key, body or StartPayment())
    note = note_of(begun.part, begun.amount, begun.remaining)
    said = note and note.in_language(language)
    return BegunPayment(**begun.model_dump(), note=said)


@router.get(
    "/payments/handover/{provider}/{authority}",
    response_class=HTMLResponse,
    summary="The page from which a browser enters a bank that takes a form",
    responses={404: {"description": "No payment at this bank has this authority"}},
)
async def hand_over(provider: str, authority: Authority, checkout: CheckoutDep) -> HTMLResponse:
    async with checkout.database.transaction() as session:
        form = await handover.form_of(session, checkout, provider, authority)
    return HTMLResponse(handover.page(form))


@router.get(
    "/payments/callback/{provider}",
    status_code=303,
    response_class=RedirectResponse,
    summary="The bank sends the browser here",
    responses={404: {"description": "No payment of ours has this authority"}},
)
async def callback(provider: str, request: Request, checkout: CheckoutDep) -> RedirectResponse:
    return await _back_to_shop(checkout, provider, dict(request.query_params))


@router.post(
    "/payments/callback/{provider}",
    status_code=303,
    response_class=RedirectResponse,
    summary="The bank sends the browser here with a form",
    responses={
        404: {"description": "No payment of ours has this authority"},
        413: {"description": "body_too_large"},
    },
)
async def callback_form(provider: str, request: Request, checkout: CheckoutDep) -> RedirectResponse:
    fields = {**request.query_params, **await posted_form(request)}
    return await _back_to_shop(checkout, provider, fields)


async def _back_to_shop(checkout: Checkout, provider: str, parameters: Mapping[str, str]) -> RedirectResponse:
    payment_id = await callbacks.receive(checkout, provider, parameters)
    page = checkout.settings.return_url.format(payment_id=payment_id)
    return RedirectResponse(urljoin(checkout.settings.public_url, page), status_code=303)


@router.get("/payments/{payment_id}", summary="One of the caller's payments")
async def payment(payment_id: UUID, user: CurrentUser, db: Db) -> PaymentView:
    async with db.transaction() as session:
        found = await queries.own_payment(session, user.subject, payment_id)
    if found is None:
        raise NotFound
    return _view(found)


@router.get("/payments", summary="The caller's payments, of one bill, of one order or all, the newest first")
async def payments(
    user: CurrentUser,
    db: Db,
    bill_id: UUID | None = None,
    order_id: UUID | None = None,
    cursor: UUID | None = None,
) -> Payments:
    async with db.transaction() as session:
        found = await queries.own_payments(session, user.subject, queries.Of(bill_id, order_id, cursor))
    following = found[-1][0].id if len(found) == queries.PAGE else None
    return Payments(items=[_view(row) for row in found], next_cursor=following)


@router.get(
    "/payments/{payment_id}/receipt.pdf",
    summary="The receipt of money that came",
    response_class=Response,
    responses={
        200: {"content": {MEDIA_TYPE: {}}, "description": "The document"},
        409: {"description": "no_receipt"},
    },
)
async def receipt(payment_id: UUID, user: CurrentUser, db: Db) -> Response:
    async with db.transaction() as session:
        paper = await receipts.own_receipt(session, user.subject, payment_id)
    headers = {
        "Content-Disposition": f'attachment; filename="receipt-{payment_id}.pdf"',
        "Cache-Control": "private, no-store",
    }
    content = await rendered(partial(receipts.document, paper))
    return Response(content, media_type=MEDIA_TYPE, headers=headers)


def _view(row: queries.OwnPayment) -> PaymentView:
    paid, returning = row
    return PaymentView(
        payment_id=paid.id,
        bill_id=paid.bill_id,
        amount=paid.amount,
        provider=paid.provider,
        state=paid.state,
        returning=returning,
        started_at=paid.started_at,
        settled_at=paid.settled_at,
        reference=paid.reference,
    )
