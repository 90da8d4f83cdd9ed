import pytest
from sqlalchemy import text

from chassis.service import Service
from events.identity import CustomerRegistered
from identity.staff.seed import appoint_staff
from identity.testing import Json, Phones, form


async def appoint(service: Service, typed: Json, *roles: str) -> str:
    customer_id = await appoint_staff(
        service,
        national_code=typed["national_code"],
        mobile=typed["mobile"],
        password=typed["password"],
        first_name="مریم",
        last_name="راد",
        roles=roles,  # type: ignore[arg-type] # a wrong role is one of the cases
    )
    return str(customer_id)


async def roles_of(service: Service, customer_id: str) -> list[str]:
    found = text("SELECT roles FROM customers WHERE id = :id")
    async with service.database.transaction() as session:
        roles: list[str] = (await session.execute(found, {"id": customer_id})).scalar_one()
        return roles


async def test_a_member_of_the_staff_has_a_full_account(service: Service, phones: Phones) -> None:
    appointed = await appoint(service, form(), "manager", "finance")
    assert await roles_of(service, appointed) == ["finance", "manager"]
    announced = [event["customer_id"] for event in await phones.events(CustomerRegistered.name)]
    assert announced.count(appointed) == 1


async def test_appointing_again_gives_the_same_account_the_roles_named_last(
    service: Service, phones: Phones
) -> None:
    typed = form()
    first = await appoint(service, typed, "manager")
    again = await appoint(service, typed, "auditor")
    assert first == again
    assert await roles_of(service, first) == ["auditor"]
    announced = [event["customer_id"] for event in await phones.events(CustomerRegistered.name)]
    assert announced.count(first) == 1


async def test_an_unknown_role_is_refused(service: Service) -> None:
    with pytest.raises(ValueError, match="emperor"):
        await appoint(service, form(), "emperor")
