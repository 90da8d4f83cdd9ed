"""Which Sheba a refund may use."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from chassis.crypto import Keyring
from events.identity import CustomerChanged, InquiryConcluded, InquiryOpened
from iran import samples
from payment.accounts import consumers
from payment.accounts.queries import shebas
from payment.accounts.tables import RefundAccount

NATIONAL_CODE = "0010350829"
OLD, NEW = (str(samples.sheba(number)) for number in (1, 2))


class Books:
    """What payment hears about one person's Sheba, and what it then says."""

    def __init__(self, shop) -> None:
        self._shop = shop
        self._events = Keyring.parse(shop.checkout.settings.event_keys)
        self._data = next(part for part in shop.service.provides if isinstance(part, Keyring))
        self.customer_id, self._inquiry_id = uuid4(), uuid4()

    async def hear_opened(self, version: int, kind: str = "iban_owner") -> None:
        opened = InquiryOpened.model_validate(self._fields(version, kind))
        async with self._shop.service.database.transaction() as session:
            await consumers.sheba_opened(session, opened)

    async def hear_concluded(
        self, version: int, result: str, iban: str | None = None, kind: str = "iban_owner"
    ) -> None:
        place = f"{InquiryConcluded.name}.iban"
        found = {
            "result": result,
            "reason": None,
            "asked_at": self._shop.clock(),
            "iban": self._events.seal_object({"iban": iban}, place) if iban else None,
        }
        concluded = InquiryConcluded.model_validate({**self._fields(version, kind), **found})
        async with self._shop.service.database.transaction() as session:
            await consumers.sheba_concluded(session, concluded, events=self._events, data=self._data)

    async def sheba(self) -> str | None:
        async with self._shop.service.database.transaction() as session:
            found = (await shebas(session, self._data, [self.customer_id])).get(self.customer_id)
        return str(found) if found else None

    def _fields(self, version: int, kind: str) -> dict[str, UUID | int | str]:
        return {
            "version": version,
            "inquiry_id": self._inquiry_id,
            "customer_id": self.customer_id,
            "kind": kind,
        }


@pytest.fixture
def books(shop) -> Books:
    return Books(shop)


async def test_a_changed_sheba_counts_once_it_is_the_persons(books: Books, shop) -> None:
    assert await books.sheba() is None
    await books.hear_concluded(1, "match", OLD)
    assert await books.sheba() == OLD
    await books.hear_opened(2)
    assert await books.sheba() is None
    await books.hear_concluded(3, "no_match")
    assert await books.sheba() is None
    await books.hear_concluded(5, "match", NEW)
    assert await books.sheba() == NEW
    async with shop.service.database.transaction() as session:
        [kept] = await session.scalars(select(RefundAccount.iban))
    assert NEW.encode() not in kept


async def test_what_is_heard_late_or_of_something_else_changes_nothing(books: Books) -> None:
    await books.hear_opened(2)
    await books.hear_concluded(1, "match", OLD)
    assert await books.sheba() is None
    await books.hear_concluded(3, "match", NEW)
    await books.hear_opened(2)
    await books.hear_opened(9, kind="mobile_owner")
    await books.hear_concluded(9, "no_match", kind="civil_registry")
    assert await books.sheba() == NEW


async def test_the_national_code_is_known_from_whatever_tells_it_first(market):
    """Who registered before payment listened is told of again, as a change of nothing."""
    await market.rows("DELETE FROM buyers RETURNING 1")
    sadad = (await market.new_bill())["id"]

    async def offered():
        return {item["provider"] for item in (await market.get(f"/bills/{sadad}/providers")).json()["items"]}

    assert "sadad" not in await offered()
    registered = market.registered(NATIONAL_CODE).model_dump(exclude={"former_indexes", "national_code"})
    keyring = Keyring.parse(market.checkout.settings.event_keys)
    sealed = keyring.seal_object({"national_code": NATIONAL_CODE}, f"{CustomerChanged.name}.national_code")
    await market.hear(CustomerChanged(**registered, changed=[], national_code=sealed))
    assert "sadad" in await offered()
