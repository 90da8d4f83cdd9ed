"""Reads of contracts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from iran import tehran_date
from sales.context import Context
from sales.contracts import addenda, service
from sales.contracts.addenda import Amendment
from sales.contracts.buyers import name_of
from sales.contracts.tables import Contract, ContractTemplate
from sales.contracts.wording import Section, Signed, TemplateText
from sales.orders.tables import Order
from sales.plans.terms import OrderTerms
from sales.plans.terms import due_on as due_day


@dataclass(frozen=True)
class Paper:
    """A contract, what it froze, its words, and what was added to it since; ``holder`` has it now."""

    contract: Contract
    signed: Signed
    template: ContractTemplate
    amendments: Sequence[Amendment]
    holder: str | None


async def own_paper(session: AsyncSession, context: Context, order_id: UUID, customer_id: UUID) -> Paper:
    """Raises ``NotFound`` for an order without a contract and for what is not this customer's."""
    query = select(Contract, Order).join(Order, Order.id == Contract.order_id)
    row = (await session.execute(query.where(Order.id == order_id, Order.customer_id == customer_id))).first()
    if row is None:
        raise NotFound
    contract, order = row
    template = await service.template_of(session, contract.template_id)
    rows = await addenda.of_order(session, order)
    owners = [str(side["owner"]) for row in rows for side in (row.before, row.after) if "owner" in side]
    owners = owners or [str(order.customer_id)]
    names = {owner: await name_of(session, context, UUID(owner)) for owner in owners}
    signed = _signed(contract, order, names[owners[0]])
    amendments = addenda.said(rows, signed, names)
    return Paper(contract, signed, template, amendments, names[owners[-1]])


def words_of(template: ContractTemplate) -> TemplateText:
    sections = [Section.model_validate(section) for section in template.sections]
    return TemplateText(title=template.title, sections=sections)


async def templates(session: AsyncSession) -> Sequence[ContractTemplate]:
    """Newest first."""
    query = select(ContractTemplate).order_by(ContractTemplate.version.desc()).limit(100)
    return (await session.scalars(query)).all()


def _signed(contract: Contract, order: Order, buyer: str | None) -> Signed:
    """A contract of the first days froze less: the order has the rest."""
    frozen: dict[str, Any] = {"request_number": order.request_number, "circular": "", **contract.terms}
    terms = OrderTerms.model_validate(frozen.get("terms") or order.terms)
    signed_on = tehran_date(contract.activated_at)
    return Signed(
        contract_number=contract.number,
        request_number=frozen["request_number"],
        activated_at=contract.activated_at,
        circular=frozen["circular"] or "",
        title=frozen["title"],
        colour=frozen["colour"],
        price=frozen["price"],
        prepayment=frozen["prepayment"],
        terms=terms,
        schedule=[(each.number, each.amount, due_day(each, signed_on)) for each in terms.schedule],
        buyer=buyer,
    )
