"""Activating contracts, and what they say."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from chassis.errors import NotFound
from chassis.logging import get_logger
from events.payment import BillPaid
from sales.contracts.tables import Contract, ContractTemplate
from sales.contracts.wording import TemplateText
from sales.orders.numbers import NumberKind, new_number
from sales.orders.tables import Order
from sales.plans.tables import Plan

FROZEN = (
    "request_number",
    "plan_id",
    "offering_id",
    "dealership_id",
    "applicant_class",
    "title",
    "colour",
    "price",
    "prepayment",
)
log = get_logger(__name__)


async def activate(session: AsyncSession, order: Order, payment: BillPaid, now: datetime) -> Contract:
    """The contract of a paid order: the order's terms as they are now, whole, and the words of today."""
    template = select(ContractTemplate.id).where(ContractTemplate.active)
    circular = select(Plan.circular).where(Plan.id == order.plan_id)
    terms: dict[str, Any] = {name: getattr(order, name) for name in FROZEN}
    contract = Contract(
        id=uuid7(),
        number=new_number(NumberKind.CONTRACT),
        order_id=order.id,
        customer_id=order.customer_id,
        payment_id=payment.payment_id,
        terms={**terms, "circular": await session.scalar(circular), "terms": order.terms},
        activated_at=now,
        template_id=await session.scalar(template),
    )
    session.add(contract)
    return contract


async def write_template(
    session: AsyncSession, command: TemplateText, author: UUID, now: datetime
) -> ContractTemplate:
    """The next version, which contracts take from now on; those that were made keep theirs."""
    newest = await session.scalar(select(func.max(ContractTemplate.version)))
    await session.execute(update(ContractTemplate).where(ContractTemplate.active).values(active=False))
    template = ContractTemplate(
        id=uuid7(),
        version=(newest or 0) + 1,
        title=command.title,
        sections=[section.model_dump() for section in command.sections],
        active=True,
        created_by=author,
        created_at=now,
    )
    session.add(template)
    await session.flush()
    log.info("sales.contract_template.written", template_id=template.id, version=template.version)
    return template


async def template_of(session: AsyncSession, template_id: UUID | None) -> ContractTemplate:
    """The oldest one for a contract that was made before there were any; raises ``NotFound``."""
    query = select(ContractTemplate).order_by(ContractTemplate.version).limit(1)
    if template_id is not None:
        query = query.where(ContractTemplate.id == template_id)
    template = await session.scalar(query)
    if template is None:
        raise NotFound
    return template
