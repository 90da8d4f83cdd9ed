"""Every binary column is sealed, and found by whoever changes the key, unless it says what else it is."""

import ast
from collections.abc import AsyncIterator, Callable
from importlib import import_module

import pytest
from sqlalchemy import MetaData, text

from chassis.database import Database, migrate
from chassis.keys.columns import PLAIN, sealed_tables
from nobat.parts import PARTS

OF_THE_CHASSIS = {
    "outbox.message": "an envelope, whose personal data are sealed with the event key",
    "idempotency_keys.fingerprint": "a SHA-256",
    "audit_links.hash": "a SHA-256",
    "import_parts.content": "sealed with the event key for as long as the file is being taken in",
}
KEEPERS = {"identity", "notify", "payment", "sales"}
"""The services that have a data key."""


def metadata(service: str) -> MetaData:
    import_module(f"{service}.app")
    found: MetaData = import_module(f"{service}.schema").Base.metadata
    return found


def places(service: str) -> set[str]:
    return {table.place(column) for table in sealed_tables(metadata(service)) for column in table.columns}


@pytest.fixture(scope="module", params=PARTS)
async def found(request, make_database: Callable[[str], str]) -> AsyncIterator[tuple[str, set[str]]]:
    """A service and its binary columns, as its migrations make them."""
    url = make_database(f"columns_{request.param}")
    await migrate(url, PARTS[request.param].migrations)
    database = Database(url, pool_size=1)
    async with database.transaction() as session:
        columns = await session.scalars(
            text(
                "SELECT table_name || '.' || column_name FROM information_schema.columns"
                " WHERE table_schema = 'public' AND data_type = 'bytea'"
            )
        )
        yield request.param, set(columns)
    await database.close()


async def test_every_binary_column_is_sealed_or_says_what_it_is(found):
    service, columns = found
    told = {
        f"{table.name}.{column.name}"
        for table in metadata(service).tables.values()
        for column in table.columns
        if column.info.get(PLAIN)
    }
    assert columns - told - OF_THE_CHASSIS.keys() == places(service)


def test_only_services_with_a_data_key_have_sealed_columns():
    assert {service for service in PARTS if places(service)} == KEEPERS


@pytest.mark.parametrize("service", sorted(KEEPERS))
def test_values_are_sealed_in_the_place_where_they_are(service, modules):
    """The context is spelt ``table.column`` (or put together from ``table.``) somewhere in the service."""
    spelt = {
        node.value
        for module in modules
        if module.package == service
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    unspelt = [place for place in places(service) if not {place, place.partition(".")[0] + "."} & spelt]
    assert unspelt == []
