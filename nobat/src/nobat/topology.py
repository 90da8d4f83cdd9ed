"""The system as a list of processes: what each is called, told and asked whether it is ready.

One description for all who run it: ``nobat up``, the tests that kill processes, the benchmarks.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from nobat.secret_store import Secrets
from nobat.servers.ports import LOOPBACK, free_port

SERVICES = ("identity", "sales", "payment", "notify")
SMS_SECRETS = (
    "KAVENEGAR_API_KEY",
    "SMSIR_API_KEY",
    "GHASEDAK_API_KEY",
    "MELIPAYAMAK_PASSWORD",
    "IPPANEL_API_KEY",
)
SMS_PATHS = {
    "kavenegar": "",
    "smsir": "/smsir",
    "ghasedak": "/ghasedak",
    "melipayamak": "/melipayamak",
    "ippanel": "/ippanel",
}
"""Where the simulators stand for each provider."""
SMS_LINES = {
    "KAVENEGAR_LINE": "2000660110",
    "SMSIR_LINE": "30007732000000",
    "GHASEDAK_LINE": "210002100",
    "MELIPAYAMAK_USERNAME": "nobat",
    "MELIPAYAMAK_LINE": "50004001000000",
    "IPPANEL_LINE": "+983000505",
}
BANK_URLS = ("ZARINPAL_URL", "ZIBAL_URL", "SEP_URL", "MELLAT_URL", "SADAD_URL")
SIMULATED_TERMINALS = {
    "SEP_TERMINAL_ID": "21000001",
    "MELLAT_TERMINAL_ID": "1234567",
    "MELLAT_USER_NAME": "nobat",
    "SADAD_ACCEPTOR_ID": "000000140212149",
    "SADAD_TERMINAL_ID": "24000615",
}
"""The names under which the simulated banks know us; they are no secrets."""
STAFF_TOTP_AFTER = 30 * 24 * 3600
"""Seconds: the demonstration's staff log in with a code from the SMS simulator."""

Environment = dict[str, str]


@dataclass(frozen=True)
class Servers:
    """Where each service finds its own database and its way to the broker, by service; ``files`` is the
    folder of what is kept outside of the databases. ``owners`` are the databases' addresses for migrations,
    where these have an account of their own."""

    databases: Mapping[str, str]
    brokers: Mapping[str, str]
    files: Path = Path("/var/lib/nobat")
    owners: Mapping[str, str] = field(default_factory=dict)

    def owner_of(self, service: str) -> str:
        return self.owners.get(service, self.databases[service])


@dataclass(frozen=True)
class Process:
    """``env`` is what it is told, on top of the environment it inherits; ``ready`` answers 200 when it is."""

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str]
    port: int
    ready: str

    @property
    def url(self) -> str:
        return _at(self.port)


@dataclass(frozen=True)
class Shape:
    """How many processes of each kind, 1 where nothing is said; ``settings`` are extra ones by service.

    The gateway, the portal and the simulators take part under their names.
    """

    apis: Mapping[str, int] = field(default_factory=dict)
    workers: Mapping[str, int] = field(default_factory=dict)
    settings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    gateway_port: int | None = None
    simulators_port: int | None = None


@dataclass(frozen=True)
class Topology:
    """``processes`` are in the order in which they start."""

    processes: tuple[Process, ...]
    gateway_url: str
    simulators_url: str

    def find(self, name: str) -> Process:
        """Raises KeyError when no process has that name."""
        by_name = {process.name: process for process in self.processes}
        return by_name[name]


def describe(servers: Servers, secrets: Secrets, shape: Shape | None = None) -> Topology:
    """The processes of a whole system on this machine, each at a port that was free just now."""
    shape = shape or Shape()
    gateway_url = _at(shape.gateway_port or free_port())
    simulators_url = _at(shape.simulators_port or free_port())
    ports = {
        f"{service}.api.{number}": free_port()
        for service in SERVICES
        for number in range(1, shape.apis.get(service, 1) + 1)
    }
    told = _told(servers, secrets, gateway_url, simulators_url, _at(ports["identity.api.1"]))
    apis = [_service(name, told, shape, port) for name, port in ports.items()]
    workers = [
        _service(f"{service}.worker.{number}", told, shape, free_port())
        for service in SERVICES
        for number in range(1, shape.workers.get(service, 1) + 1)
    ]
    portal = _portal(gateway_url, secrets, shape)
    gateway = _gateway(gateway_url, [*apis, portal], secrets, shape)
    simulators = _simulators(simulators_url, secrets, shape)
    return Topology((simulators, *apis, *workers, portal, gateway), gateway_url, simulators_url)


def _service(name: str, told: Mapping[str, Environment], shape: Shape, port: int) -> Process:
    service, kind, _ = name.split(".")
    env = told[service] | {"HOST": LOOPBACK, "PORT": str(port)} | dict(shape.settings.get(service, {}))
    return Process(
        name, (sys.executable, "-m", service, kind), MappingProxyType(env), port, f"{_at(port)}/readyz"
    )


def _gateway(url: str, behind: list[Process], secrets: Secrets, shape: Shape) -> Process:
    internal = free_port()
    urls = {
        f"{name.upper()}_URLS": ",".join(one.url for one in behind if one.name.split(".")[0] == name)
        for name in (*SERVICES, "portal")
    }
    env = {
        **urls,
        "PORTAL_KEY": secrets["PORTAL_KEY"],
        "JWKS_URL": behind[0].url + "/.well-known/jwks.json",
        "HOST": LOOPBACK,
        "PORT": str(_port(url)),
        "INTERNAL_HOST": LOOPBACK,
        "INTERNAL_PORT": str(internal),
        **shape.settings.get("gateway", {}),
    }
    return Process(
        "gateway",
        (sys.executable, "-m", "gateway"),
        MappingProxyType(env),
        _port(url),
        f"{_at(internal)}/readyz",
    )


def _portal(gateway_url: str, secrets: Secrets, shape: Shape) -> Process:
    port = free_port()
    env = {
        "GATEWAY_URL": gateway_url,
        "PORTAL_KEY": secrets["PORTAL_KEY"],
        "SESSION_KEYS": secrets["PORTAL_SESSION_KEYS"],
        "HOST": LOOPBACK,
        "PORT": str(port),
        **shape.settings.get("portal", {}),
    }
    argv = (sys.executable, "-m", "portal")
    return Process("portal", argv, MappingProxyType(env), port, f"{_at(port)}/readyz")


def _simulators(url: str, secrets: Secrets, shape: Shape) -> Process:
    told = {
        "host": LOOPBACK,
        "port": str(_port(url)),
        "public_url": url,
        "zarinpal_merchant_id": secrets["ZARINPAL_MERCHANT_ID"],
        "zarinpal_refund_token": secrets["ZARINPAL_REFUND_TOKEN"],
        "zibal_merchant": secrets["ZIBAL_MERCHANT"],
        "mellat_password": secrets["MELLAT_PASSWORD"],
        "sadad_terminal_key": secrets["SADAD_TERMINAL_KEY"],
        **{name.lower(): secrets[name] for name in SMS_SECRETS},
        "finnotech_client_secret": secrets["FINNOTECH_CLIENT_SECRET"],
        "jibit_api_key": secrets["JIBIT_API_KEY"],
        "jibit_secret_key": secrets["JIBIT_SECRET_KEY"],
        "zohal_token": secrets["ZOHAL_TOKEN"],
    }
    env = {f"SIMULATORS_{name.upper()}": value for name, value in told.items()}
    env |= dict(shape.settings.get("simulators", {}))
    return Process(
        "simulators",
        (sys.executable, "-m", "simulators"),
        MappingProxyType(env),
        _port(url),
        f"{url}/livez",
    )


def _told(
    servers: Servers, secrets: Secrets, gateway_url: str, simulators_url: str, identity_url: str
) -> dict[str, Environment]:
    own: dict[str, Environment] = {
        "identity": {
            "DATA_KEYS": secrets["IDENTITY_DATA_KEYS"],
            "INDEX_KEY": secrets["INDEX_KEY"],
            "CODE_KEY": secrets["IDENTITY_CODE_KEY"],
            "STAFF_TOTP_AFTER": str(STAFF_TOTP_AFTER),
            **_inquiries(secrets, simulators_url),
        },
        "sales": _sales(secrets, servers),
        "payment": {
            "PUBLIC_URL": gateway_url,
            "DATA_KEYS": secrets["PAYMENT_DATA_KEYS"],
            "INDEX_KEY": secrets["INDEX_KEY"],
            **dict.fromkeys(BANK_URLS, simulators_url),
            **SIMULATED_TERMINALS,
            "ZARINPAL_MERCHANT_ID": secrets["ZARINPAL_MERCHANT_ID"],
            "ZARINPAL_REFUND_TOKEN": secrets["ZARINPAL_REFUND_TOKEN"],
            "ZIBAL_MERCHANT": secrets["ZIBAL_MERCHANT"],
            "MELLAT_PASSWORD": secrets["MELLAT_PASSWORD"],
            "SADAD_TERMINAL_KEY": secrets["SADAD_TERMINAL_KEY"],
        },
        "notify": {
            "PUBLIC_URL": gateway_url,
            "DATA_KEYS": secrets["NOTIFY_DATA_KEYS"],
            **_sms(secrets, simulators_url),
        },
    }
    return {
        service: {
            "DATABASE_URL": servers.databases[service],
            "AMQP_URL": servers.brokers[service],
            "EVENT_KEYS": secrets["EVENT_KEYS"],
            "JWKS_URL": f"{identity_url}/.well-known/jwks.json",
        }
        | own[service]
        for service in SERVICES
    }


def _sales(secrets: Secrets, servers: Servers) -> Environment:
    return {
        "ATTACHMENTS_DIR": str(servers.files / "attachments"),
        "DATA_KEYS": secrets["SALES_DATA_KEYS"],
        "INDEX_KEY": secrets["INDEX_KEY"],
    }


def _sms(secrets: Secrets, simulators_url: str) -> Environment:
    keys = {name: secrets[name] for name in SMS_SECRETS}
    urls = {f"{name.upper()}_BASE_URL": f"{simulators_url}{path}" for name, path in SMS_PATHS.items()}
    return keys | urls | SMS_LINES


def _inquiries(secrets: Secrets, simulators_url: str) -> Environment:
    return {
        "FINNOTECH_URL": simulators_url,
        "FINNOTECH_CLIENT_SECRET": secrets["FINNOTECH_CLIENT_SECRET"],
        "JIBIT_URL": f"{simulators_url}/ide",
        "JIBIT_API_KEY": secrets["JIBIT_API_KEY"],
        "JIBIT_SECRET_KEY": secrets["JIBIT_SECRET_KEY"],
        "ZOHAL_URL": f"{simulators_url}/api/v0",
        "ZOHAL_TOKEN": secrets["ZOHAL_TOKEN"],
    }


def _at(port: int) -> str:
    return f"http://{LOOPBACK}:{port}"


def _port(url: str) -> int:
    return int(url.rsplit(":", 1)[1])
