"""The statement of an order, for its buyer and for finance; what checking the ledger found."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BeforeValidator, Field
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import audit
from chassis.auth import CurrentUser, Principal
from chassis.client_address import ClientNetwork
from chassis.documents import MEDIA_TYPE, rendered
from chassis.permissions import permitted
from chassis.service import Db, provided
from iran import to_ascii_digits
from payment.checkout import Checkout
from payment.ledger import paper, queries, statements
from payment.ledger.statements import Statement
from payment.ledger.views import (
    Checks,
    CheckView,
    FoundStatement,
    FoundStatements,
    StaffStatement,
    StatementView,
)

router = APIRouter(prefix="/statements", tags=["statements"])
staff_router = APIRouter(prefix="/staff", tags=["staff: ledger"])
CheckoutDep = Annotated[Checkout, provided(Checkout)]
Reader = Annotated[Principal, Depends(permitted("ledger.read"))]
BankBillId = Annotated[str, BeforeValidator(to_ascii_digits), Field(pattern=r"^[0-9]{6,13}$")]

PAGE = 50


@router.get(
    "/{order_id}/statement.pdf",
    summary="Download the statement of my order",
    response_class=Response,
    responses={200: {"content": {MEDIA_TYPE: {}}, "description": "The document"}},
)
async def statement_pdf(order_id: UUID, user: CurrentUser, db: Db, checkout: CheckoutDep) -> Response:
    async with db.transaction() as session:
        found = await statements.of_customer(session, user.subject, order_id)
    return await _pdf(found, checkout)


@router.get("/{order_id}", summary="What came for my order, what went back and what is held")
async def statement(order_id: UUID, user: CurrentUser, db: Db) -> StatementView:
    async with db.transaction() as session:
        return StatementView.of(await statements.of_customer(session, user.subject, order_id))


@staff_router.get("/statements", summary="The orders of a bill")
async def find_statements(
    _: Reader, db: Db, bill: Annotated[UUID | BankBillId, Query(description="Its id, or the bank's bill id")]
) -> FoundStatements:
    async with db.transaction() as session:
        orders = await statements.orders_of_bill(session, bill)
    return FoundStatements(items=[FoundStatement(order_id=order_id) for order_id in orders])


@staff_router.get(
    "/statements/{order_id}/statement.pdf",
    summary="Download the statement of an order",
    response_class=Response,
    responses={200: {"content": {MEDIA_TYPE: {}}, "description": "The document"}},
)
async def staff_statement_pdf(
    order_id: UUID, reader: Reader, db: Db, checkout: CheckoutDep, client: ClientNetwork
) -> Response:
    async with db.transaction() as session:
        found = await _looked_up(session, order_id, reader, checkout, client)
    return await _pdf(found, checkout)


@staff_router.get("/statements/{order_id}", summary="The statement of an order, with the ledger's accounts")
async def staff_statement(
    order_id: UUID, reader: Reader, db: Db, checkout: CheckoutDep, client: ClientNetwork
) -> StaffStatement:
    async with db.transaction() as session:
        return StaffStatement.of(await _looked_up(session, order_id, reader, checkout, client))


@staff_router.get("/ledger/checks", summary="What the checks of the whole ledger found, newest first")
async def list_checks(_: Reader, db: Db, cursor: UUID | None = None) -> Checks:
    async with db.transaction() as session:
        rows = await queries.checks(session, cursor, PAGE)
    following = rows[-1].id if len(rows) == PAGE else None
    return Checks(items=[CheckView.model_validate(row) for row in rows], next_cursor=following)


async def _looked_up(
    session: AsyncSession, order_id: UUID, reader: Principal, checkout: Checkout, client: str
) -> Statement:
    """Stands in the audit trail of the buyer."""
    found = await statements.of_order(session, order_id)
    entry = audit.Entry(
        action="payment.statement.viewed",
        actor=reader.subject,
        subject=found.customer_id,
        roles=reader.roles,
        client=client,
        details={"order_id": order_id},
    )
    await audit.record(session, entry, at=checkout.clock())
    return found


async def _pdf(statement: Statement, checkout: Checkout) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="statement-{statement.order_id}.pdf"',
        "Cache-Control": "private, no-store",
    }
    content = await rendered(partial(paper.document, statement, checkout.clock()))
    return Response(content, media_type=MEDIA_TYPE, headers=headers)
