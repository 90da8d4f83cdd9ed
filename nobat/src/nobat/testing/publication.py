"""Plans for tests that have no manager: written by sales' own use case."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

import httpx

from chassis.clock import system_clock
from chassis.database import Database
from chassis.testing.eventually import eventually
from nobat.testing.plan import plan_form
from nobat.testing.visitor import API, Json
from sales.plans import service as plans
from sales.plans.commands import PlanDraft


async def publish_plan(
    sales: Database,
    apis: Sequence[str],
    client: httpx.AsyncClient,
    capacity: int,
    car: Mapping[str, Any] | None = None,
    **changes: Any,
) -> Json:
    """An open plan with one car that so many can buy, once all the sales processes ``apis`` show it.

    ``car`` and ``changes`` are other fields of the car and of the plan.
    """
    draft = PlanDraft.model_validate(plan_form(car={**(car or {}), "capacity": capacity}, **changes))
    async with sales.transaction() as session:
        plan = await plans.draft(session, draft, uuid4())
        await session.flush()
        await plans.publish(session, plan.id, system_clock())

    async def shown() -> list[httpx.Response]:
        return [await client.get(f"{api}{API}/plans/{plan.id}") for api in apis]

    answers = await eventually(shown, lambda found: all(answer.is_success for answer in found))
    page: Json = answers[0].json()
    return page
