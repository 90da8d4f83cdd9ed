"""People who change their accounts, and the staff who decide."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from chassis.service import Service
from identity.customers.testing import Owner
from identity.staff.testing import Colleague, Hire, hired
from identity.testing import Api, Phones, registered


@pytest.fixture
async def new_owner(api: Api, phones: Phones) -> Callable[..., Awaitable[Owner]]:
    async def make(**changes: object) -> Owner:
        here = api.elsewhere()
        return Owner(here, phones, await registered(here, phones, **changes))

    return make


@pytest.fixture
async def owner(new_owner: Callable[..., Awaitable[Owner]]) -> Owner:
    return await new_owner()


@pytest.fixture
def hire(service: Service, api: Api, phones: Phones) -> Hire:
    async def with_roles(*roles: Any) -> Colleague:
        return await hired(service, api.elsewhere(), phones, *roles)

    return with_roles


@pytest.fixture
async def operator(hire: Hire) -> Colleague:
    return await hire("operator")


@pytest.fixture
async def admin(hire: Hire) -> Colleague:
    return await hire("admin")
