"""The systems that are mistreated: one in a hurry for `make test`, one as it runs for `make chaos`."""

import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from nobat.testing.world import World, new_world
from nobat.topology import Shape

APIS = {"sales": 2, "payment": 2, "notify": 2}
WORKERS = {"sales": 2}
UNLIMITED = {"gateway": {"LIMIT_FACTOR": "0"}}
"""All buyers come from one address."""

HURRY = {"OUTBOX_LEASE": "6", "RETRY_DELAYS": "[0.3, 0.3, 0.3, 0.3]"}
"""What a dead process had taken is taken over soon. The lease stays longer than a publication may take."""
IN_A_HURRY = {
    "identity": HURRY,
    "sales": HURRY,
    "payment": HURRY
    | {
        "PROVIDER_TIMEOUT": "2",
        "SWEEP_EVERY": "1",
        "ASK_AFTER": "[2, 4, 8, 16]",
        "ASK_EVERY": "4",
        "START_GRACE": "15",
        "RETURN_RETRY": "[1, 2, 4]",
        "RETURN_RETRY_EVERY": "4",
    },
    "notify": HURRY | {"PROVIDER_TIMEOUT": "2", "SENDING_LEASE": "4"},
}


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker runs all of them, so that one system is started."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("chaos"))


@pytest.fixture(scope="session")
async def world() -> AsyncIterator[World]:
    async with new_world(Shape(APIS, WORKERS, UNLIMITED | IN_A_HURRY)) as made:
        yield made


@pytest.fixture(scope="session")
async def real_world() -> AsyncIterator[World]:
    """With every period as it is in production."""
    async with new_world(Shape(APIS, WORKERS, UNLIMITED)) as made:
        yield made


@pytest.fixture
def chance() -> random.Random:
    """Another one in each run; the seed is in the output of a test that fails."""
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")  # noqa: T201 - pytest shows it when the test fails
    return random.Random(seed)
