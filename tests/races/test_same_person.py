"""One impatient person on fifty connections, which lead to several processes."""

from collections import Counter
from uuid import uuid4

from nobat.testing.comparison import order_differences
from nobat.testing.rush import Rush

TIMES = 50


async def test_one_person_gets_one_order_of_a_plan(rush: Rush) -> None:
    (person,) = await rush.people(1)
    plan = await rush.plan(capacity=TIMES)

    ledger = await rush.everybody_orders([person] * TIMES, plan)

    answers = Counter((told.status, told.body.get("code")) for told in ledger.answers)
    assert answers == {(201, None): 1, (409, "one_order_per_plan"): TIMES - 1}
    facts = await rush.facts(plan)
    assert order_differences(ledger, facts) == []
    assert len(facts.orders) == len(await rush.announced(plan)) == 1


async def test_one_key_gets_one_answer(rush: Rush) -> None:
    (person,) = await rush.people(1)
    plan = await rush.plan(capacity=TIMES)

    ledger = await rush.everybody_orders([person] * TIMES, plan, [str(uuid4())] * TIMES)

    assert {told.status for told in ledger.answers} == {201}
    assert all(told.body == ledger.answers[0].body for told in ledger.answers)
    facts = await rush.facts(plan)
    assert order_differences(ledger, facts) == []
    assert len(facts.orders) == len(await rush.announced(plan)) == 1
