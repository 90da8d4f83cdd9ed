"""Telling everybody who entered a draw what came of it."""

from uuid import UUID, uuid4

from events.sales import Drawn, DrawResultsListed
from iran import samples

PATH = "/staff/message-runs"


def drawn(plan_id, page, customers, *, last):
    outcomes = ("selected", "reserve", "not_selected")
    results = [
        Drawn(
            order_id=UUID(int=customer.customer_id.int ^ plan_id.int),
            customer_id=customer.customer_id,
            request_number=f"14040000{number:04}",
            outcome=outcomes[number % 3],
            rank=None if outcomes[number % 3] == "not_selected" else number + 1,
        )
        for number, customer in enumerate(customers)
    ]
    return DrawResultsListed(version=3, plan_id=plan_id, title="سپند", page=page, last=last, results=results)


async def test_every_entrant_of_a_draw_hears_the_result_once_whatever_the_order_of_pages(
    office, simulator, person
):
    customers = [type(person)(uuid4(), samples.mobile(80 + n)) for n in range(6)]
    for customer in customers:
        await office.notify.handle(customer.registered())
    plan_id = uuid4()
    await office.notify.handle(drawn(plan_id, 2, customers[3:], last=True))
    await office.work()
    [run] = (await office.staff("manager", "GET", PATH)).json()["items"]
    assert (run["kind"], run["state"], run["listed"], run["figures"]["sent"]) == ("draw", "running", False, 3)
    first = drawn(plan_id, 1, customers[:3], last=False)
    await office.notify.handle(first)
    await office.work()
    [run] = (await office.staff("manager", "GET", PATH)).json()["items"]
    assert (run["state"], run["figures"]["recipients"], run["figures"]["sent"]) == ("done", 6, 6)
    taken = await simulator.taken(*(customer.mobile for customer in customers))
    told = [row["text"] for row in taken if "قرعه‌کشی" in row["text"] and "سپند" in row["text"]]
    assert len(told) == 6
    assert len([line for line in told if "برگزیده شد" in line]) == 2
    assert len([line for line in told if "رتبه: ۲" in line]) == 2
    history = {"customer_id": str(customers[0].customer_id)}
    items = (await office.staff("operator", "GET", "/staff/messages", params=history)).json()["items"]
    assert items[0]["template"] == "draw_selected"


async def test_a_page_that_comes_again_tells_nobody_again(office, person):
    await office.notify.handle(person.registered())
    page = drawn(uuid4(), 1, [person], last=True)
    for _ in range(2):
        await office.notify.handle(page)
        await office.work()
    rows = [row for row in await office.notify.rows("template, state") if row["template"] == "draw_selected"]
    assert rows == [{"template": "draw_selected", "state": "sent"}]
