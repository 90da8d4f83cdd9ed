"""What the outside says of a new account: asked by itself, told to its person, heeded where a plan asks."""

from collections.abc import Awaitable, Callable

from httpx import AsyncClient, Response, codes

from chassis.testing.eventually import eventually
from nobat.testing.plan import order_form
from nobat.testing.visitor import Json, Visitor

NewVisitor = Callable[[], Visitor]
NewBuyer = Callable[..., Awaitable[Visitor]]
PublishPlan = Callable[..., Awaitable[Json]]


async def states(visitor: Visitor) -> dict[str, str]:
    items = (await visitor.get("/me/inquiries"))["items"]
    return {item["kind"]: item["state"] for item in items}


async def answered(visitor: Visitor, *expected: str) -> dict[str, str]:
    """The states, once they are among those that are expected."""

    async def look() -> dict[str, str]:
        return await states(visitor)

    return await eventually(look, lambda seen: set(seen.values()) <= set(expected))


async def test_a_new_account_is_asked_about_by_itself(new_buyer: NewBuyer) -> None:
    buyer = await new_buyer()
    seen = await answered(buyer, "match")
    assert set(seen) == {"civil_registry", "iban_owner", "mobile_owner"}


async def test_what_does_not_match_is_told_and_heeded_only_where_a_plan_asks_for_it(
    new_visitor: NewVisitor, publish_plan: PublishPlan, dealership_id: str, simulators: AsyncClient
) -> None:
    buyer = new_visitor()
    odd = {"oddities": ["other_iban"]}
    (await simulators.put(f"/inquiries/people/{buyer.person.national_code}", json=odd)).raise_for_status()
    await buyer.join()
    assert (await answered(buyer, "match", "no_match"))["iban_owner"] == "no_match"

    strict, lenient = await publish_plan(required_inquiries=["iban_owner"]), await publish_plan()

    async def refusal() -> Json:
        return await buyer.post("/orders", order_form(strict, dealership_id), 403)

    refused = await eventually(refusal, lambda found: found["rule"] == "iban_owner_checked")
    assert refused["code"] == "not_eligible"
    assert (await buyer.order(lenient, dealership_id))["state"] == "awaiting_payment"


async def test_who_cannot_be_asked_about_orders_all_the_same_and_is_asked_about_again(
    new_visitor: NewVisitor,
    manager: Visitor,
    publish_plan: PublishPlan,
    dealership_id: str,
    simulators: AsyncClient,
) -> None:
    buyer = new_visitor()
    faults = f"/inquiries/faults/people/{buyer.person.national_code}"
    down = [{"kind": "unavailable", "times": None}]
    (await simulators.put(faults, json=down)).raise_for_status()
    await buyer.join()
    await answered(buyer, "unavailable")
    await buyer.order(await publish_plan(), dealership_id)

    (await simulators.put(faults, json=[])).raise_for_status()
    wish = {"customer_ids": [(await buyer.get("/me"))["customer_id"]]}

    async def start() -> Response:
        """Refused while somebody else's run goes on."""
        return await manager.ask("POST", "/staff/inquiries/runs", wish)

    started = await eventually(start, lambda answer: answer.status_code == codes.ACCEPTED, within=60)
    run_id = started.json()["run_id"]

    async def watch() -> Json:
        return await manager.get(f"/staff/inquiries/runs/{run_id}")

    done = await eventually(watch, lambda run: run["state"] == "done")
    assert (done["asked"], done["matched"], done["waiting"]) == (3, 3, 0)
    assert set((await states(buyer)).values()) == {"match"}
