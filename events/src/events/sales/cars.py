"""The way of a car to its buyer. Amounts are Rial."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel

from events.event import Event


class _OnItsWay(BaseModel):
    """A step of a car to its buyer, on a day of Tehran."""

    order_id: UUID
    customer_id: UUID
    contract_number: str
    title: str
    on: date


class CarAllocated(_OnItsWay, Event, name="sales.car_allocated.v1", aggregate="order_id"):
    """A car is tied to the contract."""


class CarInvoiced(_OnItsWay, Event, name="sales.car_invoiced.v1", aggregate="order_id"):
    """The invoice of the car is issued; from now on the buyer cannot cancel."""


class CarPlated(_OnItsWay, Event, name="sales.car_plated.v1", aggregate="order_id"):
    """The police gave the car its number."""


class CarSentToDealer(_OnItsWay, Event, name="sales.car_sent_to_dealer.v1", aggregate="order_id"):
    """The car left for the dealership that the buyer chose."""


class CarReady(_OnItsWay, Event, name="sales.car_ready.v1", aggregate="order_id"):
    """The car waits for the buyer at the dealership."""


class CarDelivered(_OnItsWay, Event, name="sales.car_delivered.v1", aggregate="order_id"):
    """The buyer has the car."""


class DelayPenaltyCredited(Event, name="sales.delay_penalty_credited.v1", aggregate="order_id"):
    """The car came late: ``amount`` goes to the buyer's account by the refund of this id."""

    order_id: UUID
    customer_id: UUID
    refund_id: UUID
    contract_number: str
    amount: int
