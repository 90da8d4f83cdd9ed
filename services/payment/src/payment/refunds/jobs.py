"""Refunds become ready once a Sheba is verified."""

from prometheus_client import Gauge
from sqlalchemy import func, select

from chassis.database import Database
from chassis.jobs import Job
from payment.refunds import service
from payment.refunds.domain import RefundState
from payment.refunds.tables import Refund

WAITING = Gauge("payment_refunds_waiting", "Refunds that are not paid yet", ["state"])


def looker(database: Database, every: float) -> Job:
    async def run() -> None:
        async with database.transaction() as session:
            await service.look_for_accounts(session)
            counted = await session.execute(
                select(Refund.state, func.count())
                .where(Refund.state != RefundState.PAID)
                .group_by(Refund.state)
            )
            waiting = {row[0]: row[1] for row in counted}
        for state in RefundState:
            WAITING.labels(state).set(waiting.get(state, 0))

    return Job("payment.refund_accounts", every, run)
