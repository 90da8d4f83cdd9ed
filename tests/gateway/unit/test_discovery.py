"""The processes behind a service's name."""

from gateway.discovery import bases_of, discover
from gateway.processes import Failure, Pool
from gateway.routes import Service


class Names:
    """A name service whose answers the test writes; asked in vain it fails as the real one does."""

    def __init__(self, **addresses: list[str]) -> None:
        self.addresses = addresses

    async def resolve(self, host: str, port: int) -> list[str]:
        if host not in self.addresses:
            raise OSError(f"unknown host at port {port}")
        return self.addresses[host]


async def test_each_address_of_a_name_is_a_process_of_its_own():
    names = Names(sales=["10.0.0.1", "10.0.0.2"])
    assert await bases_of("http://sales:8000", names.resolve) == [
        "http://10.0.0.1:8000",
        "http://10.0.0.2:8000",
    ]


async def test_addresses_and_tls_names_stay_as_they_are():
    names = Names()
    for url in ("http://127.0.0.1:9000", "https://sales.example"):
        assert await bases_of(url, names.resolve) == [url]


async def test_a_pool_follows_its_name_and_keeps_the_circuits_of_those_that_stay():
    names = Names(sales=["10.0.0.1", "10.0.0.2"])
    pool = Pool(Service.SALES, ["http://sales:80"], breaker_failures=1)
    await discover(pool, ["http://sales:80"], names.resolve)
    failing = next(process for process in pool.candidates() if process.base == "http://10.0.0.2:80")
    pool.failed(failing, Failure.LOST)
    names.addresses["sales"] = ["10.0.0.2", "10.0.0.3"]
    await discover(pool, ["http://sales:80"], names.resolve)
    assert pool.bases == ["http://10.0.0.2:80", "http://10.0.0.3:80"]
    assert [process.base for process in pool.candidates()] == ["http://10.0.0.3:80"]


async def test_an_outage_of_the_name_service_leaves_the_pool_alone():
    pool = Pool(Service.SALES, ["http://10.0.0.1:80"])
    await discover(pool, ["http://sales:80"], Names().resolve)
    assert pool.bases == ["http://10.0.0.1:80"]
