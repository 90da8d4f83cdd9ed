"""The gateway's rules without a network."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from gateway.clients import ClientAddresses, limited_network
from gateway.config import Allowance, Settings
from gateway.limits import Buckets
from gateway.processes import Failure, Pool
from gateway.routes import ROUTES, Service, find_route, is_plain

URLS = dict.fromkeys(("identity_urls", "sales_urls", "payment_urls", "notify_urls"), "http://a.test/")


@given(st.lists(st.floats(0, 5), max_size=60), st.integers(1, 5), st.floats(0.5, 5))
def test_a_bucket_never_gives_more_than_its_burst_and_what_filled_in(
    gaps: list[float], burst: int, per_second: float
) -> None:
    buckets = Buckets(Allowance(per_second=per_second, burst=burst), 1, 10)
    moments = list(itertools.accumulate(gaps, initial=1000.0))
    granted = [moment for moment in moments if buckets.take("a", moment) == 0]
    for first, start in enumerate(granted):
        for last in range(first, len(granted)):
            allowed = burst + (granted[last] - start) * per_second
            assert last - first + 1 <= allowed + 1e-6


@given(st.integers(1, 5), st.floats(0.5, 5))
def test_who_waits_as_long_as_told_is_let_in(burst: int, per_second: float) -> None:
    buckets = Buckets(Allowance(per_second=per_second, burst=burst), 1, 10)
    assert [buckets.take("a", 5.0) for _ in range(burst)] == [0] * burst
    wait = buckets.take("a", 5.0)
    assert wait > 0
    assert buckets.take("a", 5.0 + wait + 1e-9) == 0


def test_buckets_remember_only_so_many() -> None:
    buckets = Buckets(Allowance(per_second=1, burst=1), 1, 100)
    for key in range(1000):
        buckets.take(key, 1.0)
    assert len(buckets) == 100


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("1.2.3.4", "1.2.3.4"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1%eth0", "2001:db8:1:2::/64"),
        ("::ffff:1.2.3.4", "1.2.3.4"),
    ],
)
def test_a_subscriber_is_an_ipv4_address_or_an_ipv6_network(address: str, network: str) -> None:
    assert limited_network(address) == network


@given(st.lists(st.sampled_from(["6.6.6.6", "1.2.3.4", "10.0.0.1", "x", ""]), max_size=6))
def test_what_a_client_writes_left_of_its_own_address_changes_nothing(invented: list[str]) -> None:
    networks = Settings(**URLS, jwks_url="", trusted_proxies="10.0.0.0/8").trusted_networks  # type: ignore[arg-type] # as the environment has it
    addresses = ClientAddresses(networks)
    forwarded = ",".join([*invented, "9.9.9.9", "10.0.0.7"]).encode()
    assert addresses.of("10.0.0.2", forwarded) == "9.9.9.9"
    assert addresses.of("8.8.8.8", forwarded) == "8.8.8.8"


KEY = "what-the-portal-knows"


@pytest.mark.parametrize(
    ("secret", "sent"),
    [
        (KEY, None),
        (KEY, b""),
        (KEY, b"what-somebody-guesses"),
        (KEY, KEY.upper().encode()),
        (KEY, KEY.encode()[:-1]),
        (KEY, KEY.encode() + b"x"),
        ("", None),
        ("", b""),
        ("", KEY.encode()),
    ],
)
def test_who_does_not_know_the_portals_key_names_no_address(secret: str, sent: bytes | None) -> None:
    assert ClientAddresses((), secret).of("8.8.8.8", b"6.6.6.6", sent) == "8.8.8.8"


def test_the_portal_names_its_visitors_address_and_nothing_else() -> None:
    addresses = ClientAddresses((), KEY)
    assert addresses.of("8.8.8.8", b"6.6.6.6", KEY.encode()) == "6.6.6.6"
    assert addresses.of("8.8.8.8", b"1.2.3.4, 6.6.6.6", KEY.encode()) == "8.8.8.8"
    assert addresses.of("8.8.8.8", None, KEY.encode()) == "8.8.8.8"


@pytest.mark.parametrize("network", ["0.0.0.0/0", "::/0", "10.0.0.0/8,0.0.0.0/0", "nonsense"])
def test_trusting_everybody_is_refused(network: str) -> None:
    with pytest.raises(ValidationError):
        Settings(**URLS, jwks_url="", trusted_proxies=network)  # type: ignore[arg-type] # as the environment has it


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in URLS:
        monkeypatch.setenv(name.upper(), "http://a.test:1, http://b.test:2/")
    monkeypatch.setenv("JWKS_URL", "http://a.test/jwks")
    settings = Settings()
    assert settings.sales_urls == ("http://a.test:1", "http://b.test:2")
    assert settings.urls[Service.PORTAL] == ()


class Moment:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_circuit_opens_lets_one_trial_through_and_closes_on_success() -> None:
    clock = Moment()
    pool = Pool(Service.SALES, ["a"], breaker_failures=2, breaker_seconds=5, clock=clock)
    (process,) = pool.candidates()
    pool.failed(process, Failure.LOST)
    assert list(pool.candidates()) == [process]
    pool.failed(process, Failure.LOST)
    assert list(pool.candidates()) == []
    assert pool.is_down
    clock.now += 6
    assert list(pool.candidates()) == [process]
    assert list(pool.candidates()) == []
    pool.succeeded(process)
    assert list(pool.candidates()) == [process]
    assert not pool.is_down


def test_a_process_that_was_not_there_is_the_last_resort() -> None:
    pool = Pool(Service.SALES, ["a", "b", "c"], breaker_failures=1)
    absent, silent, working = list(pool.candidates())
    pool.failed(absent, Failure.REFUSED)
    pool.failed(silent, Failure.UNREACHABLE)
    assert list(pool.candidates()) == [working, absent]


@given(st.integers(1, 5), st.integers(1, 30))
def test_turns_are_shared_evenly(processes: int, rounds: int) -> None:
    pool = Pool(Service.SALES, [str(number) for number in range(processes)])
    first = [next(pool.candidates()).base for _ in range(processes * rounds)]
    assert {first.count(base) for base in first} == {rounds}


@given(st.binary(max_size=12))
def test_a_plain_path_stays_below_its_prefix(tail: bytes) -> None:
    path = b"/api/v1/plans/" + tail
    if is_plain(path):
        assert b".." not in path.split(b"/")
        assert b"\\" not in path
        assert not any(byte < 0x20 for byte in path)


def test_no_row_is_hidden_by_an_earlier_one() -> None:
    for route in ROUTES:
        example = route.pattern.replace("/**", "/x/y").replace("*", "x").encode()
        found = {find_route(method, example) for method in route.methods}
        assert route in found
