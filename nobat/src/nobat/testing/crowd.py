"""Many people with accounts at once, made by identity's own use case instead of by their passwords."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text

from chassis.database import Database
from chassis.testing.eventually import eventually
from chassis.testing.tokens import TestKeys
from identity.context import Context
from identity.customers import service as customers
from identity.customers.domain import Profile
from nobat.parts import PARTS
from nobat.testing.buyer import Member
from nobat.testing.person import Person
from nobat.topology import Servers, Topology

TOKEN_SECONDS = 6 * 3600
NO_PASSWORD = "-"
"""A hash that no password has."""


async def enrol(servers: Servers, topology: Topology, count: int) -> list[Member]:
    """So many new customers, once sales and notify have heard of them."""
    part = PARTS["identity"]
    identity = part.build(part.settings_of(topology.find("identity.api.1").env))
    context = next(provided for provided in identity.provides if isinstance(provided, Context))
    try:
        keys = await _signing_keys(context)
        people = [Person.random() for _ in range(count)]
        async with identity.database.transaction() as session:
            ids = [
                await customers.create(session, context, _profile(person), NO_PASSWORD) for person in people
            ]
    finally:
        await identity.database.close()
    members = [
        Member(person, customer_id, keys.token(customer_id, lifetime=TOKEN_SECONDS))
        for person, customer_id in zip(people, ids, strict=True)
        if customer_id is not None
    ]
    await _until_known(servers.databases["sales"], "SELECT id FROM customers", members)
    await _until_known(servers.databases["notify"], "SELECT customer_id FROM contacts", members)
    return members


async def _signing_keys(context: Context) -> TestKeys:
    """Signs as identity does now."""
    signing = await context.signer.keys.signing()
    keys = TestKeys()
    keys.private_key, keys.key_id = signing.private, signing.key_id
    return keys


def _profile(person: Person) -> Profile:
    form = person.form()
    del form["password"]
    return Profile.model_validate(form)


async def _until_known(database_url: str, known: str, members: Sequence[Member]) -> None:
    wanted = {member.customer_id for member in members}
    database = Database(database_url, pool_size=1)

    async def missing() -> set[UUID]:
        async with database.transaction() as session:
            return wanted - set(await session.scalars(text(known)))

    try:
        await eventually(missing, lambda found: not found, within=60, every=0.2)
    finally:
        await database.close()
