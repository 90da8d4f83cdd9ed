"""Staff at the real API."""

import pytest

from chassis.service import Service
from identity.staff.testing import Hire, hired
from identity.testing import Api, Phones


@pytest.fixture
def hire(service: Service, api: Api, phones: Phones) -> Hire:
    """Makes a member of the staff with these roles, logged in."""

    async def with_roles(*roles):
        return await hired(service, api.elsewhere(), phones, *roles)

    return with_roles
