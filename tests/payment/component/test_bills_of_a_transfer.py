"""Bills that are asked for while the contract passes to another person."""

import asyncio
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import select

from events.sales import BillRequested, OrderTransferred
from payment.bills.tables import Bill

ORDERS = 8


async def test_a_bill_that_meets_the_transfer_of_its_order_is_the_new_owners(shop):
    """Both messages at once, for several orders: whichever is first, and wherever they meet."""
    requests, transfers, heir = [], [], uuid4()
    for _ in range(ORDERS):
        order_id = uuid4()
        requests.append(
            BillRequested(
                version=1,
                bill_id=uuid4(),
                order_id=order_id,
                customer_id=shop.buyer,
                purpose="principal",
                amount=5_000_000,
                due_at=shop.clock() + timedelta(days=5),
            )
        )
        transfers.append(
            OrderTransferred(
                version=9,
                order_id=order_id,
                customer_id=heir,
                from_customer_id=shop.buyer,
                transfer_id=uuid4(),
                contract_number="2",
            )
        )

    pairs = zip(requests, transfers, strict=True)
    await asyncio.gather(*(shop.hear(event) for pair in pairs for event in pair))

    async with shop.database.transaction() as session:
        query = select(Bill.customer_id).where(Bill.id.in_([each.bill_id for each in requests]))
        assert list(await session.scalars(query)) == [heir] * ORDERS
