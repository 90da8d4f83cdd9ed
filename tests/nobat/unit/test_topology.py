"""The description of the processes."""

import pytest

from nobat.parts import PARTS
from nobat.secret_store import MAKERS, Secrets
from nobat.topology import SERVICES, Servers, Shape, Topology, describe

SECRETS = Secrets({name: f"{name}-secret" for name in MAKERS})
REAL_SECRETS = Secrets({name: make() for name, make in MAKERS.items()})
SERVERS = Servers(
    {service: f"postgresql+asyncpg://{service}-database/x" for service in SERVICES},
    {service: f"amqp://{service}-broker/" for service in SERVICES},
)


@pytest.fixture
def topology() -> Topology:
    shape = Shape(apis={"sales": 2}, settings={"gateway": {"LIMIT_FACTOR": "0"}, "sales": {"POOL_SIZE": "3"}})
    return describe(SERVERS, SECRETS, shape)


def test_there_is_an_api_and_a_worker_of_each_service_between_simulators_and_gateway(
    topology: Topology,
) -> None:
    names = [process.name for process in topology.processes]
    assert names == [
        "simulators",
        "identity.api.1",
        "sales.api.1",
        "sales.api.2",
        "payment.api.1",
        "notify.api.1",
        "identity.worker.1",
        "sales.worker.1",
        "payment.worker.1",
        "notify.worker.1",
        "portal",
        "gateway",
    ]


def test_no_two_processes_share_a_port(topology: Topology) -> None:
    ports = [process.port for process in topology.processes]
    assert len({*ports, topology.find("gateway").env["INTERNAL_PORT"]}) == len(ports) + 1


def test_the_gateway_knows_every_api_of_a_service(topology: Topology) -> None:
    expected = ",".join(topology.find(name).url for name in ("sales.api.1", "sales.api.2"))
    assert topology.find("gateway").env["SALES_URLS"] == expected


def test_settings_reach_every_process_of_their_part(topology: Topology) -> None:
    assert topology.find("gateway").env["LIMIT_FACTOR"] == "0"
    sales = [process for process in topology.processes if process.name.startswith("sales.")]
    assert [process.env["POOL_SIZE"] for process in sales] == ["3", "3", "3"]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_told_its_own_servers_only(service: str, topology: Topology) -> None:
    told = " ".join(topology.find(f"{service}.worker.1").env.values())
    others = [other for other in SERVICES if other != service]
    assert f"{service}-database" in told
    assert f"{service}-broker" in told
    assert not [other for other in others if f"{other}-database" in told or f"{other}-broker" in told]


@pytest.mark.parametrize(
    ("secret", "knowers"),
    [
        ("IDENTITY_DATA_KEYS", {"identity"}),
        ("IDENTITY_CODE_KEY", {"identity"}),
        ("NOTIFY_DATA_KEYS", {"notify"}),
        ("SALES_DATA_KEYS", {"sales"}),
        ("PAYMENT_DATA_KEYS", {"payment"}),
        ("INDEX_KEY", {"identity", "payment", "sales"}),
        ("ZARINPAL_REFUND_TOKEN", {"payment", "simulators"}),
        ("ZIBAL_MERCHANT", {"payment", "simulators"}),
        ("MELLAT_PASSWORD", {"payment", "simulators"}),
        ("SADAD_TERMINAL_KEY", {"payment", "simulators"}),
        ("KAVENEGAR_API_KEY", {"notify", "simulators"}),
        ("SMSIR_API_KEY", {"notify", "simulators"}),
        ("GHASEDAK_API_KEY", {"notify", "simulators"}),
        ("MELIPAYAMAK_PASSWORD", {"notify", "simulators"}),
        ("IPPANEL_API_KEY", {"notify", "simulators"}),
        ("FINNOTECH_CLIENT_SECRET", {"identity", "simulators"}),
        ("JIBIT_API_KEY", {"identity", "simulators"}),
        ("JIBIT_SECRET_KEY", {"identity", "simulators"}),
        ("ZOHAL_TOKEN", {"identity", "simulators"}),
        ("ACCOUNTS_KEY", set()),
        ("DEMO_PASSWORD", set()),
    ],
)
def test_a_secret_is_told_to_those_who_need_it(secret: str, knowers: set[str], topology: Topology) -> None:
    told = {
        process.name.partition(".")[0]
        for process in topology.processes
        if f"{secret}-secret" in process.env.values()
    }
    assert told == knowers


@pytest.mark.parametrize("service", SERVICES)
def test_what_a_service_is_told_is_enough_for_it(service: str) -> None:
    process = describe(SERVERS, REAL_SECRETS).find(f"{service}.api.1")
    settings = PARTS[service].settings_of(process.env)
    assert (settings.port, settings.host) == (process.port, "127.0.0.1")
    assert PARTS[service].build(settings).name == service


def test_an_unknown_process_is_not_found(topology: Topology) -> None:
    with pytest.raises(KeyError):
        topology.find("sales.api.3")
