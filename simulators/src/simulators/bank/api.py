"""The bank's control API and page, `/bank`: books, faults and clock, for every simulated bank alike."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from simulators.bank.books import BankPayment, State
from simulators.bank.counter import Bank, BankDep
from simulators.bank.faults import OPERATION_OF, BankFault
from simulators.faults import Chance
from simulators.pages import render

router = APIRouter(prefix="/bank", tags=["bank"])

PAGE_ROWS = 200
PAGE_FAULTS = (*OPERATION_OF, "slow", "slow_done", "unavailable", "hang_done", "hang_lost")


class BookRow(BaseModel):
    """Amounts are Rial; `faults` are the kinds that struck, `answered_ref_id` is what verify answered."""

    provider: str
    reference: str
    merchant: str
    order_id: str | None
    description: str
    amount: int
    paid_amount: int | None
    refunded_amount: int
    state: State
    outcome: str | None
    ref_id: int | None
    answered_ref_id: int | None
    settled_at: datetime | None
    page: str
    opened_at: datetime
    times: dict[State, datetime]
    callbacks: int
    verifies: int
    faults: list[str]


class Total(BaseModel):
    payments: int = 0
    amount: int = 0


class BooksView(BaseModel):
    now: datetime
    payments: list[BookRow]
    totals: dict[State, Total]


class NextFaults(BaseModel):
    count: int = Field(default=1, ge=1, le=100_000)
    faults: list[BankFault]


class Run(BaseModel):
    seed: int
    chances: list[Chance[BankFault]]


class FaultsView(BaseModel):
    waiting: list[tuple[BankFault, ...]]
    seed: int | None
    chances: list[Chance[BankFault]]


class PaymentFaults(BaseModel):
    armed: list[BankFault]
    struck: list[str]


class Advance(BaseModel):
    seconds: float = Field(ge=0)


class Now(BaseModel):
    now: datetime


@router.get("/books")
async def books(bank: BankDep) -> BooksView:
    rows = [_row(bank, payment) for payment in bank.books.all()]
    totals = {state: Total() for state in State}
    for row in rows:
        totals[row.state].payments += 1
        totals[row.state].amount += row.paid_amount or row.amount
    return BooksView(now=bank.books.clock.now(), payments=rows, totals=totals)


@router.get("/faults")
async def show_faults(bank: BankDep) -> FaultsView:
    plan = bank.faults
    return FaultsView(waiting=list(plan.queue), seed=plan.seed, chances=plan.chances)


@router.delete("/faults", status_code=204)
async def clear_faults(bank: BankDep) -> None:
    """Forget every fault that has not struck yet."""
    bank.faults.clear()


@router.post("/faults/next")
async def arm_next(body: NextFaults, bank: BankDep) -> FaultsView:
    """Each of the next `count` payment requests gets these faults."""
    bank.faults.arm_next(body.count, body.faults)
    return await show_faults(bank)


@router.put("/faults/run")
async def start_run(body: Run, bank: BankDep) -> FaultsView:
    """Every later payment request draws its faults from these chances."""
    bank.faults.start_run(body.seed, body.chances)
    return await show_faults(bank)


@router.put("/faults/payments/{reference}")
async def arm_payment(reference: str, faults: list[BankFault], bank: BankDep) -> PaymentFaults:
    """Replace the faults this payment has before it."""
    if bank.books.find(reference) is None:
        raise HTTPException(404, "No such payment.")
    armed = bank.faults.of(reference)
    armed.arm(faults)
    return PaymentFaults(armed=armed.armed, struck=armed.struck)


@router.post("/clock/advance")
async def advance(body: Advance, bank: BankDep) -> Now:
    """Move the bank's clock: tokens expire and unverified payments go back when their time has come."""
    return Now(now=bank.books.clock.advance(body.seconds))


@router.get("", include_in_schema=False)
async def page(request: Request, bank: BankDep) -> Response:
    rows = [_row(bank, payment) for payment in reversed(bank.books.all()[-PAGE_ROWS:])]
    return render(
        request, "bank.html", rows=rows, kinds=PAGE_FAULTS, plan=bank.faults, now=bank.books.clock.now()
    )


@router.post("/page/faults", include_in_schema=False)
async def arm_from_page(
    kind: Annotated[str, Form()], count: Annotated[int, Form(ge=1)], bank: BankDep
) -> Response:
    if kind not in PAGE_FAULTS:
        raise HTTPException(422, "No such fault.")
    bank.faults.arm_next(count, [BankFault.model_validate({"kind": kind})])
    return RedirectResponse("/bank", 303)


@router.post("/page/clear", include_in_schema=False)
async def clear_from_page(bank: BankDep) -> Response:
    bank.faults.clear()
    return RedirectResponse("/bank", 303)


@router.post("/page/clock", include_in_schema=False)
async def advance_from_page(minutes: Annotated[int, Form(ge=0)], bank: BankDep) -> Response:
    bank.books.clock.advance(minutes * 60)
    return RedirectResponse("/bank", 303)


def _row(bank: Bank, payment: BankPayment) -> BookRow:
    known = bank.faults.known(payment.reference)
    return BookRow.model_validate(vars(payment) | {"faults": known.struck if known else []})
