"""The blind indexes of a person: stored under one key, looked for under all, so that the key can change.

While it changes, the same national code may be stored under either key, and the unique column alone does not
keep a second account away. Whoever makes one therefore holds a lock on each index the code may have; two
processes always have a key in common.
"""

from collections.abc import Sequence
from typing import TypedDict

from sqlalchemy import ARRAY, BigInteger, bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from events.identity import NATIONAL_CODE
from identity.customers.tables import Customer
from identity.vault import MOBILE, Vault
from iran import Mobile, NationalCode

LOCK_DIGITS = 15
"""Hexadecimal ones of an index, which fit into the number of a lock."""
_LOCK = text("SELECT pg_advisory_xact_lock(number) FROM unnest(:numbers) AS held (number)").bindparams(
    bindparam("numbers", type_=ARRAY(BigInteger))
)


class Indexes(TypedDict):
    """Columns of ``customers``, all of one key."""

    national_code_index: str
    mobile_index: str
    index_generation: int


def indexes_of(national_code: NationalCode, mobile: Mobile, vault: Vault) -> Indexes:
    key = vault.index_key
    return {
        "national_code_index": key.of(national_code, NATIONAL_CODE),
        "mobile_index": key.of(mobile, MOBILE),
        "index_generation": key.generation,
    }


def reindex(customer: Customer, national_code: NationalCode, mobile: Mobile, vault: Vault) -> None:
    """The customer's indexes are those of the present key."""
    for column, value in indexes_of(national_code, mobile, vault).items():
        setattr(customer, column, value)


async def is_free(session: AsyncSession, indexes: Sequence[str]) -> bool:
    """Whether nobody has an account under one of the indexes; nobody gets one before the transaction ends."""
    numbers = sorted(int(index[:LOCK_DIGITS], 16) for index in indexes)
    await session.execute(_LOCK, {"numbers": numbers})
    taken = select(Customer.id).where(Customer.national_code_index.in_(indexes))
    return await session.scalar(taken) is None
