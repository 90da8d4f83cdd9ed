"""The system as processes of its own, with RabbitMQ between them."""

from collections.abc import AsyncIterator

import httpx
import pytest

from chassis.testing.eventually import eventually
from nobat.cluster import Cluster
from nobat.servers.runtime import throwaway_folder
from nobat.testing.person import Person
from nobat.testing.visitor import Visitor
from nobat.topology import Shape

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(900), pytest.mark.xdist_group("rabbitmq")]


@pytest.fixture(scope="module")
async def cluster() -> AsyncIterator[Cluster]:
    with throwaway_folder() as folder:
        async with Cluster(folder, Shape(apis={"sales": 2}), broker="rabbitmq") as running:
            yield running


@pytest.fixture
async def visitor(cluster: Cluster) -> AsyncIterator[Visitor]:
    async with (
        httpx.AsyncClient(base_url=cluster.gateway_url, timeout=30, trust_env=False) as api,
        httpx.AsyncClient(base_url=cluster.simulators_url, timeout=30, trust_env=False) as simulators,
    ):
        yield Visitor(api, simulators, Person.random())


async def test_every_process_runs_for_itself(cluster: Cluster) -> None:
    assert {"sales.api.1", "sales.api.2", "sales.worker.1", "gateway"} <= set(cluster.names)
    assert len({cluster.pid(name) for name in cluster.names}) == len(cluster.names)


async def test_a_killed_process_comes_back_and_the_purchase_goes_on(
    cluster: Cluster, visitor: Visitor
) -> None:
    await visitor.join()
    for name in ("sales.api.1", "sales.worker.1"):
        cluster.kill(name)
    plan = (await visitor.get("/plans"))["items"][0]
    dealership = (await visitor.get(f"/dealerships?province={visitor.person.province}"))["items"][0]

    placed = await visitor.order(plan, dealership["dealership_id"])
    bill = await visitor.bill_of(placed["order_id"])
    await visitor.pay_up(bill["id"])

    await visitor.order_in_state(placed["order_id"], "contract_active")
    await cluster.supervisor.wait_until_restarted("sales.api.1", 1)
    await cluster.supervisor.wait_until_restarted("sales.worker.1", 1)


async def test_nothing_personal_is_in_the_logs(cluster: Cluster, visitor: Visitor) -> None:
    await visitor.join()
    person = visitor.person
    secrets = [person.national_code, person.mobile, person.mobile[1:], person.iban, person.password, "مریم"]
    secrets += [visitor.token or "", visitor.refresh_token or "", *await visitor.codes()]

    async def logs() -> str:
        return "".join(cluster.log(name).read_text() for name in cluster.names if name != "simulators")

    written = await eventually(logs, lambda text: "identity.customer.registered" in text)
    assert [secret for secret in secrets if secret in written] == []
