"""How a plan looks to the public."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from sales.plans.catalogue import OfferedCar, PublishedPlan
from sales.plans.domain import PlanState
from sales.plans.terms import Delivery, DueInstalment, PlanTerms


class OfferingView(BaseModel):
    """Money in Rial; ``available`` cars are neither held nor bought.

    Where a quota limits a class, a colour or a dealership, the free cars of each are there too.
    ``dealerships`` are those that hand this car over; none when all do. ``schedule`` follows the prepayment.
    """

    offering_id: UUID
    model: str
    trim: str
    colours: list[str]
    price: int
    prepayment: int
    available: int
    available_by_class: dict[str, int] = {}
    available_by_colour: dict[str, int] = {}
    available_by_dealership: dict[str, int] = {}
    dealerships: list[UUID] = []
    schedule: list[DueInstalment] = []
    delivery: Delivery = Delivery()

    @classmethod
    def of(cls, car: OfferedCar) -> "OfferingView":
        return cls(
            offering_id=car.offering_id,
            model=car.model,
            trim=car.trim,
            colours=list(car.colours),
            price=car.price,
            prepayment=car.prepayment,
            available=car.available,
            available_by_class=car.free_by("class"),
            available_by_colour=car.free_by("colour"),
            available_by_dealership=car.free_by("dealership"),
            dealerships=sorted(car.dealerships),
            schedule=list(car.terms.schedule),
            delivery=car.terms.delivery,
        )


class PlanView(BaseModel):
    """``now`` is the server's clock, for a countdown that does not depend on the reader's; the seconds are
    those until the plan opens, or closes, null once it has.
    """

    plan_id: UUID
    circular: str
    title: str
    kind: str
    method: str
    state: PlanState
    opens_at: datetime
    closes_at: datetime
    now: datetime
    opens_in_seconds: int | None
    closes_in_seconds: int | None
    sold_out: bool
    applicant_classes: list[str]
    max_choices: int
    terms: PlanTerms
    offerings: list[OfferingView]

    @classmethod
    def of(cls, plan: PublishedPlan, now: datetime) -> "PlanView":
        cars = [OfferingView.of(car) for car in plan.offerings.values()]
        return cls(
            plan_id=plan.plan_id,
            circular=plan.circular,
            title=plan.title,
            kind=plan.kind,
            method=plan.method,
            state=plan.state_at(now),
            opens_at=plan.opens_at,
            closes_at=plan.closes_at,
            now=now,
            opens_in_seconds=_seconds(now, plan.opens_at),
            closes_in_seconds=_seconds(now, plan.closes_at),
            sold_out=all(is_sold_out(plan, car) for car in plan.offerings.values()),
            applicant_classes=list(plan.applicant_classes),
            max_choices=plan.max_choices,
            terms=plan.terms,
            offerings=cars,
        )


def is_sold_out(plan: PublishedPlan, car: OfferedCar) -> bool:
    """A car that is drawn is not sold before the draw."""
    return plan.method == "first_come" and car.available == 0


def _seconds(now: datetime, at: datetime) -> int | None:
    left = (at - now).total_seconds()
    return int(left) if left > 0 else None
