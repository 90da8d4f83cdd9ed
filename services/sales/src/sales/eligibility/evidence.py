"""What was found about orders, kept: which rule, on what input, on whose word."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import ARRAY, Boolean, Text, Uuid, bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.database import UtcDateTime
from sales.eligibility.domain import Verdict
from sales.eligibility.tables import OrderCheck

Occasion = Literal["order", "recheck", "contract", "plate"]

INSERT = text(
    """
    INSERT INTO order_checks (order_id, checked_at, occasion, passed, rule_set_id, verdicts)
    SELECT order_id, :checked_at, :occasion, passed, rule_set_id, CAST(verdicts AS jsonb)
    FROM unnest(:order_ids, :passed, :rule_set_ids, :verdicts)
      AS new (order_id, passed, rule_set_id, verdicts)
    ON CONFLICT DO NOTHING
    """
).bindparams(
    bindparam("order_ids", type_=ARRAY(Uuid)),
    bindparam("passed", type_=ARRAY(Boolean)),
    bindparam("rule_set_ids", type_=ARRAY(Uuid)),
    bindparam("verdicts", type_=ARRAY(Text)),
    bindparam("occasion", type_=Text),
    bindparam("checked_at", type_=UtcDateTime),
)


@dataclass(frozen=True, slots=True)
class Checked:
    """The verdicts about one order."""

    order_id: UUID
    rule_set_id: UUID | None
    verdicts: Sequence[Verdict]

    @property
    def passed(self) -> bool:
        return all(verdict.passed or not verdict.known for verdict in self.verdicts)

    def text(self) -> str:
        """The verdicts as JSON."""
        return json.dumps([_row(verdict) for verdict in self.verdicts], ensure_ascii=False)


async def keep(session: AsyncSession, checks: Collection[Checked], occasion: Occasion, at: datetime) -> None:
    """In the transaction of what the checks decide."""
    if not checks:
        return
    columns = {
        "order_ids": [check.order_id for check in checks],
        "passed": [check.passed for check in checks],
        "rule_set_ids": [check.rule_set_id for check in checks],
        "verdicts": [check.text() for check in checks],
    }
    await session.execute(INSERT, {**columns, "occasion": occasion, "checked_at": at})


async def of_order(session: AsyncSession, order_id: UUID) -> Sequence[OrderCheck]:
    """Oldest first."""
    query = select(OrderCheck).where(OrderCheck.order_id == order_id).order_by(OrderCheck.checked_at)
    return (await session.scalars(query)).all()


def _row(verdict: Verdict) -> dict[str, object]:
    outcome = "pass" if verdict.passed else "fail" if verdict.known else "unknown"
    return {
        "rule": verdict.rule,
        "verdict": outcome,
        "input": dict(verdict.found),
        "source": verdict.source,
    }
