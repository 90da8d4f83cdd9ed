"""Staff for a demonstration, from the little that a seed knows of them."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import update

from chassis.service import Service
from identity.context import Context
from identity.customers.domain import Address, Profile
from identity.customers.tables import Customer
from identity.staff import service
from identity.staff.announcing import announce
from identity.staff.domain import StaffRole
from iran import Mobile, NationalCode, PersonName, PostalCode, Province, Sheba

OFFICE = Address(
    province=Province.TEHRAN, city="تهران", street="دفتر مرکزی", postal_code=PostalCode("1193653471")
)


async def appoint_staff(
    identity: Service,
    *,
    national_code: str,
    mobile: str,
    password: str,
    first_name: str,
    last_name: str,
    roles: Collection[StaffRole],
    dealership_id: UUID | None = None,
) -> UUID:
    """Appoints a person and answers with the id; the same person again is the same account.

    ``dealership_id`` is that of a dealer who has none yet.

    What a demonstration does not say (birth date, address, Sheba) is made up.
    """
    context = next(part for part in identity.provides if isinstance(part, Context))
    profile = Profile(
        national_code=NationalCode(national_code),
        mobile=Mobile(mobile),
        first_name=PersonName(first_name),
        last_name=PersonName(last_name),
        father_name=PersonName("محمد"),
        birth_date=date(1985, 3, 21),
        gender="female",
        education="کارشناسی",
        occupation="کارمند",
        iban=Sheba("IR820540102680020817909002"),
        address=OFFICE,
    )
    password_hash = await context.hashing.hash(password)
    async with identity.database.transaction() as session:
        member_id = await service.appoint(session, context, profile, password_hash, roles)
        if dealership_id is not None:
            unbound = update(Customer).where(Customer.id == member_id, Customer.dealership_id.is_(None))
            bound = unbound.values(dealership_id=dealership_id, version=Customer.version + 1)
            if (await session.execute(bound.returning(Customer.id))).first() is not None:
                await announce(session, member_id, "dealership_changed", context.clock())
        return member_id
