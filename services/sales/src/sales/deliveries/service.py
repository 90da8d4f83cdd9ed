"""Taking steps, one or many in a transaction: the orders' rows are locked in the order of their ids."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Text, Uuid, any_, literal, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import load_only
from sqlalchemy.types import TypeEngine
from uuid_utils.compat import uuid7

from chassis.imports import BadRow, Batch, ImportKind
from chassis.messaging import outbox
from events.event import Event
from events.sales import (
    CarAllocated,
    CarDelivered,
    CarInvoiced,
    CarPlated,
    CarReady,
    CarSentToDealer,
)
from iran import tehran_date
from sales.cancellations.service import void
from sales.contracts.tables import Contract
from sales.deliveries.domain import (
    STEPS,
    BuyerNotEligible,
    DetailMissing,
    InvoiceNumberTaken,
    PlateTaken,
    StepName,
    StepRefused,
    UnknownContract,
    VinDiffers,
    VinRepeated,
    VinTaken,
    WrongStep,
    check_day,
    check_turn,
)
from sales.deliveries.rows import DeliveryStep
from sales.deliveries.saving import save_cars, save_orders
from sales.deliveries.tables import Car
from sales.orders.moving import identity, move
from sales.orders.tables import Order
from sales.penalties import crediting
from sales.penalties.crediting import Delivered
from sales.rechecks.turns import before_plates

EVENTS: dict[StepName, type[Event]] = {
    "allocated": CarAllocated,
    "invoiced": CarInvoiced,
    "plated": CarPlated,
    "sent_to_dealer": CarSentToDealer,
    "ready": CarReady,
    "delivered": CarDelivered,
}
MOVED = (
    Order.id,
    Order.customer_id,
    Order.title,
    Order.state,
    Order.live,
    Order.version,
    Order.terms,
    Order.timeline,
)
"""What of an order the steps of its car look at or change."""
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(7031901)")
"""Whoever gives cars away sees what everybody before has given."""


@dataclass(frozen=True, slots=True)
class Contracted:
    """An order under contract, locked."""

    order: Order
    number: str
    activated_on: date


@dataclass
class Yard:
    """The orders that steps are about, and every car that has a number that the steps name."""

    now: datetime
    import_id: UUID | None
    contracts: dict[str, Contracted]
    by_order: dict[UUID, Car] = field(default_factory=dict)
    by_number: dict[tuple[str, str], Car] = field(default_factory=dict)
    moved: dict[UUID, Order] = field(default_factory=dict)
    driven: dict[UUID, Car] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    delivered: list[Delivered] = field(default_factory=list)

    def know(self, car: Car) -> None:
        self.by_order[car.order_id] = car
        for name in ("vin", "invoice_number", "plate"):
            if (number := getattr(car, name)) is not None:
                self.by_number[name, number] = car

    def take(self, step: DeliveryStep) -> Order:
        """Raises ``StepRefused`` and changes nothing, or takes the step."""
        contract = self.contracts.get(step.contract_number)
        if contract is None:
            raise UnknownContract
        order = contract.order
        check_turn(step.step, order.state)
        car = self.by_order.get(order.id)
        if car is None and step.step != "allocated":
            raise WrongStep
        on = step.on or tehran_date(self.now)
        check_day(on, _last_day(car), tehran_date(self.now))
        self._check_numbers(step, car)
        move(order, STEPS[step.step].move, self.now)
        self._drive(step, order, car, on)
        self._tell(step, contract, on)
        return order

    def _check_numbers(self, step: DeliveryStep, car: Car | None) -> None:
        detail = STEPS[step.step].detail
        if detail is not None and getattr(step, detail) is None:
            raise DetailMissing(detail)
        if step.vin is not None and car is not None and car.vin != step.vin:
            raise VinDiffers
        if detail is None:
            return
        holder = self.by_number.get((detail, getattr(step, detail)))
        if holder is not None and holder is not car:
            raise self._taken(detail, holder)

    def _taken(self, detail: str, holder: Car) -> StepRefused:
        if detail == "vin" and self.import_id is not None and holder.import_id == self.import_id:
            return VinRepeated()
        return {"vin": VinTaken, "invoice_number": InvoiceNumberTaken, "plate": PlateTaken}[detail]()

    def _drive(self, step: DeliveryStep, order: Order, car: Car | None, on: date) -> None:
        if car is None:
            car = Car(id=uuid7(), vin=step.vin, order_id=order.id, import_id=self.import_id)
        detail = STEPS[step.step].detail
        if detail is not None:
            setattr(car, detail, getattr(step, detail))
        setattr(car, f"{step.step}_on", on)
        self.moved[order.id], self.driven[car.id] = order, car
        self.know(car)

    def _tell(self, step: DeliveryStep, contract: Contracted, on: date) -> None:
        order = contract.order
        said: dict[str, Any] = {"contract_number": contract.number, "title": order.title, "on": on}
        self.events.append(EVENTS[step.step](**identity(order), **said))
        if step.step == "delivered":
            self.delivered.append(Delivered(order, contract.number, contract.activated_on, on))


def _last_day(car: Car | None) -> date | None:
    days = [getattr(car, f"{step}_on", None) for step in STEPS] if car is not None else []
    return max((day for day in days if day is not None), default=None)


async def void_found_out(
    session: AsyncSession, steps: Sequence[DeliveryStep], now: datetime
) -> frozenset[str]:
    """The contracts that were to get a plate and whose buyers are not eligible any more; they are void."""
    plated = {step.contract_number for step in steps if step.step == "plated"}
    if not plated:
        return frozenset()
    await session.execute(_ONE_AT_A_TIME)
    found_out = await before_plates(session, plated, now, void=void)
    await session.flush()
    return found_out


async def take(session: AsyncSession, step: DeliveryStep, now: datetime) -> Order:
    """One step; raises ``StepRefused``."""
    yard = await _yard(session, [step], now, None)
    order = yard.take(step)
    await _close(session, yard)
    return order


async def take_in(session: AsyncSession, batch: Batch[DeliveryStep]) -> list[BadRow]:
    """The steps of a file, in its order; what is refused of them."""
    steps = [line.row for line in batch.lines]
    found_out = await void_found_out(session, steps, batch.now)
    yard = await _yard(session, steps, batch.now, batch.import_id)
    refused = list(_refusals(yard, batch, found_out))
    await _close(session, yard)
    return refused


def _refusals(yard: Yard, batch: Batch[DeliveryStep], found_out: Collection[str]) -> Iterator[BadRow]:
    for line in batch.lines:
        try:
            if line.row.contract_number in found_out:
                raise BuyerNotEligible
            yard.take(line.row)
        except StepRefused as refusal:
            yield BadRow(line.number, refusal.field, refusal.code, refusal.detail)


IMPORT = ImportKind("deliveries", DeliveryStep, take_in)


async def _yard(
    session: AsyncSession, steps: Sequence[DeliveryStep], now: datetime, import_id: UUID | None
) -> Yard:
    await session.execute(_ONE_AT_A_TIME)
    rows = await session.execute(
        select(Order, Contract.number, Contract.activated_at)
        .join(Contract, Contract.order_id == Order.id)
        .where(Contract.number == _any({step.contract_number for step in steps}, Text))
        .options(load_only(*MOVED))
        .order_by(Order.id)
        .with_for_update(of=Order)
    )
    contracts = {row.number: Contracted(row.Order, row.number, tehran_date(row.activated_at)) for row in rows}
    yard = Yard(now, import_id, contracts)
    await _release(session, steps, now)
    for car in await _cars(session, steps, [contract.order.id for contract in contracts.values()]):
        yard.know(car)
    session.expunge_all()
    return yard


def _any(values: Iterable[object], kind: type[TypeEngine[Any]]) -> ColumnElement[Any]:
    """One parameter, however many values: a statement for each number of them would be planned anew."""
    return any_(literal(list(values), ARRAY(kind)))


async def _release(session: AsyncSession, steps: Sequence[DeliveryStep], now: datetime) -> None:
    """Cars whose orders are over may be allocated anew."""
    wanted = [step.vin for step in steps if step.step == "allocated" and step.vin is not None]
    held = select(Car.order_id).where(Car.vin == _any(wanted, Text), Car.released_at.is_(None))
    holders = list(await session.scalars(held)) if wanted else []
    if not holders:
        return
    over = list(await session.scalars(select(Order.id).where(Order.id == _any(holders, Uuid), ~Order.live)))
    given_up = (Car.order_id == _any(over, Uuid), Car.released_at.is_(None))
    await session.execute(update(Car).where(*given_up).values(released_at=now))


async def _cars(
    session: AsyncSession, steps: Sequence[DeliveryStep], order_ids: Sequence[UUID]
) -> Sequence[Car]:
    named = {
        column: [getattr(step, column.key) for step in steps if getattr(step, column.key) is not None]
        for column in (Car.vin, Car.invoice_number, Car.plate)
    }
    known = [column == _any(numbers, Text) for column, numbers in named.items() if numbers]
    query = select(Car).where(or_(Car.order_id == _any(order_ids, Uuid), *known), Car.released_at.is_(None))
    return (await session.scalars(query)).all()


async def _close(session: AsyncSession, yard: Yard) -> None:
    await crediting.credit(session, yard.delivered, yard.now)
    await save_orders(session, list(yard.moved.values()))
    await save_cars(session, list(yard.driven.values()))
    await outbox.record(session, *yard.events)
