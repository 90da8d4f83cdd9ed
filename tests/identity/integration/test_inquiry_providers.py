"""The adapters against the simulators over HTTP: what they understand, and what they make of trouble."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pyreqwest.client import Client
from structlog.testing import capture_logs

from chassis.http import new_client
from chassis.testing.clock import MovableClock
from identity.inquiries.domain import Kind, Likeness, Outage, Person, Question, Result
from identity.inquiries.providers.finnotech import Finnotech
from identity.inquiries.providers.jibit import Jibit
from identity.inquiries.providers.port import InquiryProvider, Reply
from identity.inquiries.providers.zohal import Zohal
from iran import PersonName, samples
from nobat.servers.ports import LOOPBACK, free_port
from simulators.inquiries.faults import InquiryFault
from simulators.inquiries.register import Entry

PROVIDERS = ("finnotech", "jibit", "zohal")
PERSON = Person(
    national_code=samples.national_code(77),
    mobile=samples.mobile(77),
    first_name=PersonName("علی‌رضا"),
    last_name=PersonName("کیانی"),
    birth_date=date(1990, 5, 12),
    iban=samples.sheba(77),
)
LIKENESS = Likeness(80, 80)
PATIENT, HASTY = 20.0, 0.3

Make = Callable[..., InquiryProvider]
Ask = Callable[..., Any]


@pytest.fixture
async def clients() -> AsyncIterator[dict[float, Client]]:
    """By their time-out."""
    async with new_client(timeout=PATIENT) as patient, new_client(timeout=HASTY) as hasty:
        yield {PATIENT: patient, HASTY: hasty}


@pytest.fixture
def make(clients, simulators) -> Make:
    """The adapter of that name, with the credentials that the simulator expects."""

    def make(name: str, url: str = "", *, timeout: float = PATIENT, **changes: str) -> InquiryProvider:
        settings, client = simulators.desk.settings, clients[timeout]
        url, clock = url or simulators.url, MovableClock(simulators.desk.clock.now())
        common: Any = {"likeness": LIKENESS, "clock": clock}
        secret = {
            "finnotech": settings.finnotech_client_secret,
            "jibit": settings.jibit_secret_key,
            "zohal": settings.zohal_token,
        }[name].get_secret_value()
        secret = changes.get("secret", secret)
        if name == "finnotech":
            return Finnotech(client, url, "nobat", secret, "14000000000", **common)
        if name == "jibit":
            return Jibit(client, f"{url}/ide", settings.jibit_api_key.get_secret_value(), secret, **common)
        return Zohal(client, f"{url}/api/v0", secret, likeness=LIKENESS)

    return make


@pytest.fixture
def arm(simulators) -> Callable[..., None]:
    def arm(kind: str, **details: Any) -> None:
        fault = InquiryFault.model_validate({"kind": kind, **details})
        simulators.desk.faults.of(PERSON.national_code).arm([fault])

    return arm


async def ask(provider: InquiryProvider, kind: Kind, person: Person = PERSON) -> Reply:
    return await provider.ask(Question(kind, person), "t" * 32)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("name", PROVIDERS)
async def test_who_is_as_registered_matches(make, simulators, name, kind):
    simulators.desk.register.people[PERSON.national_code] = Entry(first_name="عليرضا", last_name="كياني")
    reply = await ask(make(name), kind)
    assert (reply.result, reply.reason, reply.outage) == (Result.MATCH, None, None)
    assert reply.raw


@pytest.mark.parametrize(
    ("kind", "oddity", "reason"),
    [
        (Kind.MOBILE_OWNER, "other_mobile", "not_the_owner"),
        (Kind.IBAN_OWNER, "other_iban", "not_the_owner"),
        (Kind.CIVIL_REGISTRY, "other_birth_date", "birth_date"),
        (Kind.CIVIL_REGISTRY, "other_name", "name"),
        (Kind.CIVIL_REGISTRY, "dead", "deceased"),
    ],
)
@pytest.mark.parametrize("name", PROVIDERS)
async def test_what_does_not_fit_is_a_no_with_its_reason(make, simulators, name, kind, oddity, reason):
    simulators.desk.register.people[PERSON.national_code] = Entry(
        oddities={oddity}, first_name=PERSON.first_name, last_name=PERSON.last_name
    )
    reply = await ask(make(name), kind)
    assert (reply.result, reply.reason) == (Result.NO_MATCH, reason)


@pytest.mark.parametrize("fault", ["unavailable", "garbage", "hang_lost", "hang_done"])
@pytest.mark.parametrize("name", PROVIDERS)
async def test_trouble_of_a_provider_is_never_a_no(make, arm, name, fault):
    arm(fault)
    reply = await ask(make(name, timeout=HASTY), Kind.MOBILE_OWNER)
    assert (reply.result, reply.outage) == (Result.UNAVAILABLE, Outage.PROVIDER)


@pytest.mark.parametrize("name", PROVIDERS)
async def test_a_slow_answer_is_an_answer_until_the_time_is_over(make, arm, name):
    arm("slow", seconds=0.05)
    assert (await ask(make(name), Kind.MOBILE_OWNER)).result is Result.MATCH
    arm("slow", seconds=HASTY + 5)
    assert (await ask(make(name, timeout=HASTY), Kind.MOBILE_OWNER)).result is Result.UNAVAILABLE


@pytest.mark.parametrize(
    ("name", "error", "result", "outage"),
    [
        ("finnotech", "FN-MGFH-40000030057", Result.INVALID_INPUT, None),
        ("finnotech", "FN-OHKZ-40003810019", Result.NO_MATCH, None),
        ("finnotech", "FN-FYJT-50000140366", Result.UNAVAILABLE, Outage.BANK),
        ("finnotech", "FN-ABCD-12345678901", Result.UNAVAILABLE, Outage.PROVIDER),
        ("jibit", "nationalCode.not_valid", Result.INVALID_INPUT, None),
        ("jibit", "mobileNumber.not_valid", Result.INVALID_INPUT, None),
        ("jibit", "identity_info.not_found", Result.NO_MATCH, None),
        ("jibit", "matching.unknown", Result.UNAVAILABLE, Outage.QUESTION),
        ("jibit", "daily_limit.reached", Result.UNAVAILABLE, Outage.PROVIDER),
        ("jibit", "providers.not_available", Result.UNAVAILABLE, Outage.PROVIDER),
        ("zohal", "INVALID_MOBILE", Result.INVALID_INPUT, None),
        ("zohal", "IDENTITY_NOT_FOUND", Result.NO_MATCH, None),
        ("zohal", "BANK_NOT_AVAILABLE", Result.UNAVAILABLE, Outage.BANK),
        ("zohal", "SOMETHING_NEW", Result.UNAVAILABLE, Outage.PROVIDER),
        ("zohal", "4", Result.UNAVAILABLE, Outage.PROVIDER),
        ("zohal", "5", Result.UNAVAILABLE, Outage.PROVIDER),
        ("zohal", "6", Result.INVALID_INPUT, None),
    ],
)
async def test_an_error_code_means_what_the_table_says(make, arm, name, error, result, outage):
    arm("refuse", error=error)
    reply = await ask(make(name), Kind.MOBILE_OWNER)
    assert (reply.result, reply.outage) == (result, outage)


@pytest.mark.parametrize("name", PROVIDERS)
async def test_a_bank_that_is_down_is_down_alone(make, simulators, name):
    simulators.desk.banks_down[name].add(PERSON.iban[4:7])
    provider, elsewhere = make(name), replace(PERSON, iban=samples.sheba(78))
    assert elsewhere.iban[4:7] != PERSON.iban[4:7]
    down = await ask(provider, Kind.IBAN_OWNER)
    assert (down.result, down.outage) == (Result.UNAVAILABLE, Outage.BANK)
    assert (await ask(provider, Kind.IBAN_OWNER, elsewhere)).result is Result.MATCH
    assert (await ask(provider, Kind.MOBILE_OWNER)).result is Result.MATCH


@pytest.mark.parametrize("name", ["finnotech", "jibit"])
async def test_a_refused_token_is_renewed_and_the_question_repeated_once(make, arm, simulators, name):
    provider = make(name)
    await ask(provider, Kind.MOBILE_OWNER)
    arm("expire_token")
    assert (await ask(provider, Kind.MOBILE_OWNER)).result is Result.MATCH
    arm("expire_token", times=None)
    reply = await ask(provider, Kind.MOBILE_OWNER)
    assert (reply.result, reply.reason) == (Result.UNAVAILABLE, "token_refused")


@pytest.mark.parametrize(("name", "life"), [("finnotech", 10 * 86_400), ("jibit", 1800)])
async def test_a_token_is_renewed_before_its_time_is_over(make, simulators, name, life):
    provider = make(name)
    await ask(provider, Kind.MOBILE_OWNER)
    issued = list(simulators.desk.tokens._by_access)
    provider._clock.advance(seconds=life - 61)
    await ask(provider, Kind.MOBILE_OWNER)
    assert list(simulators.desk.tokens._by_access) == issued
    provider._clock.advance(seconds=2)
    assert (await ask(provider, Kind.MOBILE_OWNER)).result is Result.MATCH
    assert list(simulators.desk.tokens._by_access) != issued


@pytest.mark.parametrize("name", ["finnotech", "jibit"])
async def test_a_token_that_cannot_be_refreshed_is_generated_anew(make, simulators, name):
    provider = make(name)
    await ask(provider, Kind.MOBILE_OWNER)
    simulators.desk.tokens._by_access.clear()
    simulators.desk.tokens._by_refresh.clear()
    assert (await ask(provider, Kind.MOBILE_OWNER)).result is Result.MATCH


@pytest.mark.parametrize("name", ["finnotech", "jibit"])
async def test_many_at_once_share_one_token(make, simulators, name):
    provider = make(name)
    replies = await asyncio.gather(*(ask(provider, Kind.MOBILE_OWNER) for _ in range(30)))
    assert {reply.result for reply in replies} == {Result.MATCH}
    assert len(simulators.desk.tokens._by_access) == 1


@pytest.mark.parametrize("name", PROVIDERS)
async def test_wrong_credentials_are_an_outage(make, name):
    reply = await ask(make(name, secret="wrong"), Kind.MOBILE_OWNER)
    assert (reply.result, reply.outage) == (Result.UNAVAILABLE, Outage.PROVIDER)


@pytest.mark.parametrize("name", PROVIDERS)
async def test_a_provider_that_is_not_there_is_an_outage(make, name):
    reply = await ask(make(name, url=f"http://{LOOPBACK}:{free_port()}"), Kind.IBAN_OWNER)
    assert (reply.result, reply.outage) == (Result.UNAVAILABLE, Outage.PROVIDER)


@asynccontextmanager
async def answering(head: bytes, body: bytes = b"") -> AsyncIterator[str]:
    """A server that answers everything so; the address."""

    async def act(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(4096)
        writer.write(head + b"\r\ncontent-length: %d\r\nconnection: close\r\n\r\n" % len(body) + body)
        writer.close()

    server = await asyncio.start_server(act, LOOPBACK, 0)
    async with server:
        yield f"http://{LOOPBACK}:{server.sockets[0].getsockname()[1]}"


@pytest.mark.parametrize("name", PROVIDERS)
async def test_a_redirect_is_not_followed(make, simulators, name):
    location = f"HTTP/1.1 302 Found\r\nlocation: {simulators.url}/".encode()
    async with answering(location) as url:
        assert (await ask(make(name, url=url), Kind.MOBILE_OWNER)).result is Result.UNAVAILABLE
    assert simulators.desk.requests == dict.fromkeys(PROVIDERS, 0)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b'{"result": {}}', b'{"matched": "yes"}', b'{"result": 1}', b"\xff"]
)
@pytest.mark.parametrize("name", PROVIDERS)
async def test_an_answer_that_is_not_understood_is_an_outage(make, name, body):
    async with answering(b"HTTP/1.1 200 OK\r\ncontent-type: application/json", body) as url:
        reply = await ask(make(name, url=url), Kind.MOBILE_OWNER)
    assert (reply.result, reply.outage) == (Result.UNAVAILABLE, Outage.PROVIDER)


@pytest.mark.parametrize("fault", ["unavailable", "garbage", "expire_token"])
@pytest.mark.parametrize("name", PROVIDERS)
async def test_nothing_that_is_said_of_a_question_tells_about_the_person(make, arm, name, fault):
    arm(fault, times=None)
    with capture_logs() as logs:
        reply = await ask(make(name), Kind.IBAN_OWNER)
    told = f"{reply!r} {logs} {Question(Kind.IBAN_OWNER, PERSON)!r}"
    secrets = (PERSON.national_code, PERSON.mobile[1:], PERSON.iban, PERSON.first_name, "1990")
    assert not [secret for secret in secrets if secret in told]


async def test_a_token_is_not_kept_longer_than_it_says(make, simulators):
    simulators.desk.settings = simulators.desk.settings.model_copy(update={"finnotech_token_seconds": 90.0})
    provider = make("finnotech")
    await ask(provider, Kind.MOBILE_OWNER)
    first = list(simulators.desk.tokens._by_access)
    provider._clock.advance(seconds=31)
    await ask(provider, Kind.MOBILE_OWNER)
    assert list(simulators.desk.tokens._by_access) != first
