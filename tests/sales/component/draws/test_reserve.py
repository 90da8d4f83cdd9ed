"""A car that comes back goes to the reserve: of its class, then of the classes to which that one hands on."""

from uuid import UUID

from sqlalchemy import text

from events.sales import DrawHeld
from sales.cancellations import service as cancellations
from sales.invitations import consumers, runs


async def invited(desk):
    """The draw is held and whoever was selected is invited, as the running service does it."""
    desk.close()
    await desk.freeze()
    await desk.seed()
    await desk.hold()
    [held] = await desk.office.published("sales.draw_held.v1")
    async with desk.office.database.transaction() as session:
        await consumers.on_draw_held(session, DrawHeld(**held), clock=desk.office.clock)
    running = True
    while running:
        async with desk.office.database.transaction() as session:
            running = await runs.advance(session, desk.office.clock())


async def withdraw(desk, number):
    async with desk.office.database.transaction() as session:
        await cancellations.void(session, [UUID(desk.orders[number])], "not_banned", desk.office.clock())


async def states(desk):
    return {str(order.id): order.state for order in await desk.office.orders_of(desk.plan)}


async def seats(desk):
    """Capacity and sold of the first car by class."""
    query = text("SELECT key, capacity, sold FROM quotas WHERE offering_id = :id AND level = 'class'")
    async with desk.office.database.transaction() as session:
        rows = await session.execute(query, {"id": UUID(desk.plan["offerings"][0]["offering_id"])})
        return {row.key: (row.capacity, row.sold) for row in rows}


async def test_when_a_class_has_no_reserve_left_the_next_class_gets_its_car(desk):
    await desk.enter_all(await desk.veterans(1), applicant_class="veterans")
    await desk.enter(6)
    await invited(desk)
    assert await seats(desk) == {"ordinary": (1, 1), "veterans": (1, 1)}
    first = desk.plan["offerings"][0]["offering_id"]
    tickets = [await desk.ticket(number) for number in range(7)]
    reserve = sorted(
        (ticket["position"], number)
        for number, ticket in enumerate(tickets)
        if (ticket["outcome"], ticket["offering_id"]) == ("reserve", first)
    )

    await withdraw(desk, 0)

    assert (await states(desk))[desk.orders[reserve[0][1]]] == "awaiting_payment"
    assert (await states(desk))[desk.orders[reserve[1][1]]] == "registered"
    assert await seats(desk) == {"ordinary": (2, 2), "veterans": (0, 0)}


async def test_a_car_for_which_nobody_waits_stays_with_its_class(desk):
    await desk.enter_all(await desk.veterans(1), applicant_class="veterans")
    await invited(desk)
    await withdraw(desk, 0)
    assert await seats(desk) == {"ordinary": (1, 0), "veterans": (1, 0)}
