"""What sales knows of a customer is the newest that identity said, in whichever order it came."""

from datetime import date
from itertools import permutations
from uuid import uuid4

from events.identity import CustomerChanged, CustomerRegistered
from iran import Province
from sales.app import subscriptions
from sales.customers.tables import Customer


def told(customer_id, version):
    """Version 1 is the registration; with each later one the person lives elsewhere."""
    known = {
        "version": version,
        "customer_id": customer_id,
        "national_code_index": "0" * 64,
        "birth_date": date(1990, 1, version),
        "gender": "female",
        "province": list(Province)[version].value,
        "mobile_verified": True,
        "contact": "",
    }
    return CustomerRegistered(**known) if version == 1 else CustomerChanged(**known, changed=["address"])


async def test_the_newest_facts_count_in_whatever_order_they_come(office):
    handlers = subscriptions(office.clock)[0].handlers
    for order in permutations([1, 2, 3]):
        customer_id = uuid4()
        for event in (told(customer_id, version) for version in [*order, order[0]]):
            async with office.database.transaction() as session:
                await handlers[type(event)](session, event)
        async with office.database.transaction() as session:
            known = await session.get_one(Customer, customer_id)
        assert (known.version, known.province) == (3, list(Province)[3].value)
        assert known.birth_date == date(1990, 1, 3)
